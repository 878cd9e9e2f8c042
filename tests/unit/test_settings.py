"""Settings: read once, absolute, and a bad one says its name."""

from pathlib import Path

import pytest

from baton.runtime.root import NoProject, project_root
from baton.runtime.settings import BadSetting, Settings, load


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        if field.alias:
            monkeypatch.delenv(field.alias, raising=False)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BATON_OCR_THREADS", "many"),
        ("BATON_WORK_CONCURRENCY", "0"),
        ("BATON_TEMPORAL_PORT", "99999"),
        ("BATON_TEMPORAL_SYNCHRONOUS", "OFF"),
        ("OPENAI_BASE_URL", "localhost:8080"),
        ("BATON_DATABASE_URL", "mysql://somewhere/baton"),
        ("BATON_SMTP_URL", "mail.example"),
    ],
)
def test_a_bad_setting_names_its_variable(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSetting, match=f"`{variable}`"):
        load()


def test_a_password_in_a_bad_setting_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_SMTP_URL", "http://user:hunter2@mail.example")
    monkeypatch.setenv("BATON_DATABASE_URL", "mysql://baton:hunter3@db/baton")
    with pytest.raises(BadSetting) as refused:
        load()
    assert "BATON_SMTP_URL" in str(refused.value)
    assert "hunter" not in str(refused.value)


def test_a_bad_folder_is_one_complaint_not_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_OCR_THREADS", "x")
    with pytest.raises(BadSetting) as refused:
        load()
    assert str(refused.value).count("setting `") == 1


def test_everything_is_kept_in_the_project_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = load()
    assert settings.home == settings.project / ".baton"
    assert settings.database_url == f"sqlite:///{settings.home}/baton.db"
    monkeypatch.setenv("BATON_HOME", str(tmp_path))
    assert load().home == tmp_path
    assert load().database_url == f"sqlite:///{tmp_path}/baton.db"


def test_variables_that_merely_share_a_fields_name_do_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MODEL", "somebody's")
    monkeypatch.setenv("DEBUG", "1")
    settings = load()
    assert settings.home == settings.project / ".baton"
    assert settings.model is None
    assert settings.debug is False


def test_relative_places_are_made_absolute_because_workers_start_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_HOME", "somewhere")
    monkeypatch.setenv("BATON_DATABASE_URL", "sqlite:///records.db")
    settings = load()
    assert settings.home == Path.cwd() / "somewhere"
    assert settings.database_url == f"sqlite:///{Path.cwd()}/records.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_postgresql_address_is_taken(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", f"{scheme}://baton@db/baton")
    assert load().database_url == "postgresql+psycopg://baton@db/baton"


def test_a_worker_gets_exactly_the_settings_of_the_one_that_starts_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = load(home=tmp_path, ocr_threads=3, debug=True, smtp_url="smtp://user:word@mail.example:587")
    for name, value in given.environment().items():
        monkeypatch.setenv(name, value)
    assert load() == given


def test_a_password_does_not_show_when_settings_are_printed() -> None:
    settings = load(smtp_url="smtp://user:hunter2@mail.example", model_key="sk-hunter2")
    assert "hunter2" not in repr(settings)


def test_the_project_is_found_from_any_folder_below_it(tmp_path: Path) -> None:
    for name in ("workflows", "agents", "activities", "policies", "docs/deep"):
        (tmp_path / name).mkdir(parents=True)
    assert project_root(tmp_path / "docs" / "deep") == tmp_path


def test_a_folder_without_a_project_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoProject, match="BATON_PROJECT"):
        project_root(tmp_path)
    (tmp_path / "workflows").mkdir()
    monkeypatch.setenv("BATON_PROJECT", str(tmp_path))
    with pytest.raises(NoProject, match="agents/"):
        load()
