"""Each kind of field as customers put it in words."""

from collections.abc import Iterator

from baton.readers.fields import Field
from baton.readers.layout import Row
from baton.readers.rules import from_receipt, mail
from baton.readers.rules.ids import receipt_numbers, serials
from baton.readers.rules.seen import GUESS, Seen, keyed
from baton.readers.rules.when import order_of
from baton.types.findings import Evidence, Keyed

_AMBIGUOUS = (0.55, GUESS)


def money(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """What the sender says they paid; else the total of an order confirmation pasted into the mail."""
    said = mail.prices(seen.sentences, seen.words)
    yield from (keyed(seen.money(amount), one.row, one.start, one.end, one.sure) for one, amount in said[:1])
    if not said:
        yield from (one for one in from_receipt.money(seen, field, product) if one.confidence >= 0.9)


def dates(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """When the sender says they bought it."""
    order = order_of([row.text for row in seen.rows], seen.words, seen.locale)
    for said, dated in mail.dates(seen.sentences, seen.words, order)[:1]:
        for rank, value in enumerate(dated.readings):
            sure = min(said.sure, _AMBIGUOUS[rank]) if dated.ambiguous else said.sure
            yield keyed(value, said.row, said.start, said.end, sure)


def seller(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """Where the sender says they bought it."""
    for said in mail.sellers(seen.sentences, seen.words)[:1]:
        yield keyed(said.text, said.row, said.start, said.end, said.sure)


def product(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """What the sender calls it; else what the subject line names."""
    found = mail.products(seen.sentences, seen.words)
    yield from (keyed(said.text, said.row, said.start, said.end, said.sure) for said in found[:1])
    named = mail.product_in_subject(seen.subject, seen.words)
    if not found and named:
        row = next((row for row in seen.rows if named.lower() in row.text.lower()), None)
        if row is not None:
            start = row.text.lower().index(named.lower())
            yield keyed(row.text[start : start + len(named)], row, start, start + len(named), 0.6)


def serial(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """Serial numbers in the text."""
    for row, start, end in serials([*seen.sentences, *seen.rows], seen.words)[:1]:
        yield keyed(row.text[start:end].strip(), row, start, end, 0.9)


def receipt_number(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """The number of the receipt or order, where the sender gives it."""
    for row, start, end in receipt_numbers([*seen.sentences, *seen.rows], seen.words)[:1]:
        yield keyed(row.text[start:end].strip(), row, start, end, 0.75)


def defect(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """The sentences that say what is wrong, as written."""
    for run in mail.faults(seen.sentences, seen.words)[:1]:
        value = " ".join(row.text for row in run)
        made = keyed(value, run[0], 0, len(run[0].text), 0.85)
        yield made.model_copy(update={"evidence": _over(run, value)})


def _over(run: tuple[Row, ...], text: str) -> Evidence:
    first, last = run[0], run[-1]
    start, end = first.offset or 0, (last.offset or 0) + len(last.text)
    return Evidence(document=first.document, page=first.page, text=" ".join(text.split()), span=(start, end))


def choice(seen: Seen, field: Field, product: str | None) -> Iterator[Keyed]:
    """What the sender wishes; where they name several, the first is only a guess."""
    means = {option: field.means.options.get(option, (option.replace("_", " "),)) for option in field.options}
    found = mail.wishes(seen.sentences, seen.words, means)
    plain = [option for option, said in found if said.sure >= 0.85]
    for rank, (option, said) in enumerate(found[:2]):
        sure = said.sure if len(plain) == 1 and rank == 0 else (min(said.sure, 0.6) if rank == 0 else GUESS)
        yield keyed(option, said.row, said.start, said.end, sure)


identifier = from_receipt.identifier
text = from_receipt.text
