"""Reads documents and compares with their labels."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, get_args, get_origin

from pydantic import BaseModel

from baton.readers.confidence import Calibration
from baton.readers.fields import Field, fields_of
from baton.readers.finding import key
from baton.readers.normalise import as_money, same
from baton.readers.reader import Reader
from baton.types.canonical import Json
from baton.types.findings import FieldFinding
from benchmarks.reading.figures import calibration_error, coverage_at, risk_coverage, share, upper95
from benchmarks.reading.items import Labelled, Truth

Matches: TypeAlias = Callable[[Field, Json, Truth], bool]


@dataclass(frozen=True)
class Marked:
    """A field that was read, marked by its label."""

    document: str
    finding: FieldFinding
    truth: Truth
    right: bool
    exact: bool
    hits: int
    """How many of the values that the label asks for were read."""
    asked: int
    read: int


@dataclass(frozen=True)
class Run:
    """What reading some documents gave: every field by name, what belongs together by document, and the time it took."""

    fields: dict[str, list[Marked]]
    seconds: float
    pages: int

    def documents(self) -> list[list[Marked]]:
        """The fields of each document."""
        by: dict[str, list[Marked]] = {}
        for column in self.fields.values():
            for one in column:
                by.setdefault(one.document, []).append(one)
        return list(by.values())


def matches(field: Field, found: Json, truth: Truth) -> bool:
    """Type-aware match. One value read may be any that the label accepts; several must be all that it asks for.

    Labels without a currency compare amounts only.
    """
    if isinstance(truth.value, list):
        if isinstance(found, list):
            return len(found) == len(truth.value) and _hits(matches, field, found, truth) == len(found)
        return any(matches(field, found, Truth(truth.printed, one)) for one in truth.value)
    if field.kind == "money" and found is not None and not isinstance(truth.value, dict):
        read, label = as_money(found), as_money(truth.value)
        return read is not None and label is not None and read[0] == label[0]
    return same(field.kind, found, truth.value)


def run(
    form: type[BaseModel],
    documents: Sequence[Labelled],
    readers: Sequence[Reader],
    match: Matches = matches,
    calibration: Calibration | None = None,
) -> Run:
    """Read every document and mark what was read."""
    marked: dict[str, list[Marked]] = {field.name: [] for field in fields_of(form)}
    several = lists_of(form)
    seconds = 0.0
    for document in documents:
        start = time.perf_counter()
        filled = key(form, document.sources, readers, calibration=calibration)
        seconds += time.perf_counter() - start + document.seconds
        for field, finding in zip(fields_of(form), filled.fields, strict=True):
            if field.name in document.truth:
                truth = document.truth[field.name]
                marked[field.name].append(_mark(document.id, field, finding, truth, match, field.name in several))
    return Run(marked, seconds, sum(document.pages for document in documents))


def joined(runs: Sequence[Run]) -> Run:
    """Several runs as one."""
    fields = {name: [one for part in runs for one in part.fields[name]] for name in runs[0].fields}
    return Run(fields, sum(part.seconds for part in runs), sum(part.pages for part in runs))


def lists_of(form: type[BaseModel]) -> frozenset[str]:
    """The fields that ask for several values."""
    return frozenset(name for name, info in form.model_fields.items() if _is_list(info.annotation))


def _is_list(hint: Any) -> bool:
    return get_origin(hint) in (list, tuple) or any(_is_list(part) for part in get_args(hint))


def _mark(document: str, field: Field, finding: FieldFinding, truth: Truth, match: Matches, several: bool) -> Marked:
    """`several`: the field asks for every value of the label; else a list in the label holds values to choose from."""
    read = finding.value if isinstance(finding.value, list) else [] if finding.value is None else [finding.value]
    asked = len(_labels(truth)) if several else int(truth.value is not None)
    right = match(field, finding.value, truth)
    hits = _hits(match, field, read, truth) if several else int(right and finding.value is not None)
    return Marked(document, finding, truth, right, _exact(finding, truth), hits, asked, len(read))


def _labels(truth: Truth) -> list[Json]:
    return list(truth.value) if isinstance(truth.value, list) else [] if truth.value is None else [truth.value]


def _hits(match: Matches, field: Field, read: Sequence[Json], truth: Truth) -> int:
    """How many of several labels were read, each by a value of its own."""
    left = _labels(truth)
    asked = len(left)
    for value in read:
        hit = next((label for label in left if match(field, value, Truth(truth.printed, label))), None)
        if hit is not None:
            left.remove(hit)
    return asked - len(left)


def _exact(finding: FieldFinding, truth: Truth) -> bool:
    """Whether the value, or the words it was read from, are the label's letters, whatever their case and spaces."""
    shown = [str(finding.value or ""), finding.evidence.text if finding.evidence else ""]
    return any(_plain(one) == _plain(truth.printed) for one in shown)


def _plain(text: str) -> str:
    return " ".join(text.upper().split())


def alone(finding: FieldFinding, gate: float) -> bool:
    """Whether a field is sure enough to need nobody."""
    return finding.agreement in ("agreed", "single") and finding.grounded and finding.confidence >= gate


def figures(done: Run, gate: float) -> dict[str, Any]:
    """Figures for each field and for whole documents."""
    documents = done.documents()
    whole = [all(one.right for one in fields) for fields in documents]
    through = [all(alone(one.finding, gate) for one in fields) for fields in documents]
    wrong = sum(go and not right for go, right in zip(through, whole, strict=True))
    return {
        "fields": {name: _of_field(column, gate) for name, column in done.fields.items() if column},
        "all_fields": share(sum(whole), len(documents)),
        "micro_f1": _micro_f1([one for column in done.fields.values() for one in column]),
        "automated": share(sum(through), len(documents)),
        "wrong_automated": wrong,
        "upper95": upper95(wrong, sum(through)),
        **_together([one for column in done.fields.values() for one in column]),
    }


def _together(every: Sequence[Marked]) -> dict[str, float]:
    """Every field of every document in one figure."""
    pairs = [(one.finding.confidence, one.right) for one in every if one.finding.agreement != "missing"]
    return {"ece": calibration_error(pairs), "coverage_at_1_percent": coverage_at(0.01, _sure(every))}


def _sure(every: Sequence[Marked]) -> list[tuple[float, bool]]:
    """How sure each is, for ranking: what is in dispute or missing goes last."""
    sure = ("agreed", "single")
    return [(one.finding.confidence if one.finding.agreement in sure else 0.0, one.right) for one in every]


def in_short(done: Run, gate: float) -> dict[str, Any]:
    """The same without curves, to stand beside another reader's figures."""
    told = figures(done, gate)
    for column in told["fields"].values():
        column.pop("risk_coverage")
    return told


def _of_field(column: Sequence[Marked], gate: float) -> dict[str, Any]:
    through = [one.right for one in column if alone(one.finding, gate)]
    pairs = [(one.finding.confidence, one.right) for one in column if one.finding.agreement != "missing"]
    return {
        "n": len(column),
        "exact": share(sum(one.exact for one in column), len(column)),
        "match": share(sum(one.right for one in column), len(column)),
        "automated": share(len(through), len(column)),
        "wrong_automated": through.count(False),
        "upper95": upper95(through.count(False), len(through)),
        "ece": calibration_error(pairs),
        "coverage_at_1_percent": coverage_at(0.01, _sure(column)),
        "risk_coverage": risk_coverage(pairs),
    }


def _micro_f1(every: Sequence[Marked]) -> float:
    hits, asked, read = (sum(getattr(one, name) for one in every) for name in ("hits", "asked", "read"))
    return round(2 * hits / (asked + read), 4) if asked + read else 0.0


def wrong_ones(done: Run) -> Iterator[dict[str, Any]]:
    """What was read wrong, with its label."""
    for name, column in done.fields.items():
        for one in column:
            if not one.right:
                about = {"id": one.document, "field": name, "label": one.truth.printed, "read": one.finding.value}
                yield {**about, "sure": one.finding.confidence, "agreement": one.finding.agreement}
