"""How a language model is reached, read from the environment once. Nothing set means offline, which is a full way to work."""

import os
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from baton.llm.budget import Budget, Prices
from baton.llm.call import ModelUnavailable
from baton.llm.redaction.table import TABLE


class ModelSettings(BaseSettings):
    """The language model, if any. Offline unless `BATON_MODEL` names one."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    model: str | None = Field(default=None, validation_alias="BATON_MODEL")
    url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL", description="None is the provider's own address")
    api_key: SecretStr = Field(default=SecretStr(""), validation_alias="OPENAI_API_KEY")
    seconds: float = Field(default=60, gt=0, validation_alias="BATON_MODEL_SECONDS")
    """The longest wait for one attempt."""
    seconds_in_all: float = Field(default=150, gt=0, validation_alias="BATON_MODEL_SECONDS_IN_ALL")
    """The longest wait with every repeat."""
    repeats: int = Field(default=3, ge=0, le=10, validation_alias="BATON_MODEL_REPEATS")
    """How often a call is repeated after 429, 5xx, a time-out or a broken connection."""
    answer_tokens: int = Field(default=1500, gt=0, validation_alias="BATON_MODEL_ANSWER_TOKENS")
    material_characters: int = Field(default=24_000, gt=0, validation_alias="BATON_MODEL_CHARACTERS")
    """The most that one prompt carries of documents."""
    tokens_per_case: int = Field(default=200_000, ge=0, validation_alias="BATON_TOKENS_PER_CASE")
    tokens_per_day: int = Field(default=20_000_000, ge=0, validation_alias="BATON_TOKENS_PER_DAY")
    """Of all cases together, from midnight to midnight UTC."""
    money_per_case: Decimal | None = Field(default=None, ge=0, validation_alias="BATON_MONEY_PER_CASE")
    money_per_day: Decimal | None = Field(default=None, ge=0, validation_alias="BATON_MONEY_PER_DAY")
    price_sent: Decimal = Field(default=Decimal(0), ge=0, validation_alias="BATON_MODEL_PRICE_SENT")
    """What a million tokens sent cost, in the currency of the budgets."""
    price_received: Decimal = Field(default=Decimal(0), ge=0, validation_alias="BATON_MODEL_PRICE_RECEIVED")
    privacy: Path = Field(
        default_factory=lambda: Path(os.environ.get("BATON_PROJECT") or ".") / "policies" / TABLE,
        validation_alias="BATON_PRIVACY",
    )
    """The table of what is redacted for which process; where there is none, everything is."""

    @field_validator("url")
    @classmethod
    def _no_secret_inside(cls, url: str | None) -> str | None:
        if url and urlsplit(url).username is not None:
            raise ValueError("an address may not carry a password: put the key into `OPENAI_API_KEY`")
        return url

    @model_validator(mode="after")
    def _priced(self) -> "ModelSettings":
        if (self.money_per_case or self.money_per_day) is not None and not (self.price_sent or self.price_received):
            raise ValueError("a budget of money needs prices: set `BATON_MODEL_PRICE_SENT` and `BATON_MODEL_PRICE_RECEIVED`")
        return self

    @property
    def budget(self) -> Budget:
        """The most that a case, and a day, may use."""
        names = ("tokens_per_case", "tokens_per_day", "money_per_case", "money_per_day")
        return Budget(**{name: getattr(self, name) for name in names})

    @property
    def prices(self) -> Prices:
        """What tokens cost."""
        return Prices(sent=self.price_sent, received=self.price_received)

    @property
    def offline(self) -> bool:
        """Whether no model is to be asked."""
        return not self.model

    @property
    def host(self) -> str:
        """Where calls go, for people and logs."""
        return (urlsplit(self.url).netloc if self.url else "") or "api.openai.com"


def model_settings() -> ModelSettings:
    """The settings of this environment. Raises `ModelUnavailable`, naming the key, when a value makes no sense."""
    try:
        settings = ModelSettings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "BATON_MONEY_PER_CASE"
        raise ModelUnavailable(f"`{where}` makes no sense: {first['msg']}") from None
    if settings.model and not settings.url and not settings.api_key.get_secret_value():
        raise ModelUnavailable("`BATON_MODEL` is set, but neither `OPENAI_API_KEY` nor `OPENAI_BASE_URL` says where to ask")
    return settings
