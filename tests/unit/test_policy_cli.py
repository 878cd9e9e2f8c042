"""`baton policy` on the command line, on the project as it is."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baton import policy_cli
from baton.governance.policy import Bundle
from baton.governance.policy.why import Recorded
from baton.policy_cli import NoSuchRecord, Records, app, problems_of_privacy
from tests.policies.claims import FOLDER, POLICIES, STAFF, gift_card

RUN = CliRunner()


@pytest.fixture(autouse=True)
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record of two gift cards, instead of an installation's."""
    past = [gift_card("200.00"), gift_card("280.00")]

    def found(decision: str) -> Recorded:
        if decision != "d-1":
            raise NoSuchRecord(f"`{decision}` is no verdict on record")
        return Recorded(proposal=past[1], bundle=POLICIES.bundle, people=STAFF)

    def stored(name: str) -> Bundle | None:
        return POLICIES.bundle if POLICIES.hash.startswith(name) else None

    @contextmanager
    def records() -> Iterator[Records]:
        yield Records(lambda: STAFF, found, lambda: iter(past), stored)

    monkeypatch.setenv("BATON_PROJECT", str(FOLDER.parent))
    monkeypatch.setattr(policy_cli, "records", records)


def said(*words: str) -> tuple[int, object]:
    result = RUN.invoke(app, [*words, "--json"], catch_exceptions=False)
    return result.exit_code, json.loads(result.output)


def test_check_and_test_are_content_with_the_projects_own_policies() -> None:
    assert said("check") == (0, [])
    code, lines = said("test")
    assert code == 0
    assert isinstance(lines, list)
    assert len(lines) > 80


def test_check_names_the_line_of_a_privacy_table_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    assert list(problems_of_privacy(tmp_path)) == []
    (tmp_path / "tables" / "privacy.csv").write_text("process,kind,redact\n*,shoe_size,yes\n")
    [problem] = problems_of_privacy(tmp_path)
    assert problem.file == "tables/privacy.csv"
    assert "line 2 names the kind `shoe_size`" in problem.problem


def test_diff_shows_what_a_new_folder_would_flip(tmp_path: Path) -> None:
    new = tmp_path / "policies"
    shutil.copytree(FOLDER, new)
    table = new / "tables" / "autonomy.csv"
    table.write_text(table.read_text().replace("EUR,250.00,1000", "EUR,300.00,1000"))
    code, told = said("diff", POLICIES.hash[:12], str(new), "--points", "30")
    assert code == 0
    assert isinstance(told, dict)
    past = [flip for flip in told["flips"] if flip["source"] == "past"]
    assert [(flip["count"], flip["total"], flip["after"]) for flip in past] == [(1, "280.00", "alone")]


def test_why_explains_a_recorded_verdict() -> None:
    result = RUN.invoke(app, ["why", "d-1"], catch_exceptions=False)
    assert "did not hold: the amount is above 0 and at most 250.00 EUR" in result.output
    assert "may be approved by: claims-handler, claims-manager, finance-director" in result.output


def test_why_says_when_there_is_no_such_verdict() -> None:
    with pytest.raises(NoSuchRecord, match="`d-9` is no verdict on record"):
        RUN.invoke(app, ["why", "d-9"], catch_exceptions=False)


def test_authority_lists_every_limit() -> None:
    _, rights = said("authority")
    assert isinstance(rights, list)
    limits = {right["rule"]: right["limit"] for right in rights if right["verb"] == "approve"}
    assert limits["gift-card.claims-handler.eur"] == "500.00 EUR"


def test_a_name_that_is_neither_folder_nor_hash_is_refused() -> None:
    result = RUN.invoke(app, ["diff", "nowhere"])
    assert "`nowhere` is neither a folder of policies nor the hash of stored ones" in str(result.exception)
