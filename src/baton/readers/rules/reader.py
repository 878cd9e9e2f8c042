"""The rules reader: one way of reading for each kind of field, for receipts and for mails."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pydantic import BaseModel

from baton.readers.countries import words_for
from baton.readers.fields import Field, Kind, fields_of
from baton.readers.layout import rows_of
from baton.readers.prose import own_rows, sentences_of
from baton.readers.reader import Readings, Source, pages_of
from baton.readers.rules import from_mail, from_receipt
from baton.readers.rules.seen import GUESS, NAME, Seen
from baton.types.findings import Keyed

_Way: TypeAlias = Callable[[Seen, Field, str | None], Iterator[Keyed]]

_ON_RECEIPTS: Mapping[Kind, _Way] = {
    "money": from_receipt.money,
    "date": from_receipt.dates,
    "seller": from_receipt.seller,
    "address": from_receipt.address,
    "serial": from_receipt.serial,
    "receipt_number": from_receipt.receipt_number,
    "identifier": from_receipt.identifier,
    "product": from_receipt.product,
    "text": from_receipt.text,
}
_IN_MAILS: Mapping[Kind, _Way] = {
    "money": from_mail.money,
    "date": from_mail.dates,
    "seller": from_mail.seller,
    "serial": from_mail.serial,
    "receipt_number": from_mail.receipt_number,
    "identifier": from_mail.identifier,
    "product": from_mail.product,
    "defect": from_mail.defect,
    "choice": from_mail.choice,
    "text": from_mail.text,
}


class RulesReader:
    """Reads offline, by words and numbers that stand near what is asked for, in every language that has a locale pack."""

    name = NAME

    def read(self, form: type[BaseModel], sources: Sequence[Source], locale: str | None = None) -> Readings:
        """Every field from every document, mails first so that the claimed product is known when receipts are read."""
        fields = fields_of(form)
        laid_out = [(source, _lay_out(source, locale)) for source in pages_of(sources)]
        product = self._product(fields, laid_out)
        return {field.name: self._key(field, laid_out, product) for field in fields}

    def _product(self, fields: Sequence[Field], laid_out: Sequence[tuple[Source, Seen]]) -> str | None:
        wanted = next((field for field in fields if field.kind == "product"), None)
        named = self._key(wanted, [pair for pair in laid_out if pair[0].role == "mail_body"], None) if wanted else []
        return str(named[0].value) if named else None

    def _key(self, field: Field, laid_out: Sequence[tuple[Source, Seen]], product: str | None) -> list[Keyed]:
        found: list[Keyed] = []
        for source, seen in laid_out:
            way = (_IN_MAILS if source.role == "mail_body" else _ON_RECEIPTS).get(field.kind)
            if way is not None and source.role != "photo":
                found += [_believed(one, source, field) for one in way(seen, field, product)]
        return sorted(found, key=lambda one: -one.confidence)


def _believed(keyed: Keyed, source: Source, field: Field) -> Keyed:
    """What a document that is no receipt says about the purchase is a guess."""
    guess = source.role == "other" and field.kind in ("money", "date", "seller")
    return keyed.model_copy(update={"confidence": min(keyed.confidence, GUESS)}) if guess else keyed


def _lay_out(source: Source, locale: str | None) -> Seen:
    rows = tuple(own_rows(source, rows_of([source])))
    words = words_for("\n".join(row.text for row in rows), locale)
    sentences = tuple(sentences_of(source)) if source.role == "mail_body" else ()
    return Seen(rows, sentences, words, locale, source.subject)
