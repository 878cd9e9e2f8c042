"""Where things stand in a policy file: Cedar's parser says what is wrong, not where."""

import re
from collections.abc import Iterator

import cedarpy
from cedarpy import pst

from baton.governance.policy.problems import PolicyProblem

_TOKEN = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|[;{}]|\b(?:when|unless)\b', re.DOTALL)
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
    """The line of the first clause, or failing that the first policy, which does not parse by itself."""
    for line, statement in statements(text):
        if _parses(statement):
            continue
        head, *clauses = _pieces(statement)
        if not _parses(head[1] + ";"):
            return line
        broken = (offset for offset, clause in clauses if not _parses(f"{head[1]}{clause.rstrip(';')};"))
        offset = next(broken, len(statement.rstrip()))
        return line + statement.count("\n", 0, offset)
    return 1


def _pieces(statement: str) -> list[tuple[int, str]]:
    """The head and the clauses of one policy, each with its offset."""
    cuts, depth = [0], 0
    for token in _TOKEN.finditer(statement):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0 and token[0] in ("when", "unless"):
            cuts.append(token.start())
    return [(start, statement[start:end].strip()) for start, end in zip(cuts, [*cuts[1:], len(statement)], strict=True)]


def _parses(text: str) -> bool:
    try:
        cedarpy.policies_to_pst(text)
    except ValueError:
        return False
    return True
