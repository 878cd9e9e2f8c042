"""The one door to a language model: any OpenAI-compatible endpoint, typed answers only, every failure typed."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from baton.llm.answers import Answer, Answers
from baton.llm.call import AnswerLost, CallKey, Completion, ModelError, ModelNonsense, ModelRefused, ModelUnavailable
from baton.llm.calls import Calls, place_of
from baton.llm.endpoint import Endpoint, ModelOutOfReach
from baton.llm.prompt import Prompt
from baton.llm.redaction.swap import Book, Redacted, redact
from baton.llm.redaction.table import Privacy
from baton.llm.settings import ModelSettings
from baton.telemetry import Open, names, span
from baton.types.ids import Hash

V = TypeVar("V", bound=BaseModel)
_LOOK_AGAIN = 0.1
"""Seconds between two looks at a call that another attempt waits for."""


class Gateway:
    """Asks one model at one endpoint. Make one per process; it may be used from any event loop.

    Personal data is replaced by tokens before anything leaves, and put back into the answer; no caller can leave that out.
    """

    def __init__(self, settings: ModelSettings, privacy: Privacy, answers: Answers, calls: Calls, book: Book) -> None:
        assert settings.model, "offline: there is no gateway without a model"
        self.model = settings.model
        self._settings = settings
        self._privacy = privacy
        self._answers = answers
        self._calls = calls
        self._book = book
        self._endpoint = Endpoint(settings)

    def __repr__(self) -> str:
        return f"Gateway({self.model} at {self._settings.host})"

    async def structured(self, prompt: Prompt, schema: type[V], *, cache_key: CallKey) -> Completion[V]:
        """The model's answer in the form `schema`.

        Raises `ModelUnavailable`, `ModelRefused`, `ModelNonsense` or `BudgetSpent`; all are `ModelError`, and an agent goes on
        without the model. A recorded answer is used again, also a refusal or nonsense: asking twice would pay twice.
        """
        kept = await asyncio.to_thread(self._redacted, prompt, cache_key)
        sent = prompt.with_texts(kept.texts)
        digest = sent.hash_for(schema)
        with span(f"{names.CHAT} {self.model}", self._about(cache_key, digest), kind="client") as opened:
            found = await asyncio.to_thread(self._answers.find, cache_key, digest, self.model)
            answer = found or await self._pay(sent, schema, cache_key, digest)
            _note(opened, answer, cached=found is not None)
            return Completion(
                value=_believe(answer, schema, kept.restored),
                model=answer.model,
                prompt=digest,
                input_tokens=answer.input_tokens,
                output_tokens=answer.output_tokens,
                cached=found is not None,
                redacted=dict(kept.counts),
            )

    def _redacted(self, prompt: Prompt, key: CallKey) -> Redacted:
        texts = [item.text for item in prompt.material]
        return redact(texts, self._book, key.case, self._privacy.kinds(key.process), prompt.parties)

    async def _pay(self, prompt: Prompt, schema: type[BaseModel], key: CallKey, digest: Hash) -> Answer:
        place = place_of(key, digest, self.model)
        try:
            async with asyncio.timeout(self._settings.seconds_in_all):
                if answer := await self._standing(place, prompt, key, digest):
                    return answer
        except TimeoutError:
            raise ModelUnavailable(f"another attempt still waits for `{self._settings.host}`: try again later") from None
        answer = await self._made(place, prompt, schema)
        kept = await asyncio.to_thread(self._answers.record, key, digest, self.model, answer)
        paid = self._settings.prices.of(answer.input_tokens, answer.output_tokens)
        await asyncio.to_thread(self._calls.answered, place, paid)
        return kept

    async def _standing(self, place: str, prompt: Prompt, key: CallKey, digest: Hash) -> Answer | None:
        """None when the call is ours to make; else the answer that another attempt waited for."""
        said = self._settings
        # Four characters a token is a rough guess; the provider's own count is what is recorded.
        guess = said.prices.of(sum(len(str(message["content"])) for message in prompt.messages()) // 4, said.answer_tokens)
        while True:
            turn = await asyncio.to_thread(self._calls.begin, place, key.case, guess, said.budget, said.seconds_in_all)
            if turn == "ours":
                return None
            if answer := await asyncio.to_thread(self._answers.find, key, digest, self.model):
                return answer
            if turn == "lost":
                raise AnswerLost("an earlier attempt ended while the model was answering: it may be paid, so it is not repeated")
            await asyncio.sleep(_LOOK_AGAIN)

    async def _made(self, place: str, prompt: Prompt, schema: type[BaseModel]) -> Answer:
        """Make a call that was noted, and note how it ended, also when nobody waits for it any more."""
        try:
            return await self._endpoint.ask(prompt.messages(), schema)
        except ModelOutOfReach:
            await asyncio.to_thread(self._calls.refused, place)
            raise
        except (ModelError, asyncio.CancelledError):
            await asyncio.shield(asyncio.to_thread(self._calls.lost, place))
            raise

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


def _believe(answer: Answer, schema: type[V], restored: Callable[[str], str]) -> V:
    """The answer as a value of its schema, with personal data put back; nothing else counts as an answer."""
    if answer.refused:
        raise ModelRefused(f"model `{answer.model}` declined to answer")
    if answer.finish == "length":
        raise ModelNonsense(f"model `{answer.model}` was cut off: raise `BATON_MODEL_ANSWER_TOKENS`")
    try:
        return schema.model_validate_json(restored(answer.content))
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
