"""Practice on made-up receipts: from how readers do there, the shipped confidence is learned.

Receipts of each country are read by a token reader that learned from those of all others, since real ones look new to it too.
`python -m baton.readers.practice` writes it anew; needed when a reader changes.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel

from baton.readers.confidence import Calibration
from baton.readers.fields import Address, PurchaseDate, ReceiptNumber, ReceiptTotal, Seller, fields_of
from baton.readers.finding import ground_all, read_with, reconcile_all
from baton.readers.made import Made, made_receipts
from baton.readers.normalise import same
from baton.readers.outcomes import Outcome, learned, outcome_of
from baton.readers.reader import Reader
from baton.readers.rules import RulesReader
from baton.readers.tokens import TokenReader
from baton.readers.tokens.home import NAME
from baton.readers.tokens.model import learn
from baton.readers.tokens.tags import by_words

READERS = ("rules", "tokens")
_LESSONS, _RECEIPTS, _SEED = 350, 500, 11


_NOTHING_LEARNED = Calibration(version="none", learned_from="nothing", readers=(), together=(), curves={})


class Slip(BaseModel):
    """What made-up receipts carry."""

    seller: Seller | None = None
    address: Address | None = None
    date: PurchaseDate | None = None
    total: ReceiptTotal | None = None
    receipt_number: ReceiptNumber | None = None


def practised(learn_from: int = _LESSONS, receipts: int = _RECEIPTS) -> Iterator[Outcome]:
    """What came of reading made-up receipts, by kind of field."""
    lessons, exam = list(made_receipts(learn_from)), list(made_receipts(receipts, _SEED, misread=True))
    for country in sorted({made.country for made in exam}):
        examples = [by_words(made.source, made.means) for made in lessons if made.country != country]
        with TemporaryDirectory() as scratch:
            tokens = TokenReader(learn(examples, Path(scratch) / "tokens.crf", NAME, {"made": len(examples)}))
        for made in exam:
            if made.country == country:
                yield from _outcomes(made, [RulesReader(), tokens])


def _outcomes(made: Made, readers: Sequence[Reader]) -> Iterator[Outcome]:
    sources = [made.source]
    keyed = [ground_all(Slip, sources, read_with(reader, Slip, sources)) for reader in readers]
    for field, finding in zip(fields_of(Slip), reconcile_all(Slip, sources, keyed, _NOTHING_LEARNED), strict=True):
        if finding.readings:
            right = same(field.kind, finding.value, made.truth.get(field.name))
            yield outcome_of(field, finding, right, sources, READERS, field.kind)


def main() -> None:
    """Write the calibration that is shipped."""
    names = f"{RulesReader.name} and {NAME}"
    made = learned(list(practised()), READERS, "made/4", f"{_RECEIPTS} made-up receipts read by {names}")
    path = Path(__file__).parent / "confidence.json"
    path.write_text(made.model_dump_json(indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
