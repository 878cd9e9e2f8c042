"""The product's own language-model reader beside the others: any OpenAI-compatible endpoint that the environment names."""

from collections.abc import Sequence
from typing import Any

from baton.llm.configured import gateway
from baton.llm.reader import ModelReader
from baton.llm.settings import model_settings
from baton.readers.reader import Reader


def asked_for(reader: str) -> list[Reader]:
    """The model where it is asked for. Ends the run, saying what to set, where none is configured."""
    if reader != "openai":
        return []
    door = gateway()
    if door is None:
        raise SystemExit("no language model is configured: set BATON_MODEL, OPENAI_BASE_URL and OPENAI_API_KEY")
    return [ModelReader(door, characters=model_settings().material_characters)]


def told(readers: Sequence[Reader]) -> dict[str, Any]:
    """What the model was asked and how often it failed, to stand beside the figures; nothing where none was asked."""
    for one in readers:
        if isinstance(one, ModelReader):
            return {"model": {"name": one.name, "tokens": dict(one.tokens), "failures": dict(one.failures)}}
    return {}
