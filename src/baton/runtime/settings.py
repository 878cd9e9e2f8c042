"""Everything that can be set, in one place; each from one environment variable, read once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from baton.errors import BatonError
from baton.governance.declare import Queue
from baton.runtime.root import checked, project_root

_CORES = os.cpu_count() or 2
_SECRET = ("OPENAI_API_KEY", "BATON_SMTP_URL", "BATON_IMAP_URL", "BATON_DATABASE_URL")


class BadSetting(BatonError):
    """A setting has a value that cannot be used."""


class Settings(BaseSettings):
    """What Baton runs with. The environment variable of each field is its alias."""

    # No field is found by its own name: `home` would be read from `HOME`.
    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    project: Path = Field(
        default_factory=project_root,
        alias="BATON_PROJECT",
        description="the folder that holds workflows/, agents/, activities/ and policies/",
    )
    home: Path = Field(
        default_factory=lambda done: done["project"] / ".baton", alias="BATON_HOME", description="where everything is kept"
    )
    database_url: str = Field(
        default_factory=lambda done: f"sqlite:///{done['home'] / 'baton.db'}",
        alias="BATON_DATABASE_URL",
        description="SQLAlchemy address of Baton's own database; default a SQLite file in home",
    )

    temporal_address: str | None = Field(default=None, alias="TEMPORAL_ADDRESS", description="host:port of a cluster")
    temporal_namespace: str | None = Field(default=None, alias="TEMPORAL_NAMESPACE")
    temporal_profile: str | None = Field(default=None, alias="TEMPORAL_PROFILE", description="a profile of temporal.toml")
    task_queue: str = Field(
        default="baton", pattern=r"^[\w.-]{1,64}$", alias="BATON_TASK_QUEUE", description="pages go to `<this>-pages`"
    )
    temporal_port: int = Field(
        default=7233, ge=1, le=65535, alias="BATON_TEMPORAL_PORT", description="the embedded server's usual port"
    )
    temporal_synchronous: Literal["NORMAL", "FULL"] = Field(
        default="NORMAL", alias="BATON_TEMPORAL_SYNCHRONOUS", description="FULL survives a power cut, at a tenth of the speed"
    )

    model: str | None = Field(
        default=None, alias="BATON_MODEL", description="language model by name; none means the offline readers"
    )
    model_url: str | None = Field(default=None, alias="OPENAI_BASE_URL")
    model_key: SecretStr | None = Field(default=None, alias="OPENAI_API_KEY")

    smtp_url: SecretStr | None = Field(
        default=None, alias="BATON_SMTP_URL", description="as in `smtp://user:password@host:587`; none means home/outbox"
    )
    imap_url: SecretStr | None = Field(
        default=None, alias="BATON_IMAP_URL", description="a mailbox to take mail from, as in `imaps://user:password@host/INBOX`"
    )
    imap_seconds: int = Field(default=60, ge=1, alias="BATON_IMAP_SECONDS", description="between two looks into the mailbox")
    smtp_drop: str | None = Field(
        default=None,
        pattern=r"^[\w.-]*:\d{1,5}$",
        alias="BATON_SMTP_DROP",
        description="host:port to take mail at by SMTP, for a mail server that hands it on; no TLS, no passwords: keep it inside",
    )
    drop_folder: Path | None = Field(
        default=None,
        alias="BATON_DROP_FOLDER",
        description="a folder to take .eml and .msg files from; they move to `taken/` in it",
    )
    otlp_endpoint: str | None = Field(default=None, alias="OTEL_EXPORTER_OTLP_ENDPOINT")

    work_workers: int = Field(
        default=min(2, _CORES), ge=1, le=64, alias="BATON_WORK_WORKERS", description="processes for everything but pages"
    )
    work_concurrency: int = Field(default=40, ge=1, le=1000, alias="BATON_WORK_CONCURRENCY", description="activities at once")
    pages_concurrency: int = Field(default=_CORES, ge=1, le=64, alias="BATON_PAGES_CONCURRENCY")
    ocr_threads: int = Field(default=1, ge=1, le=64, alias="BATON_OCR_THREADS", description="threads for one page")
    cached_cases: int = Field(
        default=500, ge=1, le=100_000, alias="BATON_CACHED_CASES", description="cases a worker keeps in memory"
    )
    start_seconds: float = Field(
        default=60, gt=0, alias="BATON_START_SECONDS", description="how long one part may take to come up"
    )
    stop_seconds: float = Field(
        default=10, gt=0, alias="BATON_STOP_SECONDS", description="how long a worker may finish what it began"
    )
    debug: bool = Field(default=False, alias="BATON_DEBUG", description="show the traceback of an error")

    @field_validator("project")
    @classmethod
    def _a_project(cls, value: Path) -> Path:
        return checked(value.expanduser().resolve())

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        scheme, _, rest = value.partition("://")
        if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
            return f"postgresql+psycopg://{rest}"
        if value.startswith("sqlite:///"):
            # Workers start in another folder.
            return f"sqlite:///{Path(value.removeprefix('sqlite:///')).expanduser().resolve()}"
        raise ValueError("use an address that begins with `postgresql://` or `sqlite:///`")

    @field_validator("smtp_url")
    @classmethod
    def _known_mail(cls, value: SecretStr | None) -> SecretStr | None:
        if value and (
            urlsplit(value.get_secret_value()).scheme not in ("smtp", "smtps") or not urlsplit(value.get_secret_value()).hostname
        ):
            raise ValueError("use an address as in `smtp://user:password@host:587`")
        return value

    @field_validator("imap_url")
    @classmethod
    def _known_mailbox(cls, value: SecretStr | None) -> SecretStr | None:
        if value:
            parts = urlsplit(value.get_secret_value())
            if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
                raise ValueError("use an address as in `imaps://user:password@host/INBOX`")
        return value

    @field_validator("model_url", "otlp_endpoint")
    @classmethod
    def _known_address(cls, value: str | None) -> str | None:
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError("use an address that begins with `http://` or `https://`")
        return value

    @property
    def uses_cluster(self) -> bool:
        """Whether Temporal runs elsewhere: an address or a profile was given."""
        return bool(self.temporal_address or self.temporal_profile)

    @property
    def logs(self) -> Path:
        """Where the server and the workers write their logs."""
        return self.home / "logs"

    def queue(self, name: Queue) -> str:
        """The Temporal task queue of one kind of worker."""
        return self.task_queue if name == "work" else f"{self.task_queue}-{name}"

    def environment(self) -> dict[str, str]:
        """The variables that give another process these same settings."""
        given = {"BATON_PROJECT": str(self.project), "BATON_HOME": str(self.home)}
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if field.alias and value is not None and field.alias not in given:
                given[field.alias] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        return given


def load(**given: Any) -> Settings:
    """The settings of this environment, with `given` fields (by name, as in `home=`) first.

    Raises `BadSetting` naming the variable.
    """
    try:
        return Settings(**{_variable(name): value for name, value in given.items()})
    except ValidationError as error:
        # A default that depends on a bad setting is no second complaint.
        details = [detail for detail in error.errors() if detail["type"] != "default_factory_not_called"]
        raise BadSetting("; ".join(_complaint(detail) for detail in details)) from None


def home_dir() -> Path:
    """The folder in which this project keeps everything."""
    return load().home


def _complaint(detail: Mapping[str, Any]) -> str:
    key = _variable(str(detail["loc"][0]) if detail["loc"] else "")
    why = str(detail["msg"]).removeprefix("Value error, ")
    # A key or a password is never repeated.
    shown = "" if key in _SECRET else f" is `{detail['input']}`"
    return f"setting `{key}`{shown}: {why[:1].lower()}{why[1:]}"


def _variable(name: str) -> str:
    field = Settings.model_fields.get(name)
    return field.alias if field and field.alias else name
