"""Forms by name: what a process wants re-keyed, as `warranty_claim:Claim`. There is no list to keep."""

import importlib
import re

from pydantic import BaseModel

from baton.errors import BatonError

_NAME = re.compile(r"([a-z][a-z0-9_]*):([A-Z][A-Za-z0-9_]*)")


class UnknownForm(BatonError):
    """No process declares this form."""


def name_of(form: type[BaseModel]) -> str:
    """The name under which an agent finds the form again. Raises `UnknownForm` for one that no process file declares."""
    package, _, module = form.__module__.partition(".")
    name = f"{module}:{form.__qualname__}"
    if package != "workflows" or not _NAME.fullmatch(name):
        raise UnknownForm(f"form `{form.__module__}.{form.__qualname__}` must stand at the top of a file in `workflows/`")
    return name


def resolve(name: str) -> type[BaseModel]:
    """The form of this name. Raises `UnknownForm`; only pydantic models that a process file itself declares count."""
    match = _NAME.fullmatch(name)
    if not match:
        raise UnknownForm(f"`{name}` is no form's name: write it as `process_file:Form`")
    module = f"workflows.{match[1]}"
    try:
        found = getattr(importlib.import_module(module), match[2], None)
    except ModuleNotFoundError as error:
        if error.name not in (module, "workflows"):
            raise
        raise UnknownForm(f"no process file `workflows/{match[1]}.py` for form `{name}`") from None
    if not (isinstance(found, type) and issubclass(found, BaseModel) and found.__module__ == module):
        raise UnknownForm(f"`workflows/{match[1]}.py` declares no form `{match[2]}`: it must be a pydantic model of that file")
    return found
