"""One page from two views of it: the text layer, and what the eye sees. Pure."""

from baton.types.documents import Point, Word


def merged(layer: list[Word], seen: list[Word]) -> list[Word]:
    """The layer's words, and those of the picture that stand where the layer says nothing."""
    boxes = [_box(word.polygon) for word in layer if word.polygon]
    return layer + [word for word in seen if not any(_covers(box, _box(word.polygon)) for box in boxes)]


def still_hidden(hidden: list[Word], seen: list[Word]) -> list[Word]:
    """The hidden words that the eye does not find in the same place.

    A scanner lays its own invisible text over what it scanned. Where both say the same, nothing is hidden; and where most of
    it does, what it misread over other printed words is no secret either.
    """
    boxes = [(_box(word.polygon), _bare(word.text)) for word in seen]
    under = [(word, [text for box, text in boxes if word.polygon and _overlap(box, _box(word.polygon))]) for word in hidden]
    left = [(word, texts) for word, texts in under if not any(_agree(_bare(word.text), text) for text in texts)]
    a_scanners = len(left) * 3 < len(hidden)
    return [word for word, texts in left if not (a_scanners and texts)]


def _agree(a: str, b: str) -> bool:
    return bool(a and b) and (a in b or b in a)


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _box(polygon: tuple[Point, ...]) -> tuple[float, ...]:
    across, down = [x for x, _ in polygon], [y for _, y in polygon]
    return min(across), min(down), max(across), max(down)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0.0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0.0)


def _covers(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether the first takes up at least a third of the second's place."""
    return _overlap(a, b) * 3 > (b[2] - b[0]) * (b[3] - b[1])
