"""A contract against our playbook and against the deal on record, told by trusted code from what is on file."""

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from activities.company.settings import home
from activities.contracts.port import DealRecord
from activities.papers import carries
from baton.documents.store import DocumentMissing, open_store
from baton.documents.text import seen_text
from baton.playbook import ClauseFinding, Playbook, compare_document, load
from baton.readers.contracts.facts import legal_forms, short_form
from baton.readers.contracts.names import bare
from baton.readers.contracts.periods import in_days
from baton.readers.reader import Source
from baton.runtime.settings import load as settings
from baton.types.canonical import Json
from baton.types.documents import Document, Reading
from baton.types.ids import DocumentId

PLAYBOOK: Final = "services"
_LIABILITY: Final = "liability-cap"


async def reading_of(document: str) -> Reading | None:
    """What was read in a document of the store; None where nobody read it, or it is not there."""
    return await asyncio.to_thread(_reading, home(), DocumentId(document))


async def clauses_of(document: str) -> tuple[ClauseFinding, ...]:
    """Every clause of the playbook against a document; none where it was not read."""
    return await asyncio.to_thread(_compared, home(), DocumentId(document))


def playbook() -> Playbook:
    """The company's playbook for such contracts. Raises `PlaybookBroken`."""
    return _playbook(settings().project / "policies" / "playbook" / f"{PLAYBOOK}.toml")


def deviating(clauses: tuple[ClauseFinding, ...]) -> tuple[ClauseFinding, ...]:
    """The clauses that legal has to see."""
    return tuple(one for one in clauses if one.compared.verdict != "accept")


def liability_in(clauses: tuple[ClauseFinding, ...]) -> Literal["capped", "unlimited", "silent"]:
    """What a contract says of liability, after the playbook's own clause."""
    words = next((one.compared.words for one in clauses if one.compared.clause == _LIABILITY), "silent")
    return {"said": "capped", "denied": "unlimited", "silent": "silent"}[words]  # type: ignore[return-value]  # these three


def parties_match(read: Mapping[str, Json], deal: DealRecord) -> bool:
    """Whether a contract binds exactly our company and the customer of the deal."""
    named = read.get("parties")
    return isinstance(named, list) and {_legal(str(one)) for one in named} == {_legal(deal.entity), _legal(deal.party)}


def term_matches(read: Mapping[str, Json], deal: DealRecord) -> bool:
    """Whether a contract runs as long as was agreed."""
    return in_days(str(read.get("term") or "")) == in_days(f"{deal.term_months} months")


def payment_matches(read: Mapping[str, Json], deal: DealRecord) -> bool:
    """Whether a contract names the days for payment that were agreed, or none."""
    return read.get("payment_days") in (None, deal.payment_days)


def names_value(reading: Reading, deal: DealRecord) -> bool:
    """Whether a contract carries the value that was agreed."""
    return any(carries(seen_text(page), deal.value.amount) for page in reading.pages)


def _legal(name: str) -> tuple[str, str]:
    """A company's name and its legal form, however either is written: `X Ltd.` and `X Limited` are one, `X GmbH` is not."""
    form = legal_forms().search(name)
    return bare(name), short_form(form.group()) if form else ""


@lru_cache(maxsize=8)
def _playbook(path: Path) -> Playbook:
    return load(path)


def _reading(where: Path, document: DocumentId) -> Reading | None:
    try:
        return open_store(where).reading(document)
    except DocumentMissing:
        return None


def _compared(where: Path, document: DocumentId) -> tuple[ClauseFinding, ...]:
    reading = _reading(where, document)
    if reading is None or reading.how == "unreadable":
        return ()
    source = Source(document=Document(id=document, name="contract", media_type="application/pdf", size=0), reading=reading)
    return compare_document(source, playbook())
