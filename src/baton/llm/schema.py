"""The JSON schema a model must answer in, as strictly as providers of structured outputs want it."""

from functools import lru_cache
from typing import Any

from pydantic import BaseModel

_UNSUPPORTED = frozenset({"default", "title", "minLength", "maxLength", "examples"})


@lru_cache(maxsize=128)
def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Every key required, no other allowed, no defaults: absence is said as null."""
    found: dict[str, Any] = _strict(model.model_json_schema())
    return found


def _strict(node: Any) -> Any:
    match node:
        case dict() if isinstance(node.get("properties"), dict):
            rest = {key: _strict(item) for key, item in node.items() if key not in _UNSUPPORTED | {"properties"}}
            properties = {name: _strict(item) for name, item in node["properties"].items()}
            return rest | {"properties": properties, "required": list(properties), "additionalProperties": False}
        case dict():
            return {key: _strict(item) for key, item in node.items() if key not in _UNSUPPORTED}
        case list():
            return [_strict(item) for item in node]
        case _:
            return node
