"""Messages whose kind is known: shipped with the company's folders, or chosen by staff."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import Field

from baton.errors import BatonError
from baton.routing.classifier import FEWEST, NOWHERE
from baton.types.frozen import Frozen

ELSEWHERE = "elsewhere"
"""The folder of kinds that no process handles."""


class BadExamples(BatonError):
    """A file of examples cannot be used."""


class Example(Frozen):
    """One message and the kind that it is; an empty kind belongs nowhere."""

    text: str = Field(min_length=1)
    kind: str = NOWHERE
    by: str = Field(default="shipped", description="the person who said so")
    key: str = Field(default="", description="the decision it stands under, where a person chose it")

    @property
    def held_out(self) -> bool:
        """Whether it is one of the fifth on which routers are compared; by its text, so always the same one."""
        return sha256(" ".join(self.text.split()).encode()).digest()[0] % 5 == 0


class Known(Frozen):
    """A kind of message."""

    words: str = Field(description="what it is, in words for staff")
    process: bool = Field(description="whether a process handles it")
    aside: bool = Field(default=False, description="said in passing it is part of another request, not one of its own")


class Examples(Frozen):
    """Kinds, and examples of each."""

    kinds: dict[str, Known]
    examples: tuple[Example, ...]

    def with_choices(self, choices: Iterable[Example]) -> "Examples":
        """These, and what staff chose; the last word about one text counts, a kind that nobody knows is left out."""
        said = {" ".join(one.text.split()): one for one in (*self.examples, *choices) if not one.kind or one.kind in self.kinds}
        return Examples(kinds=self.kinds, examples=tuple(said.values()))

    def with_kinds(self, told: Mapping[str, tuple[str, Sequence[str]]]) -> "Examples":
        """These, and kinds told by a process itself: what it means, and examples; too few to learn from are left out."""
        known = {name: Known(words=words, process=True) for name, (words, _) in told.items()}
        more = [Example(text=text, kind=name) for name, (_, texts) in told.items() for text in texts if text.strip()]
        examples = (*self.examples, *more)
        few = {name for name in known if sum(one.kind == name for one in examples) < FEWEST}
        kinds = {**known, **self.kinds}
        return Examples(
            kinds={name: kind for name, kind in kinds.items() if name not in few},
            examples=tuple(one for one in examples if one.kind not in few),
        )

    @property
    def version(self) -> str:
        """A hash of all there is to learn from."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:12]


def read_examples(folder: Path) -> Examples:
    """The examples of a folder: a file a kind, those under `elsewhere` handled by no process. Raises `BadExamples`."""
    kinds: dict[str, Known] = {}
    examples: list[Example] = []
    for path in sorted(folder.rglob("*.toml")):
        told = _toml(path)
        process = path.parent.name != ELSEWHERE
        kinds[path.stem] = Known(words=told.get("words", path.stem), process=process, aside=told.get("aside", False))
        examples += [Example(text=text, kind=path.stem) for text in _texts(path, told)]
    return Examples(kinds=kinds, examples=tuple(examples))


def read_choices(path: Path) -> Sequence[Example]:
    """What staff chose, oldest first; a line that was cut off by a crash is passed over."""
    return list(_lines(path)) if path.is_file() else []


def append_choice(path: Path, choice: Example) -> None:
    """Keep what a person chose."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        if file.seek(0, 2) and file.seek(-1, 2) >= 0 and file.read(1) != b"\n":
            file.write(b"\n")  # the line before was cut off
        file.write(choice.model_dump_json().encode() + b"\n")


def _lines(path: Path) -> Iterator[Example]:
    for line in path.read_text("utf-8").splitlines():
        try:
            yield Example.model_validate_json(line)
        except ValueError:
            continue


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadExamples(f"cannot read the examples in `{path}`: {error}") from error


def _texts(path: Path, told: dict[str, Any]) -> Iterator[str]:
    for language, texts in told.items():
        if isinstance(texts, list):
            yield from texts
        elif language not in ("words", "aside"):
            raise BadExamples(f'`{language}` in `{path}` is not a list; write `{language} = ["first message", ...]`')
