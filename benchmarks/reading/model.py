"""A language model as one of the readers: any OpenAI-compatible endpoint that the environment names."""

import asyncio
import sys
from collections.abc import Sequence

from pydantic import BaseModel

from baton.llm.call import CallKey, ModelError
from baton.llm.configured import gateway
from baton.llm.printed import answer_form, prompt_for, readings_from
from baton.llm.settings import model_settings
from baton.readers.reader import Reader, Readings, Source
from baton.types.ids import CaseId, StepKey


class ModelReader:
    """Reads by `BATON_MODEL` at `OPENAI_BASE_URL`; each document has its own budget, and answers are kept, not paid twice."""

    def __init__(self) -> None:
        self.name = f"model/{model_settings().model}"
        self.failed = 0

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """What the model copies from the documents; a document on which it fails is left to the other readers."""
        try:
            return asyncio.run(self._read(form, sources))
        except ModelError as error:
            self.failed += 1
            print(f"read without the language model: {error}", file=sys.stderr)
            return {}

    async def _read(self, form: type[BaseModel], sources: Sequence[Source]) -> Readings:
        door = gateway()
        assert door is not None, "asked without a model configured"
        about = f"reading-{sources[0].document.id}"
        key = CallKey(case=CaseId(about), step=StepKey(f"{about}/1/0"), graph="reading@1", node="model")
        said = await door.structured(
            prompt_for(form, sources, model_settings().material_characters), answer_form(form), cache_key=key
        )
        return readings_from(said.value.model_dump(mode="json"), form, sources, self.name)


def asked_for(reader: str) -> list[Reader]:
    """The model where it is asked for. Ends the run, saying what to set, where none is configured."""
    if reader != "openai":
        return []
    if gateway() is None:
        raise SystemExit("no language model is configured: set BATON_MODEL, OPENAI_BASE_URL and OPENAI_API_KEY")
    return [ModelReader()]
