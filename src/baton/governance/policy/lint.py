"""What `baton policy check` looks at beyond parsing: that every rule explains itself and opens no back door."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

import cedarpy
from cedarpy import pst

from baton.governance.policy.atoms import Atom, atoms_of, cites
from baton.governance.policy.bundle import Bundle
from baton.governance.policy.compiled import Compiled, compile_bundle
from baton.governance.policy.lens import check_against
from baton.governance.policy.problems import PolicyProblem
from baton.governance.policy.rules import Rule
from baton.governance.policy.schema import SCHEMA_FILE, VERBS, cedar_schema
from baton.governance.policy.shapes import Declared, EffectShape, shapes_of
from baton.governance.policy.tables import AUTONOMY, LIMITS

SHARED: Final = "shared.cedar"
_TABLES: Final = {PurePosixPath(name).stem: name for name in (LIMITS, AUTONOMY)}
_NOTES: Final = {"id", "reason", "class", "applies", "table"}
_FOR_LETTERS: Final = {"facts.recipient_known", "facts.values_fit"}
"""What an effect that cannot be undone must look at before it happens alone: only fixed mail to the address on file does."""


def check(folder: Path, declarations: Iterable[Declared], write: bool = False) -> tuple[PolicyProblem, ...]:
    """Everything wrong with the policies in a folder, the generated schema included; `write` renews that."""
    try:
        shapes = shapes_of(declarations)
        schema, file = cedar_schema(shapes), folder / SCHEMA_FILE
        if write:
            file.write_text(schema, encoding="utf-8")
        fresh = file.is_file() and file.read_text(encoding="utf-8") == schema
        compiled = compile_bundle(Bundle.load(folder), shapes)
    except PolicyProblem as problem:
        return (problem,)
    stale = () if fresh else (PolicyProblem("is stale: run `baton policy check --write` and commit it", SCHEMA_FILE),)
    return (*stale, *lint(compiled))


def lint(compiled: Compiled) -> tuple[PolicyProblem, ...]:
    """Everything wrong with a bundle that compiles."""
    schema = cedarpy.Schema.from_str(cedar_schema(compiled.shapes))
    written = (problem for rule in compiled.written for problem in _rule(rule, schema, compiled))
    effects = (problem for effect in compiled.shapes.effects for problem in _effect(effect, compiled))
    return (*written, *effects)


def _rule(rule: Rule, schema: cedarpy.Schema, compiled: Compiled) -> Iterator[PolicyProblem]:
    yield from _words(rule)
    yield from _scope(rule, compiled)
    yield from _alone(rule, schema)
    yield from _table(rule, compiled)
    yield from _process(rule)


def _words(rule: Rule) -> Iterator[PolicyProblem]:
    notes = rule.template.annotations
    if not rule.reason.strip():
        yield rule.problem('says no reason: add `@reason("...")`')
    for position, words in enumerate(rule.words, start=1):
        if not words.strip():
            yield rule.problem(f'does not say condition {position} in words: add `@when{position}("...")`')
    expected = _NOTES | {f"when{position}" for position in range(1, len(rule.words) + 1)}
    for strange in sorted(notes.keys() - expected):
        yield rule.problem(f"has `@{strange}`, which belongs to no condition of it and means nothing")
    if not rule.permits and not rule.hard:
        yield rule.problem('is a forbid without `@class("hard")`: write conditions into the permit instead')
    if notes.get("class", "hard") != "hard" or (rule.permits and "class" in notes):
        yield rule.problem(f'has `@class("{notes["class"]}")`: only a forbid is `hard`, nothing else has a class')


def _scope(rule: Rule, compiled: Compiled) -> Iterator[PolicyProblem]:
    known = {*compiled.actions(), "alone", *VERBS}
    for action in sorted(set(rule.actions() or ()) - known):
        yield rule.problem(f"names the action `{action}`, which no activity declares")
    if rule.permits and rule.actions() is None:
        yield rule.problem("permits any action: name the actions it is for")
    if rule.permits and isinstance(rule.template.principal, pst.ScopeAny):
        yield rule.problem("permits anybody: write `principal is Agent` or `principal is Person`")


def _alone(rule: Rule, schema: cedarpy.Schema) -> Iterator[PolicyProblem]:
    for position, clause in enumerate(rule.template.clauses, start=1):
        try:
            check_against(schema, replace(rule, template=replace(rule.template, clauses=(clause,))))
        except PolicyProblem as problem:
            yield rule.problem(f"has a condition {position} that does not stand alone: {problem.problem.partition(': ')[2]}")


def _table(rule: Rule, compiled: Compiled) -> Iterator[PolicyProblem]:
    if rule.table and rule.table not in _TABLES:
        yield rule.problem(f"waits for the table `{rule.table}`: there are {', '.join(f'`{name}`' for name in _TABLES)}")
    elif rule.table and not any(_completes(row, rule) for row in compiled.rules):
        yield rule.problem(f"waits for rows that nobody wrote: add one to `{_TABLES[rule.table]}`")


def _completes(row: Rule, rule: Rule) -> bool:
    table = PurePosixPath(_TABLES[rule.table]).name
    return PurePosixPath(row.file).name == table and bool(set(row.actions() or ()) & set(rule.actions() or ()))


def _process(rule: Rule) -> Iterator[PolicyProblem]:
    process = rule.file.removesuffix(".cedar")
    about_engine = all(action.startswith("baton:") for action in rule.actions() or ("any",))
    if rule.file == SHARED or not rule.permits or about_engine:
        return
    wanted = [atom for clause in rule.template.clauses for atom in atoms_of(clause) or () if _names(atom, process)]
    if not wanted:
        yield rule.problem(f'reaches other processes: add `when {{ resource.case.process == "{process}" }}`')


def _names(atom: Atom, process: str) -> bool:
    return (atom.left.dotted, atom.op, atom.right) == ("case.process", "=", process)


def _effect(effect: EffectShape, compiled: Compiled) -> Iterator[PolicyProblem]:
    alone = [rule for rule in compiled.lens(effect.name).rules if rule.permits]
    if not alone and effect.name not in compiled.approvable:
        yield PolicyProblem(f"nobody may ever do `{effect.name}`: write a rule for the agent or for people")
    if effect.undo != "none":
        return
    for rule in alone:
        read = {path for clause in rule.template.clauses for path in cites(clause)}
        if missing := sorted(_FOR_LETTERS - read):
            yield rule.problem(f"lets `{effect.name}` happen alone although it cannot be undone: it must look at `{missing[0]}`")
