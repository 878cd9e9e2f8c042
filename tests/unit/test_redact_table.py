"""Which kinds of personal data a process redacts is said in a table; whatever it leaves open is redacted."""

from pathlib import Path

import pytest

from baton.llm.redaction.kinds import KINDS
from baton.llm.redaction.table import BadPrivacy, Privacy

HEAD = "process,kind,redact\n"


def test_without_a_table_everything_is_redacted(tmp_path: Path) -> None:
    assert Privacy.at(tmp_path / "none.csv").kinds("warranty_claim") == KINDS
    assert Privacy.read("").kinds("") == KINDS


def test_the_most_specific_row_wins_process_before_kind() -> None:
    table = Privacy.read(HEAD + "*,*,no\n*,email,yes\nclaims,*,yes\nclaims,email,no\n")
    assert table.kinds("claims") == tuple(kind for kind in KINDS if kind != "email")
    assert table.kinds("orders") == ("email",)


def test_a_process_may_say_so_in_a_table_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "returns").mkdir()
    (tmp_path / "returns" / "privacy.csv").write_text("kind,redact\nemail,no\n")
    table = Privacy.at(tmp_path / "privacy.csv")
    assert "email" not in table.kinds("returns")
    assert table.kinds("refunds") == KINDS


def test_remarks_and_blank_lines_are_skipped() -> None:
    assert Privacy.read(f"# why\n{HEAD}\n# more\n*,phone,no\n").kinds("") == tuple(kind for kind in KINDS if kind != "phone")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("process,kind\n", "columns"),
        (HEAD + "*,shoe,yes\n", "line 2 names the kind `shoe`"),
        (HEAD + "*,email,maybe\n", "`maybe`"),
        (HEAD + "*,email\n", "line 2"),
        (HEAD + ",email,no\n", "line 2"),
        (HEAD + "*,email,no\n*,email,yes\n", "two things"),
    ],
)
def test_a_table_that_is_not_clear_lets_nothing_leave(text: str, words: str) -> None:
    with pytest.raises(BadPrivacy, match=words):
        Privacy.read(text)


def test_a_file_that_is_no_text_lets_nothing_leave(tmp_path: Path) -> None:
    path = tmp_path / "privacy.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadPrivacy, match=r"privacy\.csv"):
        Privacy.at(path)


def test_the_projects_own_table_redacts_everything() -> None:
    path = Path(__file__).parents[2] / "policies" / "tables" / "privacy.csv"
    assert path.is_file()
    assert Privacy.at(path).kinds("warranty_claim") == KINDS
