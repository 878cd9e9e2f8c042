"""Where things stand in a policy file: Cedar's parser says what is wrong, not where."""

import re
from collections.abc import Iterator

import cedarpy
from cedarpy import pst

from baton.governance.policy.problems import PolicyProblem

_TOKEN = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|;', re.DOTALL)
_BLANK = re.compile(r"(?:\s+|//[^\n]*)*")


def parse(text: str, file: str) -> list[tuple[int, pst.Template]]:
    """The policies of one file in order, each with its line. Raises `PolicyProblem` naming the line of what is wrong."""
    try:
        parsed = cedarpy.policies_to_pst(text)
    except ValueError as error:
        raise PolicyProblem(f"does not parse: {error}", file, _line_of_fault(text)) from error
    starts = [line for line, _ in statements(text)]
    if parsed.templates:
        raise PolicyProblem("has a `?principal` or `?resource`: name whom the rule is for", file, starts[0])
    ordered = sorted(parsed.static_policies.items(), key=lambda item: int(item[0].removeprefix("policy")))
    return list(zip(starts, (template for _, template in ordered), strict=True))


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Every policy's text with the line it begins on."""
    start = 0
    for token in _TOKEN.finditer(text):
        if token[0] == ";":
            yield _numbered(text, start, token.end())
            start = token.end()
    if _BLANK.sub("", text[start:], count=1):
        yield _numbered(text, start, len(text))


def _numbered(text: str, start: int, end: int) -> tuple[int, str]:
    blank = _BLANK.match(text, start)
    begin = blank.end() if blank else start
    return text.count("\n", 0, begin) + 1, text[begin:end]


def _line_of_fault(text: str) -> int:
    """The first line with which the text so far is wrong rather than unfinished."""
    lines = text.splitlines()
    return next((n for n in range(1, len(lines) + 1) if _wrong("\n".join(lines[:n]))), len(lines))


def _wrong(text: str) -> bool:
    """Whether nothing that follows can mend it. The parser prefers to say that text ends too early, so it is ended for it too."""
    return any(
        "end of input" not in fault and (not end or f"`{end}`" not in fault) for end in ("", ";") for fault in _fault(text + end)
    )


def _fault(text: str) -> list[str]:
    try:
        cedarpy.policies_to_pst(text)
    except ValueError as error:
        return [str(error)]
    return []
