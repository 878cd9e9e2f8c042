"""A language model as a reader of forms: one call for all fields, no tools, copies only; it is grounded like any other."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from pydantic import BaseModel

from baton.llm.call import CallKey, ModelError
from baton.llm.gateway import Gateway
from baton.llm.printed import answer_form, prompt_for, readings_from, visible_text
from baton.readers.reader import Readings, Source
from baton.types.ids import CaseId, StepKey

T = TypeVar("T")
VERSION = "1"


class ModelReader:
    """Reads a form from documents by asking a model; where the model fails, it keys nothing and `failures` says why."""

    def __init__(self, gateway: Gateway, *, process: str = "", parties: Sequence[str] = (), characters: int = 24_000) -> None:
        self._gateway = gateway
        self._process = process
        self._parties = tuple(parties)
        self._characters = characters
        self.failures: Counter[str] = Counter()
        """How often each kind of failure happened, by its name: `ModelRefused`."""
        self.tokens: Counter[str] = Counter()
        """Tokens `sent` and `received`."""

    @property
    def name(self) -> str:
        """Name and version of the reader, and the model behind it."""
        return f"model/{self._gateway.model}/{VERSION}"

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """Values for the form's fields. `locale` is not needed: values are copied as printed, and typed by our own code."""
        return _waited_for(self.ask(form, sources))

    async def ask(self, form: type[BaseModel], sources: Sequence[Source]) -> Readings:
        """The same, from an event loop."""
        if not any(visible_text(source.reading).strip() for source in sources):
            return {}
        prompt = prompt_for(form, sources, self._characters, self._parties)
        try:
            done = await self._gateway.structured(prompt, answer_form(form), cache_key=self._key(form, sources))
        except ModelError as error:
            self.failures[type(error).__name__] += 1
            return {}
        self.tokens.update(sent=done.input_tokens, received=done.output_tokens)
        return readings_from(done.value.model_dump(mode="json"), form, sources, self.name)

    def _key(self, form: type[BaseModel], sources: Sequence[Source]) -> CallKey:
        """The documents are the case: they pay their own tokens, and the same documents are not paid for twice."""
        digest = hashlib.sha256("\0".join(source.document.id for source in sources).encode()).hexdigest()[:16]
        case = CaseId(f"reading-{digest}")
        return CallKey(
            case=case, step=StepKey(f"{case}/{form.__name__}/0"), graph=f"read@{VERSION}", node="model", process=self._process
        )


def _waited_for(work: Coroutine[Any, Any, T]) -> T:
    """The result, also where the caller's thread runs an event loop already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1) as aside:
        return aside.submit(asyncio.run, work).result()
