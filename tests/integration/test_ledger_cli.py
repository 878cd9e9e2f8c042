"""`baton ledger` says what it found, in words and in JSON."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from baton.ledger import Keys, Ledger
from baton.ledger_cli import app
from baton.store import Database
from baton.types.decisions import Decision

run = CliRunner()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_database: Database, decided: Callable[..., Decision]) -> Ledger:
    """A project whose ledger holds three decisions, and this process in it."""
    for folder in ("workflows", "agents", "activities", "policies"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BATON_DATABASE_URL", sqlite_database.url)
    for name in ("BATON_HOME", "BATON_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    ledger = Ledger(sqlite_database, Keys(tmp_path / ".baton"))
    with sqlite_database.write() as connection:
        for n in range(3):
            ledger.append(connection, decided(f"d-{n}", private={"name": "Ada"}, subject="C-1"))
    return ledger


def test_an_untouched_ledger_verifies(here: Ledger) -> None:
    done = run.invoke(app, ["verify"])
    assert done.exit_code == 0, done.output
    assert "3 decisions, none changed" in done.output
    said = json.loads(run.invoke(app, ["verify", "--json"]).output)
    assert said == {"ok": True, "entries": 3, "root": here.root(), "problems": [], "found": 0}


def test_a_changed_one_does_not_and_the_place_is_named(here: Ledger) -> None:
    with here.database.write() as connection:
        connection.execute(text("DROP TRIGGER entry_refuses_update"))
        connection.execute(
            text("UPDATE entry SET body = CAST(replace(body, 'autonomous', 'forbiddens') AS BLOB) WHERE position = 1")
        )
    done = run.invoke(app, ["verify"])
    assert done.exit_code == 1
    assert "entry 1: the body of decision `d-1` was changed" in done.output
    assert json.loads(run.invoke(app, ["verify", "--json"]).output)["problems"][0]["place"] == "entry 1"


def test_a_proof_file_checks_with_the_key_and_no_database(here: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "claim.tlog-proof"
    assert run.invoke(app, ["proof", "d-1", "-o", str(file)]).exit_code == 0
    key = str(here.keys.verifier)
    monkeypatch.setenv("BATON_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert "decision `d-1` is entry 1" in run.invoke(app, ["check-proof", str(file)]).output
    monkeypatch.chdir("/")
    done = run.invoke(app, ["check-proof", str(file), "--key", key, "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.output)
    assert (said["ok"], said["position"], said["decision"]["id"], said["sealed"]) == (True, 1, "d-1", True)


def test_a_changed_proof_file_is_refused(here: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "claim.tlog-proof"
    run.invoke(app, ["proof", "d-1", "-o", str(file)])
    file.write_text(file.read_text().replace("index 1", "index 2"))
    done = run.invoke(app, ["check-proof", str(file)])
    assert done.exit_code != 0
    assert "does not stand at `2`" in str(done.exception)


def test_where_nothing_was_recorded_it_says_what_to_do(here: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    assert "start `baton up`" in str(run.invoke(app, ["verify"]).exception)
    assert not (tmp_path / "none.db").exists()


def test_an_unknown_decision_is_said_to_be_unknown(here: Ledger, tmp_path: Path) -> None:
    done = run.invoke(app, ["proof", "d-99", "-o", str(tmp_path / "x")])
    assert "`d-99` is not on record" in str(done.exception)
