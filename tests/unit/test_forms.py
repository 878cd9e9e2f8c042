"""Forms are found by name, and only where a process file declares them."""

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from pydantic import BaseModel

from baton.forms import UnknownForm, name_of, resolve


@pytest.fixture
def process() -> Iterator[ModuleType]:
    module = ModuleType("workflows.a_process")
    exec(
        "from pydantic import BaseModel\nfrom baton.types.money import Money\n"
        "class Claim(BaseModel):\n    serial: str | None = None\n"
        "class Outer:\n    class Inner(BaseModel): ...\n"
        "Secret = 'x'\n",
        module.__dict__,
    )
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def test_a_form_is_found_again_by_its_name(process: ModuleType) -> None:
    assert name_of(process.Claim) == "a_process:Claim"
    assert resolve("a_process:Claim") is process.Claim


@pytest.mark.parametrize(
    "name",
    ["a_process:Secret", "a_process:Money", "a_process:Missing", "no_such_process:Claim"],
)
def test_what_no_process_declares_is_no_form(process: ModuleType, name: str) -> None:
    with pytest.raises(UnknownForm, match=name.split(":")[0]):
        resolve(name)


@pytest.mark.parametrize("name", ["", "Claim", "os:Path", "..os:Claim", "a_process:__class__", "a_process:Outer.Inner", "a b:C"])
def test_a_name_that_is_no_forms_name_is_refused(process: ModuleType, name: str) -> None:
    with pytest.raises(UnknownForm):
        resolve(name)


def test_a_form_outside_the_process_files_has_no_name(process: ModuleType) -> None:
    class Elsewhere(BaseModel): ...

    with pytest.raises(UnknownForm, match="workflows/"):
        name_of(Elsewhere)
    with pytest.raises(UnknownForm, match="workflows/"):
        name_of(process.Outer.Inner)
