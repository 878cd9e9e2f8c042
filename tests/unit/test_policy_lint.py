"""A policy that does not parse, does not fit or does not explain itself is named by file and line."""

from pathlib import Path

import pytest

from baton.governance.policy import PolicyProblem, shapes_of
from baton.governance.policy.compiled import compile_bundle
from baton.governance.policy.lint import check, lint
from tests.policies.petty import EFFECTS, REFUNDS, TEXTS, bundle, policies

PERMIT = """\
@id("clerks")
@reason("clerks refund")
@when1("the process is extra")
permit (principal is Person in Role::"clerk", action == Action::"shop.refund:approve", resource)
when { resource.case.process == "extra" };
"""


def problems(extra: str) -> list[str]:
    found = lint(compile_bundle(bundle(extra_cedar=extra), shapes_of(EFFECTS)))
    return [str(problem) for problem in found]


def test_policies_in_order_have_no_problems() -> None:
    assert problems(PERMIT) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('@reason("clerks refund")\n', ""), "says no reason"),
        (('@when1("the process is extra")\n', ""), 'does not say condition 1 in words: add `@when1("...")`'),
        (("@when1", '@when2("nothing")\n@when1'), "has `@when2`, which belongs to no condition of it"),
        (("@reason", '@why("x")\n@reason'), "has `@why`"),
        (("permit (principal is Person in Role::\"clerk\"", "forbid (principal is Person in Role::\"clerk\""),
         'is a forbid without `@class("hard")`'),
        (("@reason", '@class("hard")\n@reason'), 'has `@class("hard")`: only a forbid is `hard`'),
        (('principal is Person in Role::"clerk"', "principal"), "permits anybody"),
        (('"extra" }', '"other" }'), 'reaches other processes: add `when { resource.case.process == "extra" }`'),
        (("@reason", '@table("limitz")\n@reason'), "waits for the table `limitz`"),
        (("@reason", '@table("autonomy")\n@reason'), "waits for rows that nobody wrote"),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_explain_itself_is_named(change: tuple[str, str], words: str) -> None:
    (problem,) = problems(PERMIT.replace(*change))
    assert problem.startswith("extra.cedar:1: rule `clerks` ")
    assert words in problem


def test_a_permit_for_any_action_is_named() -> None:
    found = problems('@id("all") @reason("everything") permit (principal is Person in Role::"clerk", action, resource);')
    assert any("permits any action" in problem for problem in found)


def test_each_condition_must_stand_alone() -> None:
    leaning = PERMIT.replace('"shop.refund:approve"', '"shop.refund:approve", Action::"post.note:approve"')
    leaning = leaning.replace("action == Action", "action in [Action").replace(", resource)", "], resource)")
    leaning = leaning.replace("permit", '@when2("it is a refund")\n@when3("it is new")\npermit')
    (problem,) = problems(leaning.replace("};", "}\nwhen { resource is Refund }\nwhen { resource.facts.times == 0 };"))
    assert "has a condition 3 that does not stand alone: attribute `facts.times`" in problem


def test_what_cannot_be_undone_must_look_at_the_address() -> None:
    loose = REFUNDS.replace("resource.facts.recipient_known && resource.facts.values_fit", "resource.facts.values_fit")
    found = lint(compile_bundle(bundle(refunds_cedar=loose), shapes_of(EFFECTS)))
    assert [problem.problem for problem in found] == [
        "rule `note.alone` lets `post.note` happen alone although it cannot be undone: it must look at `facts.recipient_known`"
    ]


def test_an_effect_that_nobody_may_do_is_named() -> None:
    found = lint(compile_bundle(bundle(limits_csv="", autonomy_csv=""), shapes_of(EFFECTS)))
    assert any("nobody may ever do `shop.refund`" in str(problem) for problem in found)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (PERMIT.replace('"extra" };', '"extra" &&\n };'), 6, "does not parse"),
        (PERMIT + "\n// more\n\nforbid (principal, action, resource) when { resource. };", 9, "does not parse"),
        (PERMIT + '\n@id("b")\npermit (principal is, action, resource);', 8, "does not parse"),
        (PERMIT.removesuffix(";\n"), 5, "does not parse"),
        (PERMIT.replace("resource.case.process", "resource.case.proces"), 1, "attribute `case.proces`"),
        (PERMIT.replace("shop.refund:approve", "shop.refnd:approve"), 1, "shop.refnd"),
        (PERMIT.replace('@id("clerks")\n', ""), 1, 'has no `@id("...")`'),
        (PERMIT.replace('"clerks"', '"clerks#1"'), 1, "without `#`"),
        (PERMIT.replace('"clerks"', '"stop"'), 1, "same id as the one in shared.cedar:1"),
        (PERMIT.replace("@reason", '@applies("2")\n@reason'), 1, '`@applies("2")`'),
        (PERMIT.replace("permit", '@table("limits")\nforbid'), 1, "is a forbid that waits for a table"),
        (PERMIT.replace('principal is Person in Role::"clerk"', "principal == ?principal"), 1, "name whom the rule is for"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_stops_the_start_and_names_file_and_line(text: str, line: int, words: str) -> None:
    shared = text.replace('"stop"', '"zz"') if "same id" not in words else text
    with pytest.raises(PolicyProblem) as caught:
        policies(zextra_cedar=shared)
    assert str(caught.value).startswith(f"zextra.cedar:{line}: ")
    assert words in str(caught.value)


def test_a_stale_schema_is_found_and_renewed(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    (stale,) = check(tmp_path, EFFECTS)
    assert str(stale) == "schema.cedarschema: is stale: run `baton policy check --write` and commit it"
    assert check(tmp_path, EFFECTS, write=True) == ()
    assert check(tmp_path, EFFECTS) == ()
    assert check(tmp_path, EFFECTS[:1])[0].problem.startswith("rule `note.alone` ")
    (tmp_path / "schema.cedarschema").write_text("// old")
    assert len(check(tmp_path, EFFECTS)) == 1
