"""How a language model is reached, read from the environment once. Nothing set means offline, which is a full way to work."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from baton.llm.call import ModelUnavailable


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

    @field_validator("url")
    @classmethod
    def _no_secret_inside(cls, url: str | None) -> str | None:
        if url and urlsplit(url).username is not None:
            raise ValueError("an address may not carry a password: put the key into `OPENAI_API_KEY`")
        return url

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
        raise ModelUnavailable(f"`{'.'.join(map(str, first['loc']))}` makes no sense: {first['msg']}") from None
    if settings.model and not settings.url and not settings.api_key.get_secret_value():
        raise ModelUnavailable("`BATON_MODEL` is set, but neither `OPENAI_API_KEY` nor `OPENAI_BASE_URL` says where to ask")
    return settings
