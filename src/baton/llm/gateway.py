"""The one door to a language model: any OpenAI-compatible endpoint, typed answers only, every failure typed."""

import asyncio
import ssl
from functools import cache, partial
from typing import Any, TypeVar

import openai
from pydantic import BaseModel, ValidationError

from baton.llm.answers import Answer, Answers
from baton.llm.call import BudgetSpent, CallKey, Completion, ModelNonsense, ModelRefused, ModelUnavailable
from baton.llm.prompt import Prompt
from baton.llm.schema import strict_schema
from baton.llm.settings import ModelSettings
from baton.llm.wire import as_answer
from baton.telemetry import Open, names, span
from baton.types.ids import Hash

V = TypeVar("V", bound=BaseModel)


class Gateway:
    """Asks one model at one endpoint. Make one per process; it may be used from any event loop."""

    def __init__(self, settings: ModelSettings, answers: Answers) -> None:
        assert settings.model, "offline: there is no gateway without a model"
        self.model = settings.model
        self._settings = settings
        self._answers = answers

    def __repr__(self) -> str:
        return f"Gateway({self.model} at {self._settings.host})"

    async def structured(self, prompt: Prompt, schema: type[V], *, cache_key: CallKey) -> Completion[V]:
        """The model's answer in the form `schema`.

        Raises `ModelUnavailable`, `ModelRefused`, `ModelNonsense` or `BudgetSpent`; all are `ModelError`, and an agent goes on
        without the model. A recorded answer is used again, also a refusal or nonsense: asking twice would pay twice.
        """
        digest = prompt.hash_for(schema)
        with span(f"{names.CHAT} {self.model}", self._about(cache_key, digest), kind="client") as opened:
            found = await asyncio.to_thread(self._answers.find, cache_key, digest, self.model)
            answer = found or await self._pay(prompt, schema, cache_key, digest)
            _note(opened, answer, cached=found is not None)
            return Completion(
                value=_believe(answer, schema),
                model=answer.model,
                prompt=digest,
                input_tokens=answer.input_tokens,
                output_tokens=answer.output_tokens,
                cached=found is not None,
            )

    async def _pay(self, prompt: Prompt, schema: type[BaseModel], key: CallKey, digest: Hash) -> Answer:
        messages: list[Any] = prompt.messages()
        await self._check_budget(key, sum(len(str(message["content"])) for message in messages))
        answer = await self._ask(messages, schema)
        return await asyncio.to_thread(self._answers.record, key, digest, self.model, answer)

    async def _check_budget(self, key: CallKey, characters: int) -> None:
        # Four characters a token is a rough guess; the provider's own count is what is recorded.
        needed = characters // 4 + self._settings.answer_tokens
        spent = await asyncio.to_thread(self._answers.tokens_of, key.case)
        if spent + needed > self._settings.tokens_per_case:
            raise BudgetSpent(
                f"case `{key.case}` has used {spent} of its {self._settings.tokens_per_case} tokens, and this call needs about "
                f"{needed}: raise `BATON_TOKENS_PER_CASE`, or let people key what is missing"
            )

    async def _ask(self, messages: list[Any], schema: type[BaseModel]) -> Answer:
        said = self._settings
        try:
            async with asyncio.timeout(said.seconds_in_all), self._client() as client:
                return as_answer(await self._create(client, messages, schema))
        except (TimeoutError, openai.APITimeoutError):
            raise ModelUnavailable(f"model `{self.model}` at `{said.host}` did not answer in time") from None
        except openai.APIConnectionError:
            raise ModelUnavailable(f"`{said.host}` cannot be reached: check `OPENAI_BASE_URL`") from None
        except openai.APIStatusError as error:
            # Never the provider's own words: they quote keys and prompts.
            raise ModelUnavailable(_status_words(error.status_code, said.host)) from None
        except (openai.OpenAIError, ValidationError) as error:
            raise ModelNonsense(f"`{said.host}` does not speak the OpenAI protocol: {type(error).__name__}") from None

    async def _create(self, client: openai.AsyncOpenAI, messages: list[Any], schema: type[BaseModel]) -> bytes:
        form = {"name": schema.__name__, "schema": strict_schema(schema), "strict": True}
        create = partial(
            client.chat.completions.with_raw_response.create,
            model=self.model,
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

    def _about(self, key: CallKey, digest: Hash) -> dict[str, str | int]:
        return {
            names.OPERATION: "chat",
            names.PROVIDER: "openai",
            names.MODEL: self.model,
            names.MAX_TOKENS: self._settings.answer_tokens,
            names.OUTPUT_TYPE: "json",
            names.PROMPT_HASH: digest,
            names.CASE_ID: key.case,
        }


@cache
def _certificates() -> ssl.SSLContext:
    """The system's trusted certificates, loaded once: it takes longer than everything else about a client."""
    return ssl.create_default_context()


def _believe(answer: Answer, schema: type[V]) -> V:
    """The answer as a value of its schema; nothing else counts as an answer."""
    if answer.refused:
        raise ModelRefused(f"model `{answer.model}` declined to answer")
    if answer.finish == "length":
        raise ModelNonsense(f"model `{answer.model}` was cut off: raise `BATON_MODEL_ANSWER_TOKENS`")
    try:
        return schema.model_validate_json(answer.content)
    except ValidationError as error:
        # Only names of our own: a key that the model made up may quote a document.
        places = sorted({str(item["loc"][0]) for item in error.errors() if item["loc"] and item["loc"][0] in schema.model_fields})
        where = f" at `{', '.join(places)}`" if places else ""
        raise ModelNonsense(f"model `{answer.model}` did not answer in the form it was given{where}") from None


def _note(opened: Open, answer: Answer, *, cached: bool) -> None:
    opened.set(names.MODEL_ANSWERED, answer.model)
    opened.set(names.FINISH_REASONS, [answer.finish])
    opened.set(names.INPUT_TOKENS, answer.input_tokens)
    opened.set(names.OUTPUT_TOKENS, answer.output_tokens)
    opened.set(names.CACHED, cached)


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
