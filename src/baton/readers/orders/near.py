"""What stands right of a label, below it, or in the column that it heads."""

from collections.abc import Iterable, Sequence
from typing import Final

from baton.readers.orders.labels import Label, labels_on
from baton.readers.orders.sheet import Box, Leaf, Line, Stretch
from baton.readers.orders.values import Value, name_from

_REACH: Final = 0.38
"""Of the page's width: how far right of its label a value may stand."""
_DOWN: Final = 2.3
"""In line heights: how far below its label a value may stand."""


def right_of(label: Label, values: Sequence[Value], leaf: Leaf, over_figures: bool = False) -> Value | None:
    """The first value on the label's line with nothing but punctuation between; `over_figures`: figures of a table, too."""
    line = label.at.line
    after = [value for value in values if value.at.line is line and value.at.start >= label.at.end]
    if not after:
        return None
    value = after[0]
    between = line.text[label.at.end : value.at.start]
    bare = between.strip(" \t:#/-.–$(|")
    if bare and not (over_figures and _passes(bare, between)):
        return None
    return value if value.at.box.left - label.at.box.right <= _REACH * leaf.width * (2 if over_figures else 1) else None


def _passes(bare: str, between: str) -> bool:
    """Whether what stands between a label and an amount may stand there: figures, or the rest of a label up to its colon."""
    return not any(char.isalpha() for char in bare) or (
        between.rstrip().endswith(":") and not any(char.isdigit() for char in bare)
    )


def below(label: Label, values: Iterable[Value], leaf: Leaf) -> Value | None:
    """The nearest value under the label, unless another label stands between."""
    if not leaf.placed:
        return None
    head = label.at.box
    close = [value for value in values if _under(head, value.at) and value.at.box.top - head.bottom < _DOWN * head.height]
    nearest = min(
        close, key=lambda value: (round(value.at.box.top - head.bottom), abs(value.at.box.left - head.left)), default=None
    )
    if nearest is None or _parted(label, nearest.at, leaf):
        return None
    return nearest


def in_column(label: Label, values: Iterable[Value]) -> list[Value]:
    """Values below a heading, in its column, top to bottom."""
    head = label.at.box
    found = [value for value in values if value.at.box.top >= head.middle and _aligned(head, value.at)]
    return sorted(found, key=lambda value: value.at.box.top)


def name_right_of(label: Label, leaf: Leaf) -> Stretch | None:
    """The name behind a label, in the same column or the next; not when the next column begins with a label."""
    line, start = label.at.line, label.at.end
    if not label.closes:
        return name_from(line, start)
    nxt = line.text.find("\t", start)
    if nxt < 0 or any(other.at.start == nxt + 1 and other.opens for other in labels_on(line)):
        return None
    found = name_from(line, nxt + 1)
    return found if found and found.box.left - label.at.box.right <= _REACH * leaf.width else None


def name_below(label: Label, leaf: Leaf) -> Stretch | None:
    """The name that begins under the beginning of a label."""
    if not leaf.placed:
        return None
    head = label.at.box
    close = []
    for line in leaf.lines:
        start = _word_under(line, label)
        found = name_from(line, start) if start is not None else None
        if found and found.box.top > head.middle and found.box.top - head.bottom < _DOWN * head.height:
            close.append(found)
    nearest = min(close, key=lambda name: name.box.top, default=None)
    if nearest is None or any(one.at.start == nearest.start for one in labels_on(nearest.line)):
        return None
    return nearest


def goes_on(name: Stretch, label: Label | None, leaf: Leaf) -> Stretch | None:
    """The second line of a name that is broken over two, right under the first and beside no label of its own."""
    box = name.box
    for cell in leaf.around(box.left - box.height, box.top, box.right + 2 * box.height, box.bottom + 2 * box.height):
        if cell.line is name.line or labels_on_cell(cell) or not (_wraps(name.box, cell.box) or _touches(name.box, cell.box)):
            continue
        if not _is_labelled(cell, label, leaf):
            return cell
    return None


def _wraps(name: Box, other: Box) -> bool:
    down = (other.middle - name.middle) / max(name.height, 0.1)
    return 0.5 < down < 1.35 and abs(other.left - name.left) < 0.4 * name.height


def _touches(name: Box, other: Box) -> bool:
    """Letters set too wide for their column run into the next words, which then count as another row."""
    return abs(other.middle - name.middle) < 0.2 * name.height and abs(other.left - name.right) < 2 * name.height


def labels_on_cell(cell: Stretch) -> bool:
    """Whether a column begins with a label."""
    return any(one.at.start == cell.start for one in labels_on(cell.line))


def _is_labelled(cell: Stretch, but: Label | None, leaf: Leaf) -> bool:
    """Whether a label stands in front of this cell, other than the one whose value may go on here."""
    lines = {beside.line for beside in leaf.around(0, cell.box.top, cell.box.left, cell.box.bottom)}
    return any(
        abs(one.at.box.middle - cell.box.middle) < 0.55 * cell.box.height
        and one.at.box.right <= cell.box.left + 1
        and (but is None or one.at.box.left >= but.at.box.left - 2)
        for line in lines
        for one in labels_on(line)
        if one != but
    )


def _under(head: Box, at: Stretch) -> bool:
    return at.box.top >= head.middle and (at.box.shares(head) > 0.3 or abs(at.box.left - head.left) < 1.5 * head.height)


def _aligned(head: Box, at: Stretch) -> bool:
    return at.box.shares(head) > 0.25 or abs(at.box.right - head.right) < 1.5 * head.height


def _parted(label: Label, at: Stretch, leaf: Leaf) -> bool:
    """Whether another label stands between a label and what is below it, or in front of that."""
    head = label.at.box
    for line in leaf.lines:
        for other in labels_on(line):
            box = other.at.box
            if other is not label and head.bottom - 1 < box.middle < at.box.top and box.shares(head) > 0.3:
                return True
    before = (other for other in labels_on(at.line) if other.marked and other.at.end <= at.start)
    return any(not at.line.text[other.at.end : at.start].strip(" \t:#") for other in before)


def _word_under(line: Line, label: Label) -> int | None:
    """Where on this line a word begins under the beginning of the label."""
    head = label.at.box
    for piece, box in zip(line.row.pieces, line.boxes, strict=True):
        if head.left - 0.8 * head.height <= box.left <= max(head.left + 2.5 * head.height, head.right):
            return piece.start
    if not line.row.pieces and line.text.strip():
        return len(line.text) - len(line.text.lstrip())
    return None
