"""The exact text of a rule as it stood when it decided: the policy itself, and the table's row where one completed it."""

from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from baton.governance.policy.bundle import Bundle
from baton.governance.policy.engine import policies_of
from baton.governance.policy.rules import Rule, read_rules
from baton.governance.policy.source import statements
from baton.types.frozen import Frozen


class RuleText(Frozen):
    """One rule, word for word."""

    id: str
    reason: str
    conditions: tuple[str, ...]
    file: str
    line: int
    text: str
    """Empty where a row alone makes the rule."""
    table: str = ""
    row: str = ""
    """The row's own line under the table's heading, where a table completed the rule."""
    row_line: int = 0
    hard: bool = False


@lru_cache(maxsize=16)
def rules_of(stored: str) -> dict[str, RuleText]:
    """Every rule of a stored bundle, by id."""
    texts = Bundle.from_json(stored).texts
    written = read_rules(texts)
    return {rule.id: _text(rule, texts, written) for rule in policies_of(stored).rules}


def _text(rule: Rule, texts: dict[str, str], written: tuple[Rule, ...]) -> RuleText:
    said: dict[str, Any] = {"id": rule.id, "reason": rule.reason, "conditions": rule.words, "hard": rule.hard}
    if rule.file.endswith(".cedar"):
        return RuleText(file=rule.file, line=rule.line, text=_statement(texts, rule), **said)
    lines = texts[rule.file].splitlines()
    heading = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    row = f"{heading}\n{lines[rule.line - 1]}"
    base = _base(rule, written)
    file, line, text = (base.file, base.line, _statement(texts, base)) if base else ("", 0, "")
    return RuleText(table=rule.file, row=row, row_line=rule.line, file=file, line=line, text=text, **said)


def _statement(texts: dict[str, str], rule: Rule) -> str:
    return next((text for line, text in statements(texts[rule.file]) if line == rule.line), "")


def _base(rule: Rule, written: tuple[Rule, ...]) -> Rule | None:
    """The policy that waits for rows of this table about this action."""
    table, actions = PurePosixPath(rule.file).stem, set(rule.actions() or ())
    return next((one for one in written if one.table == table and actions & set(one.actions() or ())), None)
