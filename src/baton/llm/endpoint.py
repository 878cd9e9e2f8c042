"""How a call travels: the client, its repeats and time limits, and what every failure on the way means."""

import asyncio
import ssl
from collections.abc import Sequence
from functools import cache, partial
from typing import Any

import httpx
import openai
from pydantic import BaseModel, ValidationError

from baton.llm.answers import Answer
from baton.llm.call import ModelNonsense, ModelUnavailable
from baton.llm.schema import strict_schema
from baton.llm.settings import ModelSettings
from baton.llm.wire import as_answer
from baton.types.canonical import Json


class ModelOutOfReach(ModelUnavailable):
    """The endpoint cannot be reached or did not take the call: nothing was paid."""


class Endpoint:
    """One OpenAI-compatible address."""

    def __init__(self, settings: ModelSettings) -> None:
        assert settings.model, "offline: there is no endpoint without a model"
        self._model = settings.model
        self._settings = settings

    async def ask(self, messages: Sequence[dict[str, Json]], schema: type[BaseModel]) -> Answer:
        """The endpoint's answer as it came. Raises `ModelOutOfReach`, `ModelUnavailable` or `ModelNonsense`."""
        said = self._settings
        try:
            async with asyncio.timeout(said.seconds_in_all), self._client() as client:
                return as_answer(await self._create(client, list(messages), schema))
        except (TimeoutError, openai.APITimeoutError):
            raise ModelUnavailable(f"model `{self._model}` at `{said.host}` did not answer in time") from None
        except openai.APIConnectionError as error:
            raise _unreachable(error, said.host) from None
        except openai.APIStatusError as error:
            # Never the provider's own words: they quote keys and prompts.
            raise ModelOutOfReach(_status_words(error.status_code, said.host)) from None
        except (openai.OpenAIError, ValidationError) as error:
            raise ModelNonsense(f"`{said.host}` does not speak the OpenAI protocol: {type(error).__name__}") from None

    async def _create(self, client: openai.AsyncOpenAI, messages: list[Any], schema: type[BaseModel]) -> bytes:
        form = {"name": schema.__name__, "schema": strict_schema(schema), "strict": True}
        create = partial(
            client.chat.completions.with_raw_response.create,
            model=self._model,
            messages=messages,
            max_completion_tokens=self._settings.answer_tokens,
            response_format={"type": "json_schema", "json_schema": form},
        )
        try:
            return (await create(temperature=0)).content
        except openai.BadRequestError as error:
            if error.param != "temperature":  # reasoning models take only their own
                raise
            return (await create()).content

    def _client(self) -> openai.AsyncOpenAI:
        # The client itself repeats 408, 409, 429, 5xx and broken connections, backing off, and heeds Retry-After.
        said = self._settings
        key = said.api_key.get_secret_value() or "none"
        http = openai.DefaultAsyncHttpxClient(verify=_certificates(), timeout=said.seconds)
        return openai.AsyncOpenAI(
            api_key=key, base_url=said.url, timeout=said.seconds, max_retries=said.repeats, http_client=http
        )


@cache
def _certificates() -> ssl.SSLContext:
    """The system's trusted certificates, loaded once: it takes longer than everything else about a client."""
    return ssl.create_default_context()


def _unreachable(error: openai.APIConnectionError, host: str) -> ModelUnavailable:
    """Nobody listens, or the connection broke: only then may an answer have been on its way."""

    if isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout):
        return ModelOutOfReach(f"`{host}` cannot be reached: check `OPENAI_BASE_URL`")
    return ModelUnavailable(f"`{host}` broke the connection off in the middle of its answer; see `OPENAI_BASE_URL`")


def _status_words(status: int, host: str) -> str:
    match status:
        case 401 | 403:
            return f"`{host}` refuses our key (status {status}): check `OPENAI_API_KEY`"
        case 404:
            return f"`{host}` knows no such model (status 404): check `BATON_MODEL` and `OPENAI_BASE_URL`"
        case 429:
            return f"`{host}` is overloaded or the quota is used up (status 429)"
        case _:
            return f"`{host}` answered with status {status}"
