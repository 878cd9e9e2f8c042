"""One spelling for every value: canonical JSON (RFC 8785), so that a hash means the same everywhere."""

import hashlib
import json
import re
from typing import Any, TypeAlias

import rfc8785
from pydantic import BaseModel, JsonValue

from baton.types.ids import Hash

Json: TypeAlias = JsonValue
"""Whatever JSON can say."""


def plain(value: Any) -> Any:
    """The JSON form of a model or of a structure holding models; decimals and times become strings."""
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value


def canonical(value: Any) -> bytes:
    """The RFC 8785 bytes of a model or JSON value."""
    return spell(plain(value))


def spell(value: Json) -> bytes:
    """The RFC 8785 bytes of what is JSON already: quicker than `canonical`, which looks for models in it first."""
    return _quickly(value) or rfc8785.dumps(value)


# The standard encoder is ten times faster than rfc8785 and says the same, but for these: numbers that ECMAScript spells
# otherwise or cannot hold, and letters that UTF-16 sorts otherwise.
_NUMBER_SPELT_OTHERWISE = re.compile(r"[:,\[]-?(?:\d+\.0|\d+(?:\.\d+)?e[-+]\d+|\d{16,})[,}\]]")
_MANY_DIGITS = re.compile(r"\d{16}")
_LETTER_SORTED_OTHERWISE = re.compile("[\ue000-\U0010ffff]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def _quickly(value: Any) -> bytes | None:
    """The canonical bytes by the standard encoder, or None where only the careful one is sure to be right."""
    if not isinstance(value, dict | list):
        return None
    try:
        text = _ENCODER.encode(value)
        return None if _spelt_otherwise(text) else text.encode()
    except (TypeError, ValueError, RecursionError):
        return None  # the careful one says what is wrong


def hash_of(value: Any) -> Hash:
    """SHA-256 over the canonical bytes, in lower-case hexadecimal."""
    return Hash(hashlib.sha256(canonical(value)).hexdigest())


def _spelt_otherwise(text: str) -> bool:
    """Whether the standard encoder's spelling may differ. The cheap looks come first: most texts need no more."""
    if (".0" in text or "e-" in text or "e+" in text or _MANY_DIGITS.search(text)) and _NUMBER_SPELT_OTHERWISE.search(text):
        return True
    return not text.isascii() and _LETTER_SORTED_OTHERWISE.search(text) is not None
