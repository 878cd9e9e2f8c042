"""Routes a message to a process, or to a person with the reason in words."""

from collections.abc import Sequence
from functools import cache

from pydantic import Field
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has none

from baton.routing import meaning
from baton.routing.classifier import Classifier, Told
from baton.routing.examples import Examples, Known
from baton.types.frozen import Frozen

KEEP = 0.985
"""Of messages that belong somewhere, the share that is kept: the rest is the price of seeing what belongs nowhere."""
_LONGEST = 20_000
"""Characters of a message that are looked at."""
_FAMILIAR = 0.3
"""Share of a message's words that must have been seen: a foreign language is like nothing, however near it seems."""
SURE = 0.7
"""Below this the two likeliest kinds are too close, and a person chooses."""


class Alternative(Frozen):
    """A kind that the message may also be."""

    kind: str
    confidence: float = Field(ge=0, le=1)


class Route(Frozen):
    """Where a message goes."""

    process: str | None = Field(description="None: a person looks")
    kind: str | None = Field(default=None, description="what it looks like, also where no process handles that")
    confidence: float = Field(ge=0, le=1, description="how likely this is right")
    reason: str = Field(description="why, in words for staff")
    alternatives: tuple[Alternative, ...] = ()
    reader: str = ""


class Learnt(Frozen):
    """What a router was made of."""

    version: str
    kinds: dict[str, Known]
    examples: dict[str, int] = Field(description="how many of each kind; the empty name belongs nowhere")
    by_meaning: bool
    keep: float
    sure: float
    columns: tuple[str, ...] = Field(description="kinds in the order of the model")


class Router:
    """Tells what a message is. Made by `train`, or read from where it is kept."""

    def __init__(self, learnt: Learnt, classifier: Classifier) -> None:
        self.learnt, self.classifier = learnt, classifier

    def route(self, text: str) -> Route:
        """Where this message goes."""
        return self.routes([text])[0]

    def routes(self, texts: Sequence[str], *, quoting: bool = True) -> list[Route]:
        """Where these messages go; many at once are faster. Without `quoting` reasons name no words, in half the time."""
        if not texts:
            return []
        told = self.classifier.tell([text[:_LONGEST] for text in texts])
        return [self._route(text, told, row, quoting) for row, text in enumerate(texts)]

    def _route(self, text: str, told: Told, row: int, quoting: bool) -> Route:
        if not text.strip():
            return self._nowhere("the message is empty", 1.0)
        belongs, sure = float(told.belongs[row]), float(told.sure[row])
        likely = _likely(told, row, self.classifier.kinds)
        if self.classifier.space.words.familiar(text) < _FAMILIAR:
            return self._nowhere("hardly a word of it stood in any mail that is known", 1 - belongs, likely)
        kind, known = likely[0].kind, self.learnt.kinds[likely[0].kind]
        if belongs < self.classifier.scope.floor:
            reason = f"it is like none of the mails that are known; the nearest are {known.words}"
            return self._nowhere(reason, 1 - belongs, likely)
        if sure < self.learnt.sure and known.process:
            other = self.learnt.kinds[likely[1].kind].words
            return self._nowhere(f"it may be {known.words}, or {other}", 1 - sure, likely)
        said = _quoted(self.classifier.telling(text[:_LONGEST], kind)) if quoting else ""
        what = f"it looks like {known.words}" if known.process else f"it looks like {known.words}, which no process handles"
        return Route(
            process=kind if known.process else None,
            kind=kind,
            confidence=round(belongs * sure, 4),
            reason=f"{what}: {said}" if said else what,
            alternatives=tuple(likely[1:3]),
            reader=self.reader,
        )

    def _nowhere(self, reason: str, confidence: float, likely: Sequence[Alternative] = ()) -> Route:
        return Route(
            process=None, confidence=round(confidence, 4), reason=reason, alternatives=tuple(likely[:3]), reader=self.reader
        )

    @property
    def reader(self) -> str:
        """Name and version, for the record."""
        return f"router/{self.learnt.version}"


@cache
def on_one_core() -> None:
    """Let linear algebra keep to one core in this process: on matrices as small as ours, more of them wait for each other."""
    threadpool_limits(1)


def train(given: Examples, *, by_meaning: bool | None = None, keep: float = KEEP, sure: float = SURE) -> Router:
    """A router from examples; by meaning too where asked and where the encoder is installed. Raises `TooFewExamples`."""
    with_meaning = meaning.available() if by_meaning is None else by_meaning
    kinds = [one.kind for one in given.examples]
    on_one_core()
    classifier = Classifier.learn([one.text for one in given.examples], kinds, by_meaning=with_meaning, keep=keep)
    learnt = Learnt(
        version=f"{given.version}-{'meaning' if with_meaning else 'words'}",
        kinds=given.kinds,
        examples={kind: kinds.count(kind) for kind in sorted(set(kinds))},
        by_meaning=with_meaning,
        keep=keep,
        sure=sure,
        columns=classifier.kinds,
    )
    return Router(learnt, classifier)


def _likely(told: Told, row: int, kinds: Sequence[str]) -> list[Alternative]:
    shares = told.shares[row]
    order = sorted(range(len(kinds)), key=lambda column: -shares[column])
    return [Alternative(kind=kinds[column], confidence=round(float(shares[column]), 4)) for column in order]


def _quoted(words: Sequence[str]) -> str:
    return "it says " + ", ".join(f"“{word}”" for word in words) if words else ""
