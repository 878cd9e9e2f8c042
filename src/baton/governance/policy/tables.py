"""Tables that staff keep: rows of limits, each of which becomes a rule whose id is the row's own."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from cedarpy import pst

from baton.governance.policy.problems import PolicyProblem
from baton.governance.policy.rules import Rule
from baton.governance.policy.shapes import EffectShape, Shapes
from baton.governance.policy.source import parse

LIMITS, AUTONOMY = "tables/limits.csv", "tables/autonomy.csv"
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PROCESS = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Row:
    """One row of a table, by column, with where it stands."""

    file: str
    line: int
    cells: dict[str, str]

    def problem(self, message: str) -> PolicyProblem:
        """A problem with this row, where it stands."""
        return PolicyProblem(f"row `{self.cells.get('id') or self.line}` {message}", self.file, self.line)

    def within(self, process: str) -> "Row":
        """This row as it counts in the table of one process. Raises `PolicyProblem` when it names another."""
        if self.cells.get("process", process) != process:
            raise self.problem(f"names another process than its folder: keep rows of `{process}` there")
        return replace(self, cells={**self.cells, "process": process})

    def number(self, column: str) -> Decimal | None:
        """A positive amount of at most four places; None where the cell is empty."""
        text = self.cells.get(column, "").replace(",", "")
        if not text:
            return None
        try:
            value = Decimal(text)
            fits = value.is_finite() and value > 0 and value == value.quantize(Decimal("0.0001"))
        except InvalidOperation:
            fits = False
        if not fits:
            raise self.problem(f"has `{text}` as {column}: write an amount above 0, as in `500.00`")
        return value

    def matching(self, column: str, pattern: re.Pattern[str], like: str) -> str:
        """The cell, which must look as expected where it is not empty."""
        value = self.cells.get(column, "")
        if value and not pattern.fullmatch(value):
            raise self.problem(f"has `{value}` as {column}: write it like `{like}`")
        return value


@dataclass(frozen=True)
class Condition:
    """A condition that a row adds: Cedar text and words."""

    cedar: str
    words: str


def rows(texts: dict[str, str], file: str, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[Row]:
    """The rows of one table; none where there is no such file. Lines that start with `#` are remarks.

    `tables/limits.csv` is the company's; `tables/warranty_claim/limits.csv` beside it counts for that process alone.
    """
    for name in tables_of(texts, file):
        process = name.split("/")[1] if name != file else ""
        yield from _rows_of(texts, name, columns, optional, process)


def tables_of(texts: Iterable[str], file: str) -> tuple[str, ...]:
    """Where one table stands: the company's own file first, then those of single processes."""
    folder, _, name = file.rpartition("/")
    own = re.compile(rf"{re.escape(folder)}/[^/]+/{re.escape(name)}") if folder else None
    return (file, *sorted(text for text in texts if own and own.fullmatch(text)))


def _rows_of(
    texts: dict[str, str], file: str, columns: tuple[str, ...], optional: tuple[str, ...], process: str
) -> Iterator[Row]:
    numbered = [
        (line, cells)
        for line, cells in _records(texts.get(file, ""))
        if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#")
    ]
    if not numbered:
        return
    if process:
        columns, optional = tuple(column for column in columns if column != "process"), (*optional, "process")
    line, names = numbered[0][0], [name.strip() for name in numbered[0][1]]
    missing, strange = set(columns) - set(names), set(names) - {*columns, *optional, *_facts_in(names, columns)}
    if missing or strange or len(set(names)) != len(names):
        raise PolicyProblem(f"has the columns `{','.join(names)}`, not `{','.join(columns)}`", file, line)
    for line, cells in numbered[1:]:
        if len(cells) != len(names):
            raise PolicyProblem(f"has {len(cells)} cells for {len(names)} columns: quote a cell that holds a comma", file, line)
        row = Row(file, line, dict(zip(names, (cell.strip() for cell in cells), strict=True)))
        yield row.within(process) if process else row


def table_rules(texts: dict[str, str], rules: tuple[Rule, ...], shapes: Shapes) -> tuple[Rule, ...]:
    """The rules that the rows of `limits.csv` and `autonomy.csv` make, each from the rule in a policy that names its table."""
    limits = rows(texts, LIMITS, ("id", "action", "role", "currency", "limit", "reason"), ("process",))
    autonomy = rows(texts, AUTONOMY, ("id", "action", "currency", "limit", "customer_year", "process_day"), ("reason", "process"))
    made = [_limit(row, rules, shapes) for row in limits] + [_autonomy(row, rules, shapes) for row in autonomy]
    return tuple(made)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    reader, line = csv.reader(io.StringIO(text), strict=True), 1
    for cells in reader:
        yield line, cells or [""]
        line = reader.line_num + 1


def _limit(row: Row, rules: tuple[Rule, ...], shapes: Shapes) -> Rule:
    effect = _effect(row, shapes)
    role = row.cells["role"]
    if not role or not row.cells["reason"]:
        raise row.problem("needs a role and a reason")
    base = _base(row, rules, "limits", f"{effect.name}:approve")
    template = _template("permit(principal is Person, action, resource)") if base is None else base.template
    scope = pst.ScopeIsIn(pst.EntityType("Person"), pst.EntityUid(pst.EntityType("Role"), role))
    actions = pst.ActionIn(tuple(_action(f"{effect.name}:{verb}") for verb in ("approve", "edit")))
    scoped = replace(template, effect="permit", principal=scope, action=actions)
    about, limits = _money(row, effect)
    return _made(row, base, scoped, about, [*limits, *_bounds(row, effect)])


def _autonomy(row: Row, rules: tuple[Rule, ...], shapes: Shapes) -> Rule:
    effect = _effect(row, shapes)
    base = _base(row, rules, "autonomy", effect.name)
    if base is None:
        raise row.problem(f'has no rule to complete: write a permit for `{effect.name}` with `@table("autonomy")`')
    about, limits = _money(row, effect)
    if not about:
        raise row.problem("needs a currency and a limit")
    for column, words in (("customer_year", "to this customer in a year"), ("process_day", "by this process in a day")):
        if (cap := row.number(column)) is not None:
            inside = f'resource.spent.{column}.lessThanOrEqual(decimal("{cap:.4f}"))'
            limits.append(Condition(inside, f"all given {words}, with this, is at most {cap:,.2f} {row.cells['currency']}"))
    action = pst.ActionEq(_action(effect.name))
    return _made(row, base, replace(base.template, action=action), about, [*limits, *_bounds(row, effect)])


def _effect(row: Row, shapes: Shapes) -> EffectShape:
    if not _ID.fullmatch(row.cells["id"]):
        raise row.problem("needs an id of small letters, digits, dots and dashes, as in `gift-card.handler.eur`")
    effect = shapes.of(row.cells["action"])
    if effect is None:
        raise row.problem(f"names `{row.cells['action']}`, which no activity declares")
    return effect


def _money(row: Row, effect: EffectShape) -> tuple[list[Condition], list[Condition]]:
    """What the row is about (process, currency) and what it limits."""
    process = row.matching("process", _PROCESS, "warranty_claim")
    about = [Condition(f'resource.case.process == "{process}"', f"the process is {process}")] if process else []
    currency, limit = row.matching("currency", _CURRENCY, "EUR"), row.number("limit")
    if (currency == "") != (limit is None):
        raise row.problem("needs a currency and a limit, or neither")
    if limit is None:
        if (effect.money or "").startswith("action."):
            raise row.problem(f"needs a currency and a limit: `{effect.name}` names an amount")
        return about, []
    if effect.money is None:
        raise row.problem(f"has a limit, but `{effect.name}` carries no money: leave currency and limit empty")
    sum_, name = f"resource.{effect.money}", "cost" if effect.money == "facts.cost" else "amount"
    floor = "greaterThanOrEqual" if name == "cost" else "greaterThan"
    cedar = f'{sum_}.amount.{floor}(decimal("0.0")) && {sum_}.amount.lessThanOrEqual(decimal("{limit:.4f}"))'
    words = f"the {name} is {'at least' if name == 'cost' else 'above'} 0 and at most {limit:,.2f} {currency}"
    about.append(Condition(f'{sum_}.currency == "{currency}"', f"the {name} is in {currency}"))
    return about, [Condition(cedar, words)]


def _facts_in(names: list[str], columns: tuple[str, ...]) -> set[str]:
    """Columns of a table about actions that bound a fact, as in `facts.term_months`."""
    return {name for name in names if "action" in columns and name.startswith("facts.")}


def _bounds(row: Row, effect: EffectShape) -> Iterator[Condition]:
    """What the row says of facts: a number is the most there may be, words separated by `|` are all that there may be."""
    for column, cell in row.cells.items():
        if not column.startswith("facts.") or not cell:
            continue
        shape = effect.facts.fields.get(column.removeprefix("facts."))
        if shape is None or shape.kind not in ("count", "text"):
            raise row.problem(f"bounds `{column}`, which is no number or text among the facts of `{effect.name}`")
        called = shape.about or f"the {column.removeprefix('facts.').replace('_', ' ')}"
        yield _at_most(row, column, cell, called) if shape.kind == "count" else _one_of(column, cell, called)


def _at_most(row: Row, column: str, cell: str, called: str) -> Condition:
    if not cell.isdecimal():
        raise row.problem(f"has `{cell}` as {column}: write a whole number")
    return Condition(f"resource.{column} <= {int(cell)}", f"{called} is at most {int(cell)}")


def _one_of(column: str, cell: str, called: str) -> Condition:
    words = [word.strip() for word in cell.split("|")]
    listed = ", ".join(json.dumps(word, ensure_ascii=False) for word in words)
    return Condition(f"[{listed}].contains(resource.{column})", f"{called} is {' or '.join(words)}")


def _base(row: Row, rules: tuple[Rule, ...], table: str, action: str) -> Rule | None:
    bases = [rule for rule in rules if rule.table == table and action in (rule.actions() or ())]
    if len(bases) > 1:
        raise bases[1].problem(f"and `{bases[0].id}` both wait for rows about `{action}`: keep one")
    return bases[0] if bases else None


def _made(row: Row, base: Rule | None, template: pst.Template, about: list[Condition], limits: list[Condition]) -> Rule:
    own, first = (base.words, base.applies) if base else ((), 0)
    words = (*own[:first], *_words(about), *own[first:], *_words(limits))
    clauses = (*template.clauses[:first], *_clauses(about), *template.clauses[first:], *_clauses(limits))
    name = row.cells["id"]
    return Rule(
        id=name,
        template=replace(template, id=name, clauses=clauses, annotations={"id": name}),
        words=words,
        reason=row.cells.get("reason") or (base.reason if base else ""),
        file=row.file,
        line=row.line,
        applies=first + len(about),
        limit=f"{row.number('limit'):,.2f} {row.cells['currency']}" if row.number("limit") else "",
    )


def _words(conditions: Iterable[Condition]) -> tuple[str, ...]:
    return tuple(condition.words for condition in conditions)


def _clauses(conditions: Iterable[Condition]) -> tuple[pst.Clause, ...]:
    text = " ".join(f"when {{ {condition.cedar} }}" for condition in conditions)
    return _template(f"permit(principal, action, resource) {text}").clauses


def _template(text: str) -> pst.Template:
    return parse(f"{text};", "")[0][1]


def _action(name: str) -> pst.EntityUid:
    return pst.EntityUid(pst.EntityType("Action"), name)
