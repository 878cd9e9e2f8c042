"""Rows that staff keep: what they become, and what is wrong with a bad one, by file and line."""

from pathlib import Path

import pytest

from baton.governance.policy import Bundle, Clocks, PolicyProblem
from tests.policies.petty import AUTONOMY, BOSS, CLERK, LIMITS, REFUNDS, STAFF, policies, refund

HEAD = "id,action,role,currency,limit,reason\n"
CLOCKS = """\
process,stage,tier,hours,escalate
refunds,desk,gold,1.5,boss
refunds,desk,*,4,clerk|boss
refunds,*,gold,6,boss
*,desk,gold,7,boss
refunds,*,*,8,boss
*,*,*,24,boss
"""


def test_a_row_is_a_rule_whose_id_is_the_rows_own() -> None:
    made = policies()
    assert made.may(CLERK, "approve", refund("100.00")).rules == ("refund.clerk",)
    assert not made.may(CLERK, "approve", refund("100.01")).allowed
    assert made.may(BOSS, "edit", refund("1000.00")).rules == ("refund.boss",)
    assert {rule.id: (rule.file, rule.line) for rule in made.rules}["refund.boss"] == ("tables/limits.csv", 3)


def test_a_row_may_be_for_one_process_only() -> None:
    table = "id,action,role,currency,limit,reason,process\nr,shop.refund,clerk,EUR,9.00,why,returns\n"
    made = policies(limits_csv=table)
    assert not made.may(CLERK, "approve", refund("5.00")).allowed
    assert made.may(CLERK, "approve", refund("5.00", process="returns")).allowed


def test_a_table_of_one_process_counts_for_that_process_only() -> None:
    own = "id,action,role,currency,limit,reason\nr,shop.refund,clerk,EUR,900.00,why\n"
    made = policies(**{"tables/returns/limits.csv": own})
    assert made.may(CLERK, "approve", refund("800.00", process="returns")).rules == ("r",)
    assert not made.may(CLERK, "approve", refund("800.00")).allowed
    assert {rule.id: (rule.file, rule.line) for rule in made.rules}["r"] == ("tables/returns/limits.csv", 2)


def test_a_table_of_one_process_names_no_other() -> None:
    own = "id,action,role,currency,limit,reason,process\nr,shop.refund,clerk,EUR,9.00,why,refunds\n"
    with pytest.raises(PolicyProblem, match="names another process than its folder"):
        policies(**{"tables/returns/limits.csv": own})


def test_the_clocks_of_one_process_stand_in_its_own_table() -> None:
    own = "stage,tier,hours,escalate\ndesk,*,2,boss\n"
    clocks = Clocks.read({"tables/clocks.csv": CLOCKS, "tables/returns/clocks.csv": own})
    assert clocks.due("returns", "desk", "gold").hours == 2
    assert clocks.due("refunds", "desk", "gold").hours == 1.5


def test_a_rule_that_waits_for_rows_permits_nothing_by_itself() -> None:
    made = policies(autonomy_csv="")
    assert made.judge(refund(), STAFF).outcome == "needs_approval"
    assert "refund.alone" not in {rule.id for rule in made.rules}


def test_remarks_and_empty_lines_are_skipped() -> None:
    table = LIMITS.replace("refund.clerk", "# for the desk\n\nrefund.clerk")
    assert {rule.id: rule.line for rule in policies(limits_csv=table).rules}["refund.clerk"] == 4


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("r,shop.unknown,clerk,EUR,9.00,why", "names `shop.unknown`, which no activity declares"),
        ("r,shop.refund,,EUR,9.00,why", "needs a role and a reason"),
        ("r,shop.refund,clerk,EUR,9.00,", "needs a role and a reason"),
        ("R!,shop.refund,clerk,EUR,9.00,why", "needs an id of small letters"),
        ("r,shop.refund,clerk,eur,9.00,why", "has `eur` as currency"),
        ("r,shop.refund,clerk,EUR,nine,why", "has `nine` as limit"),
        ("r,shop.refund,clerk,EUR,-9,why", "has `-9` as limit"),
        ("r,shop.refund,clerk,EUR,1.00001,why", "has `1.00001` as limit"),
        ("r,shop.refund,clerk,EUR,,why", "needs a currency and a limit, or neither"),
        ("r,shop.refund,clerk,,,why", "needs a currency and a limit: `shop.refund` names an amount"),
        ("r,post.note,clerk,EUR,9.00,why", "`post.note` carries no money"),
        ("r,shop.refund,clerk,EUR,1,000,why", "has 7 cells for 6 columns"),
        ("note.alone,shop.refund,clerk,EUR,9.00,why", "has the same id as the one in refunds.cedar:14"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(row: str, words: str) -> None:
    with pytest.raises(PolicyProblem) as caught:
        policies(limits_csv=f"{HEAD}refund.boss,shop.refund,boss,EUR,9.00,why\n{row}\n")
    assert str(caught.value).startswith("tables/limits.csv:3: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("id,action\n", "tables/autonomy.csv:1: has the columns `id,action`"),
        (AUTONOMY.replace("20.00", ""), "tables/autonomy.csv:2: row `refund.alone.eur` needs a currency and a limit"),
        (AUTONOMY + "n,post.note,EUR,1.00,,\n", "tables/autonomy.csv:4: row `n` has no rule to complete"),
        (AUTONOMY.replace("50.00", "lots"), "has `lots` as customer_year"),
    ],
)
def test_a_bad_table_of_autonomy_is_named_too(table: str, words: str) -> None:
    with pytest.raises(PolicyProblem) as caught:
        policies(autonomy_csv=table)
    assert words in str(caught.value)


def test_two_rules_cannot_wait_for_the_same_rows() -> None:
    twin = REFUNDS.replace('"refund.alone"', '"refund.too"').partition('@id("note')[0]
    with pytest.raises(PolicyProblem, match=r"both wait for rows about `shop\.refund`"):
        policies(twin_cedar=twin)


@pytest.mark.parametrize(
    ("place", "hours"),
    [
        (("refunds", "desk", "gold"), 1.5), (("refunds", "desk", "plain"), 4), (("refunds", "cellar", "gold"), 6),
        (("returns", "desk", "gold"), 7), (("refunds", "cellar", "plain"), 8), (("returns", "cellar", "plain"), 24),
    ],
)  # fmt: skip
def test_the_most_specific_clock_counts(place: tuple[str, str, str], hours: float) -> None:
    assert Clocks.read({"tables/clocks.csv": CLOCKS}).due(*place).hours == hours


def test_a_clock_names_its_ladder_in_order() -> None:
    assert Clocks.read({"tables/clocks.csv": CLOCKS}).due("refunds", "desk", "plain").ladder == ("clerk", "boss")


def test_where_no_clock_fits_it_says_so() -> None:
    with pytest.raises(PolicyProblem, match="no clock for `a`, `b`, `c`"):
        Clocks.read({}).due("a", "b", "c")


@pytest.mark.parametrize(
    ("row", "words"),
    [("*,*,*,0,boss", "write a number above 0"), ("*,*,*,soon,boss", "has `soon` hours"), ("*,*,*,4,", "at least one role"),
     ("*,,*,4,boss", "needs a process, a stage and a tier"), ("a,b,c,1,x\na,b,c,2,y", "is there twice")],
)  # fmt: skip
def test_a_bad_clock_is_named_by_line(row: str, words: str) -> None:
    with pytest.raises(PolicyProblem, match=r"^tables/clocks.csv:[23]: ") as caught:
        Clocks.read({"tables/clocks.csv": f"process,stage,tier,hours,escalate\n{row}\n"})
    assert words in str(caught.value)


def test_a_folder_without_policies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyProblem, match=r"write at least `shared\.cedar`"):
        Bundle.load(tmp_path)
