"""Texts with tokens in place of personal data, and answers with the data back in place of the tokens."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from baton.llm.redaction.found import TOKEN, places
from baton.llm.redaction.kinds import Place
from baton.types.canonical import Json


class Value(NamedTuple):
    """A value without the value: its kind, and a digest that is the same for the same value of the same case."""

    kind: str
    digest: str


class Book(Protocol):
    """Numbers the values of a case, so that the same value gets the same token in every call about it."""

    def numbers(self, case: str, values: Sequence[Value]) -> Mapping[Value, int]:
        """The number of each value, given when it is first asked for and kept from then on."""
        ...


@dataclass(frozen=True)
class Redacted:
    """Texts that may leave. What their tokens stand for stays in this process and is not shown in logs."""

    texts: tuple[str, ...]
    counts: Mapping[str, int]
    _printed: Mapping[str, str] = field(repr=False)

    def restored(self, answer: str) -> str:
        """A JSON answer with every token of ours replaced by what it stands for; other answers as they are."""
        if not self._printed:
            return answer
        try:
            return json.dumps(_walk(json.loads(answer), self._printed), ensure_ascii=False)
        except (ValueError, RecursionError):
            return answer  # no JSON: whoever validates it says so


def redact(texts: Sequence[str], book: Book, case: str, kinds: Sequence[str], parties: Sequence[str] = ()) -> Redacted:
    """These texts with a token for every value of these kinds: `<EMAIL_1>`, `<NAME_2>`."""
    found = [places(text, kinds, parties) for text in texts]
    values = {place: _value(case, place) for of_text in found for place in of_text}
    numbers = book.numbers(case, list(dict.fromkeys(values.values()))) if values else {}
    tokens = {value: f"<{value.kind.upper()}_{number}>" for value, number in numbers.items()}
    printed: dict[str, str] = {}
    replaced = []
    for text, of_text in zip(texts, found, strict=True):
        parts, at = [], 0
        for place in of_text:
            token = tokens[values[place]]
            printed.setdefault(token, text[place.start : place.end])
            parts += [text[at : place.start], token]
            at = place.end
        replaced.append("".join([*parts, text[at:]]))
    counts = Counter(value.kind for value in set(values.values()))
    return Redacted(tuple(replaced), dict(sorted(counts.items())), printed)


def _value(case: str, place: Place) -> Value:
    digest = hashlib.sha256(f"{case}\0{place.kind}\0{place.value}".encode("utf-8", "surrogatepass")).hexdigest()
    return Value(place.kind, digest)


def _walk(node: Json, printed: Mapping[str, str]) -> Json:
    match node:
        case str():
            return TOKEN.sub(lambda match: _stands_for(match, printed), node)
        case list():
            return [_walk(item, printed) for item in node]
        case dict():
            return {key: _walk(item, printed) for key, item in node.items()}
        case _:
            return node


def _stands_for(match: re.Match[str], printed: Mapping[str, str]) -> str:
    return printed.get(f"<{match[1]}_{match[2]}>", match.group())
