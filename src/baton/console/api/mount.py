"""Puts the API under `/api/v1`: every resource that is found, and a description of all of it (OpenAPI 3.1)."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer

from baton import __version__
from baton.console.api import resources
from baton.console.api.pace import Pace
from baton.console.api.problems import Problem, Wrong, handlers

AT: Final = "/api/v1"
_ABOUT: Final = (
    "Everything the console does. An integration sends `Authorization: Bearer TOKEN`, made by `baton token make`; it is a "
    "principal of its own, and the company's policies say what it may see and do. Errors are `application/problem+json`. "
    "A write with an `Idempotency-Key` is done once. Lists go on at `next`."
)


def api(console: FastAPI) -> FastAPI:
    """The API of a console, with the console's own stores, outbox and sessions; mounted on it."""
    made = FastAPI(
        title="Baton", version=__version__, description=_ABOUT, docs_url=None, redoc_url=None, openapi_url="/openapi.json",
        root_path_in_servers=False, servers=[{"url": AT}], dependencies=[Depends(HTTPBearer(auto_error=False))],
    )  # fmt: skip
    for name in ("bench", "outbox", "live", "tokens", "sessions"):
        setattr(made.state, name, getattr(console.state, name))
    made.state.pace = Pace(console.state.bench.settings.api_per_minute)
    for module in _found():
        for router in (getattr(module, "open_router", None), module.router):
            if router is not None:
                made.include_router(router)
    handlers(made)
    _describe(made)
    console.mount(AT, made, name="api")
    console.state.api = made
    return made


def _found() -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(resources.__path__):
        yield importlib.import_module(f"{resources.__name__}.{module.name}")


def _describe(made: FastAPI) -> None:
    """FastAPI's description, with the shape of every problem in it."""
    plain = made.openapi

    def described() -> dict[str, Any]:
        if made.openapi_schema is None:
            found = plain()
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            for model in (Problem, Wrong):
                shape = model.model_json_schema(ref_template="#/components/schemas/{model}")
                shape.pop("$defs", None)
                schemas[model.__name__] = shape
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            made.openapi_schema = found
        return made.openapi_schema

    made.openapi = described  # type: ignore[method-assign]  # how FastAPI wants it changed
