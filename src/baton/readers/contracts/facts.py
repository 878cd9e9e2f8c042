"""The fact lists of `facts.toml` and the words of `cues.toml`, as patterns."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from baton.errors import BatonError


class NoFacts(BatonError):
    """The fact lists are missing or do not parse."""


@cache
def facts(name: str = "facts.toml") -> dict[str, Any]:
    """Every list of one file."""
    try:
        return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise NoFacts(f"`{name}` cannot be read: {error}; put a valid one beside the readers of contracts") from error


@cache
def words(section: str, name: str) -> re.Pattern[str]:
    """Whole words of one list, in either case."""
    return re.compile(rf"\b(?:{'|'.join(facts()[section][name])})\b", re.IGNORECASE)


@cache
def printed(name: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """A cue that minds capitals, between two patterns."""
    return re.compile(f"{before}(?:{'|'.join(facts('cues.toml')['as_printed'][name])}){after}")


@cache
def cue(name: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """A cue of whole words in either case, between two patterns."""
    return re.compile(rf"{before}\b(?:{'|'.join(facts('cues.toml')['any_case'][name])})\b{after}", re.IGNORECASE)


@cache
def legal_forms() -> re.Pattern[str]:
    """A legal form at the end of a name."""
    every = sorted((way for ways in facts()["legal"].values() for way in ways), key=len, reverse=True)
    return re.compile(rf"(?<![\w.])(?:{'|'.join(every)})(?![\w/&’'])\.?", re.IGNORECASE)


@cache
def places() -> re.Pattern[str]:
    """A state, province or country, the longest name first; as printed in words or in capitals."""
    names = (*facts()["places"]["states"], *facts()["places"]["countries"])
    every = sorted((way for name in names for way in (name, name.upper())), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(every)})\b".replace(" ", r"\s+"))


def short_form(legal: str) -> str:
    """The short form that stands for a legal form; the form itself where the list has none."""
    for short, ways in facts()["legal"].items():
        if re.fullmatch(rf"(?:{'|'.join(ways)})\.?", legal.strip(), re.IGNORECASE):
            return str(short)
    return legal.strip()
