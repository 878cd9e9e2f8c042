"""The command line: one clear line for an error, and a doctor who says what to do."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from baton import telemetry
from baton.telemetry import names, root_span, set_up, span
from baton.telemetry.setup import close
from baton.types.ids import CaseId
from tests.integration.small_project import UNDECLARED, write_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path / "company")


def baton(root: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BATON_", "TEMPORAL_", "OPENAI_", "OTEL_"))}
    return subprocess.run(
        [sys.executable, "-m", "baton.cli", *arguments],
        cwd=root,
        env={**kept, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_error_is_one_line_in_the_users_words(root: Path) -> None:
    told = baton(root, "up", BATON_OCR_THREADS="many")
    assert told.returncode == 2
    assert told.stderr.startswith("baton: setting `BATON_OCR_THREADS` is `many`: ")
    assert told.stderr.count("\n") == 1


def test_the_traceback_is_there_for_who_asks(root: Path) -> None:
    told = baton(root, "up", BATON_OCR_THREADS="many", BATON_DEBUG="1")
    assert "Traceback" in told.stderr


def test_outside_of_a_project_it_says_where_to_go(tmp_path: Path) -> None:
    told = baton(tmp_path, "trace", "WC-1")
    assert told.returncode == 2
    assert "BATON_PROJECT" in told.stderr


def test_an_unknown_command_is_refused(root: Path) -> None:
    assert baton(root, "frobnicate").returncode == 2


def test_a_trace_is_drawn_and_printed_as_json(root: Path) -> None:
    set_up("work", root / ".baton")
    case = CaseId("WC-9")
    with span(f"{names.POLICY} erp.issue_gift_card", {names.VERDICT: "autonomous"}, case=case):
        pass
    root_span(case, datetime.now(UTC), datetime.now(UTC))
    assert telemetry.flush()
    close()
    assert "autonomous" in baton(root, "trace", "WC-9").stdout
    bars = json.loads(baton(root, "trace", "WC-9", "--json").stdout)
    assert [bar["depth"] for bar in bars] == [0, 1]
    missing = baton(root, "trace", "WC-10")
    assert (missing.returncode, "`WC-10`" in missing.stderr) == (2, True)


def checks(root: Path, **environment: str) -> dict[str, dict[str, str]]:
    told = baton(root, "doctor", "--json", **environment)
    found = json.loads(told.stdout)
    assert told.returncode == (0 if found["good"] else 1)
    return {check["name"]: check for check in found["checks"]}


def test_the_doctor_finds_a_sound_project_sound(root: Path) -> None:
    found = checks(root)
    assert {name for name, check in found.items() if check["state"] == "bad"} == set()
    assert found["project"]["says"].startswith("1 processes")


def test_the_doctor_says_what_to_do_about_everything_that_is_wrong(root: Path) -> None:
    (root / "policies/waiting.cedar").write_text("permit (principal action, resource);\n")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, but nobody listens
        nowhere = f"127.0.0.1:{closed.getsockname()[1]}"
        found = checks(
            root,
            TEMPORAL_ADDRESS=nowhere,
            BATON_START_SECONDS="3",
            BATON_DATABASE_URL=f"postgresql://baton@{nowhere}/baton",
            BATON_MODEL="small",
            OPENAI_BASE_URL=f"http://{nowhere}/v1",
            BATON_SMTP_URL=f"smtp://{nowhere}",
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://{nowhere}",
        )
    assert {name for name, check in found.items() if check["state"] == "bad"} == {
        "temporal",
        "database",
        "policies",
        "model",
        "mail",
    }
    assert found["traces"]["state"] == "note"
    assert all(check["todo"] for check in found.values() if check["state"] == "bad")
    assert "waiting.cedar" in found["policies"]["says"]


def test_the_doctor_names_an_activity_that_does_not_say_what_it_is(root: Path) -> None:
    (root / "activities/shelf/more.py").write_text(UNDECLARED)
    assert "pay_out" in checks(root)["project"]["says"]


def test_the_doctor_works_where_the_settings_do_not(root: Path) -> None:
    found = checks(root, BATON_TEMPORAL_PORT="none")
    assert found["settings"]["state"] == "bad"
    assert "BATON_TEMPORAL_PORT" in found["settings"]["says"]
