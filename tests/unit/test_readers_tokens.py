"""The token reader: it learns from examples, on pages that it never saw, and says how sure it is."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Annotated

import pytest
from pydantic import BaseModel

from baton.readers.fields import Address, PurchaseDate, ReadAs, ReceiptTotal, Seller, Serial, fields_of
from baton.readers.finding import key
from baton.readers.made import Made, made_receipts
from baton.readers.normalise import same
from baton.readers.rules import RulesReader
from baton.readers.tokens import TokenReader
from baton.readers.tokens.home import installed, made_examples, place
from baton.readers.tokens.model import Model, NoModel, learn, load
from baton.readers.tokens.tags import by_values, by_words
from baton.types.money import Money


class Slip(BaseModel):
    """What made-up receipts carry."""

    seller: Seller | None = None
    address: Address | None = None
    date: PurchaseDate | None = None
    total: ReceiptTotal | None = None


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder: Path = tmp_path_factory.mktemp("tokens")
    return learn(made_examples(120), folder / "small.crf", "tokens/small", {"made": 120}, rounds=30)


@pytest.fixture(scope="module")
def strangers() -> list[Made]:
    return list(made_receipts(40, seed=99))


def right(reader: TokenReader | RulesReader, made: Made) -> Iterator[tuple[str, bool]]:
    keyed = reader.read(Slip, [made.source])
    for field in fields_of(Slip):
        if field.name in made.truth:
            found = keyed.get(field.name)
            yield field.name, bool(found) and same(field.kind, found[0].value, made.truth[field.name])


def test_receipts_are_made_alike_from_the_same_seed_and_carry_what_they_claim() -> None:
    one, again = list(made_receipts(6, seed=3)), list(made_receipts(6, seed=3))
    assert [made.source for made in one] == [made.source for made in again]
    for made in one:
        words = made.source.reading.pages[0].words
        carried = " ".join(words[index].text for index, name in sorted(made.means.items()) if name == "total")
        assert any(char.isdigit() for char in carried)
        date.fromisoformat(str(made.truth["date"]))


def test_it_reads_receipts_that_it_never_saw(model: Model, strangers: list[Made]) -> None:
    marks = [mark for made in strangers for mark in right(TokenReader(model), made)]
    for name, least in {"total": 0.9, "date": 0.9, "seller": 0.75, "address": 0.6}.items():
        mine = [good for field, good in marks if field == name]
        assert sum(mine) / len(mine) >= least, name


def test_a_form_of_other_names_is_read_by_the_kinds_of_its_fields(model: Model, strangers: list[Made]) -> None:
    class Bought(BaseModel):
        shop: Seller | None = None
        bought: PurchaseDate | None = None
        price: ReceiptTotal | None = None
        device: Serial | None = None

    keyed = TokenReader(model).read(Bought, [strangers[0].source])
    assert keyed["price"]
    assert keyed["bought"]
    assert all(one.reader == "tokens/small" and one.evidence for found in keyed.values() for one in found)


def test_two_amounts_of_one_form_are_left_to_others_since_kind_alone_tells_not_which(model: Model, strangers: list[Made]) -> None:
    class Sums(BaseModel):
        net: Annotated[Money | None, ReadAs("money")] = None
        gross: Annotated[Money | None, ReadAs("money")] = None

    assert not any(TokenReader(model).read(Sums, [strangers[0].source]).values())


def test_the_total_of_several_things_is_not_the_price_of_the_one_that_is_claimed(model: Model) -> None:
    class Claimed(BaseModel):
        product: str | None = None
        paid: ReceiptTotal | None = None

    several = next(
        made for made in made_receipts(40, seed=5) if sum(w.text == "x" for w in made.source.reading.pages[0].words) > 2
    )
    assert TokenReader(model).read(Slip, [several.source])["total"]
    assert not TokenReader(model).read(Claimed, [several.source])["paid"]


def test_with_rules_beside_it_fields_are_agreed_and_surer(model: Model, strangers: list[Made]) -> None:
    agreed = 0
    for made in strangers[:15]:
        filled = key(Slip, [made.source], [RulesReader(), TokenReader(model)])
        total = filled.fields[3]
        agreed += (
            total.agreement == "agreed"
            and total.confidence > 0.9
            and {one.reader.split("/")[0] for one in total.readings}
            == {
                "rules",
                "tokens",
            }
        )
    assert agreed >= 9


def test_labels_alone_teach_as_much_as_marked_words(strangers: list[Made]) -> None:
    alike = 0
    for made in strangers:
        kinds = {field.name: field.kind for field in fields_of(Slip)}
        sought = by_values(made.source, {name: (kinds[name], value) for name, value in made.truth.items() if name in kinds})
        marked = by_words(made.source, {index: name for index, name in made.means.items() if name in kinds})
        alike += {tag for tag in sought.tags if tag != "O"} == {tag for tag in marked.tags if tag != "O"}
    assert alike >= 34


def test_a_model_of_another_version_or_none_is_an_error_that_says_what_to_run(model: Model, tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="baton readers train"):
        load(tmp_path / "nothing.crf")


def test_the_first_use_makes_the_shipped_reader_and_later_ones_take_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_CACHE", str(tmp_path))
    monkeypatch.setattr("baton.readers.tokens.home.RECEIPTS", 12)
    first = installed(tmp_path / "home")
    kept = list(tmp_path.glob("*.crf"))
    assert len(kept) == 1
    written = kept[0].stat().st_mtime_ns
    assert installed(tmp_path / "home").name == first.name
    assert kept[0].stat().st_mtime_ns == written


def test_an_installation_reads_with_what_it_learned_itself(model: Model, tmp_path: Path) -> None:
    own = learn(made_examples(8), place(tmp_path), "tokens/own", {"made": 8, "corrections": 1}, rounds=5)
    assert installed(tmp_path).name == own.card.name == "tokens/own"


def test_any_order_of_words_can_be_read(model: Model, strangers: list[Made]) -> None:
    page = strangers[0].source.reading.pages[0]
    words = list(page.words)
    Random(1).shuffle(words)
    source = strangers[0].source.model_copy(
        update={
            "reading": strangers[0].source.reading.model_copy(
                update={"pages": (page.model_copy(update={"words": tuple(words)}),)}
            )
        }
    )
    TokenReader(model).read(Slip, [source])
