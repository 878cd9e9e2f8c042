"""A company's folders: a file is a process, a wrong one is named at start-up, a shadowed one is refused."""

from pathlib import Path

import pytest

from tests.integration.small_project import UNDECLARED, python, write_project

DISCOVER = """
from pathlib import Path
from baton.errors import BatonError
from baton.runtime.project import discover
try:
    project = discover(Path.cwd())
    print(sorted(project.processes), sorted(project.declarations))
except BatonError as error:
    print(type(error).__name__, error)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path / "company")


def test_a_file_with_its_policy_is_a_process_and_nothing_else_is_edited(root: Path) -> None:
    assert python(root, DISCOVER).stdout == "['waiting'] ['shelf.look_up']\n"
    (root / "workflows/second.py").write_text((root / "workflows/waiting.py").read_text().replace('"Waiting"', '"Second"'))
    (root / "policies/second.cedar").write_text("")
    assert python(root, DISCOVER).stdout.startswith("['second', 'waiting']")


def test_a_process_says_which_messages_it_is_for(root: Path) -> None:
    script = DISCOVER.replace("sorted(project.processes)", "project.processes['waiting'].takes")
    assert python(root, script).stdout.startswith("None ")
    with (root / "workflows/waiting.py").open("a") as file:
        file.write("from baton.process import Takes\nTAKES = Takes(means='somebody waits')\n")
    assert python(root, script).stdout.startswith("means='somebody waits'")
    with (root / "workflows/waiting.py").open("a") as file:
        file.write("TAKES = 'everything'\n")
    assert python(root, script).stdout.startswith("BadProject `TAKES` in")


def test_a_process_without_a_policy_is_refused_by_name(root: Path) -> None:
    (root / "policies/waiting.cedar").unlink()
    told = python(root, DISCOVER).stdout
    assert told.startswith("BadProject process `waiting` has no policy: write `policies/waiting.cedar`")


@pytest.mark.parametrize("place", ["activities/shelf/more.py", "agents/more.py"])
def test_an_undeclared_activity_is_refused_by_name(root: Path, place: str) -> None:
    (root / place).write_text(UNDECLARED)
    assert python(root, DISCOVER).stdout.startswith("Undeclared activity `pay_out` does not say what it is")


def test_an_undeclared_activity_hidden_in_a_class_is_found_too(root: Path) -> None:
    hidden = "\n".join(f"    {line}" for line in UNDECLARED.splitlines()[4:])
    (root / "activities/shelf/more.py").write_text(f"from temporalio import activity\n\n\nclass Till:\n{hidden}\n")
    assert python(root, DISCOVER).stdout.startswith("Undeclared activity `Till.pay_out`")


def test_a_company_cannot_call_its_own_activity_engine(root: Path) -> None:
    actions = root / "activities/shelf/actions.py"
    actions.write_text(actions.read_text().replace("import read", "import engine as read"))
    assert python(root, DISCOVER).stdout.startswith("BadProject activity `shelf.look_up` calls itself `engine`")


def test_two_activities_of_one_name_are_refused_with_both_places(root: Path) -> None:
    (root / "activities/shelf/again.py").write_text((root / "activities/shelf/actions.py").read_text())
    told = python(root, DISCOVER).stdout
    assert "two activities are called `shelf.look_up`" in told
    assert "activities.shelf.actions" in told
    assert "activities.shelf.again" in told


def test_a_file_that_does_not_load_is_named_with_the_reason(root: Path) -> None:
    (root / "agents/broken.py").write_text("import nothing_of_the_kind\n")
    told = python(root, DISCOVER).stdout
    assert told.startswith("BadProject `agents/broken` cannot be loaded: ModuleNotFoundError")


@pytest.mark.parametrize("folder", ["workflows", "agents", "activities"])
def test_a_folder_shadowed_by_another_package_is_refused_and_the_other_named(root: Path, folder: str, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / folder
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    # Without its own `__init__.py`, a folder loses to any package of that name, wherever it stands on the path.
    (root / folder / "__init__.py").unlink()
    told = python(root, DISCOVER, other.parent).stdout
    assert told.startswith(f"Shadowed folder `{folder}/` of `{root}` is shadowed")
    assert str(other) in told


def test_a_folder_that_was_imported_from_elsewhere_before_is_refused(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "agents"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    first = f"import sys; sys.path.insert(0, {str(other.parent)!r}); import agents; sys.path.pop(0)\n"
    assert python(root, first + DISCOVER).stdout.startswith(f"Shadowed folder `agents/` of `{root}`")


def test_the_projects_folders_win_over_installed_packages_of_the_same_name(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "site" / "agents"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("raise RuntimeError('the wrong one')")
    assert python(root, DISCOVER, other.parent).stdout.startswith("['waiting']")
