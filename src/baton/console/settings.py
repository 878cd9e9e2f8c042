"""What the console can be told by environment variables; every default is right for one machine."""

from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from baton.errors import BatonError

SignInBy: TypeAlias = Literal["demo", "local", "oidc"]
_HERE = ("127.0.0.1", "::1", "localhost")


class BadConsoleSetting(BatonError):
    """A setting of the console has a value that cannot be used."""


class ConsoleSettings(BaseSettings):
    """How the console is served and who may sign in. The environment variable of each field is its alias."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    host: str = Field(default="127.0.0.1", alias="BATON_CONSOLE_HOST")
    port: int = Field(default=8377, ge=0, le=65535, alias="BATON_CONSOLE_PORT", description="0 takes a free one")
    url: str | None = Field(
        default=None, alias="BATON_CONSOLE_URL", description="as people reach it, as in `https://baton.example`"
    )
    sign_in: SignInBy = Field(
        default="demo",
        alias="BATON_SIGN_IN",
        description="`demo` lets anybody on this machine be anybody; `local` asks a password",
    )
    session_hours: float = Field(default=10, gt=0, le=168, alias="BATON_SESSION_HOURS")
    idle_minutes: float = Field(default=60, gt=0, le=1440, alias="BATON_SESSION_IDLE_MINUTES")
    undo_seconds: float = Field(default=8, ge=0, le=60, alias="BATON_UNDO_SECONDS", description="how long an answer is held back")
    language: str | None = Field(default=None, alias="BATON_LANGUAGE", description="for everybody; else each browser's own")
    processes: int = Field(
        default=1, ge=1, le=32, alias="BATON_CONSOLE_PROCESSES", description="processes that serve; one for each core to spare"
    )
    api_per_minute: int = Field(
        default=600, ge=0, alias="BATON_API_PER_MINUTE", description="calls of the API for each caller; 0 sets no limit"
    )
    webhooks_inside: bool = Field(
        default=False, alias="BATON_WEBHOOKS_INSIDE", description="webhooks may lead to this machine and to private networks"
    )
    oidc_issuer: str | None = Field(
        default=None, alias="BATON_OIDC_ISSUER", description="as in `https://login.example/realms/staff`"
    )
    oidc_client: str | None = Field(default=None, alias="BATON_OIDC_CLIENT_ID")
    oidc_secret: SecretStr | None = Field(default=None, alias="BATON_OIDC_CLIENT_SECRET")
    oidc_person: str = Field(default="email", alias="BATON_OIDC_CLAIM", description="the claim that names somebody of the staff")
    oidc_roles: str | None = Field(default=None, alias="BATON_OIDC_ROLES_CLAIM", description="roles come from this claim, if set")
    oidc_department: str | None = Field(default=None, alias="BATON_OIDC_DEPARTMENT_CLAIM")

    @property
    def secure(self) -> bool:
        """Whether people reach it by HTTPS."""
        return urlsplit(self.url or "").scheme == "https"

    @property
    def local_only(self) -> bool:
        """Whether nobody but this machine can reach it."""
        return self.host in _HERE and urlsplit(self.url or "http://localhost").hostname in _HERE

    @model_validator(mode="after")
    def _safe(self) -> "ConsoleSettings":
        if self.sign_in == "demo" and not self.local_only:
            raise ValueError("demo accounts are for this machine alone: set `BATON_SIGN_IN` to `local` or `oidc` to serve others")
        if self.sign_in == "oidc" and not (self.oidc_issuer and self.oidc_client):
            raise ValueError("sign-in by `oidc` needs `BATON_OIDC_ISSUER` and `BATON_OIDC_CLIENT_ID`")
        return self


def load_console(**given: object) -> ConsoleSettings:
    """The console's settings of this environment. Raises `BadConsoleSetting` naming the variable."""
    fields = ConsoleSettings.model_fields
    try:
        return ConsoleSettings(**{str(fields[name].alias): value for name, value in given.items()})  # type: ignore[arg-type]  # checked by the model
    except ValidationError as error:
        first = error.errors()[0]
        where = f"setting `{first['loc'][0]}`: " if first["loc"] else ""
        raise BadConsoleSetting(where + str(first["msg"]).removeprefix("Value error, ")) from None
