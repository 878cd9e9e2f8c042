"""The schema is written from the models, and says clearly what it cannot read."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NewType

import cedarpy
import pytest
from pydantic import BaseModel, Field

from baton.governance.policy import PolicyProblem, shapes_of
from baton.governance.policy.schema import cedar_schema
from baton.types.actions import Action, Facts
from baton.types.money import Money
from tests.policies.petty import Declared, How, Note, NoteFacts, Refund, RefundFacts

Ref = NewType("Ref", str)


class Colour(StrEnum):
    RED = "red"


class Place(BaseModel):
    city: str
    floor: int | None = None


class Everything(Action):
    text: str = Field(description="what it says,\nin words")
    ref: Ref
    flag: bool
    count: int
    share: Decimal
    weight: float
    price: Money
    day: date
    kind: Literal["a", "b"]
    colour: Colour
    tags: tuple[str, ...]
    places: frozenset[Place]
    where: Place
    values: dict[str, str]
    maybe: int | None = None


class Nothing(Facts):
    known: bool


def written(action: type[Action], facts: type[Facts] = Nothing) -> str:
    return cedar_schema(shapes_of([Declared("a.do", action, facts)]))


def test_every_kind_of_field_has_its_cedar_type() -> None:
    schema = written(Everything)
    cedarpy.Schema.from_str(schema)
    for line in (
        '"text": String', '"ref": String', '"flag": Bool', '"count": Long', '"share": decimal', '"weight": decimal',
        '"price": Money',
        '"day": String', '"kind": String', '"colour": String', '"tags": Set<String>', '"values": Set<String>', '"maybe": Long',
        '"maybe_known": Bool', '"floor_known": Bool', "Set<{ ", "// what it says, in words",
    ):  # fmt: skip
        assert line in schema


def test_people_may_undo_only_what_can_be_undone() -> None:
    schema = cedar_schema(shapes_of([Declared("a.do", Refund, RefundFacts), Declared("a.send", Note, NoteFacts, How("none"))]))
    assert '"a.do:undo"' in schema
    assert '"a.send:undo"' not in schema
    assert '"a.send:approve" in [approve] appliesTo { principal: [Person, Integration], resource: [Note] }' in schema


class AbsentFact(Facts):
    known: bool | None


class TwoTypes(Action):
    value: int | str


class Loose(Action):
    value: object


class Taken(Action):
    note: str | None
    note_known: bool


class Mixed(Action):
    pair: tuple[int, str]


class Keyed(Action):
    numbers: dict[int, str]


@pytest.mark.parametrize(
    ("action", "facts", "words"),
    [
        (Note, AbsentFact, "fact `AbsentFact.known` may be absent: unknown is a value"),
        (TwoTypes, Nothing, "`TwoTypes.value`: it may be of several types"),
        (Loose, Nothing, "cannot read `Loose.value`"),
        (Taken, Nothing, "`Taken.note_known` is what policies read when `note` is absent"),
        (Mixed, Nothing, "`Mixed.pair`: a set holds one type"),
        (Keyed, Nothing, "cannot read `Keyed.numbers`"),
    ],
)
def test_what_policies_cannot_read_is_refused_by_name(action: type[Action], facts: type[Facts], words: str) -> None:
    with pytest.raises(PolicyProblem) as caught:
        written(action, facts)
    assert words in str(caught.value)


def test_two_effects_on_one_resource_must_agree() -> None:
    with pytest.raises(PolicyProblem, match="both act on `Note` but differ"):
        shapes_of([Declared("a.one", Note, NoteFacts), Declared("a.two", Note, Nothing)])


def test_shapes_come_back_from_json_as_they_were() -> None:
    shapes = shapes_of([Declared("a.do", Everything, Nothing)])
    assert type(shapes).model_validate_json(shapes.model_dump_json(exclude_defaults=True)) == shapes
