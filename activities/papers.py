"""What the documents of a case are, told by trusted code from the document store: receipts on file, photographs of defects."""

import asyncio
import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

from activities.company.settings import home
from baton.documents.images import NoPicture
from baton.documents.photos import is_photo_of_text, perceptual_hash
from baton.documents.store import DocumentDamaged, DocumentMissing, open_store
from baton.documents.text import seen_text
from baton.errors import BatonError
from baton.governance.declare import About
from baton.types.documents import Reading
from baton.types.ids import DocumentId
from baton.types.money import Money

_NUMBER: Final = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,' ]\d{3})+|\d+)(?:[.,](\d{2}))?(?![\d]|[.,]\d)")
"""An amount with or without thousands, with two decimals or none."""


class NotRead(BatonError):
    """Nobody read this document yet."""


async def photo_hashes(about: About) -> dict[str, str]:
    """The photographs among a case's documents, id to perceptual hash. A picture of a text, as of a receipt, is none."""
    return await asyncio.to_thread(_hashes, home(), _attached(about))


async def hashes_of(photos: tuple[DocumentId, ...]) -> dict[str, str]:
    """The perceptual hashes of these documents; what is no picture is left out."""
    return await asyncio.to_thread(_hashes, home(), photos)


async def receipt_on_file(about: About, paid: Money | None) -> bool:
    """Whether a document that came attached carries the price that was read as paid."""
    return paid is not None and await asyncio.to_thread(_any_carries, home(), about, paid.amount)


def carries(text: str, amount: Decimal) -> bool:
    """Whether a text holds this amount, however its thousands and decimals are written."""
    written = ((re.sub(r"\D", "", whole), cents or "00") for whole, cents in _NUMBER.findall(text))
    return any(f"{whole}.{cents}" == f"{amount:.2f}" for whole, cents in written)


def _attached(about: About) -> tuple[str, ...]:
    return about.documents if about.attachments is None else about.attachments


def _hashes(where: Path, papers: tuple[str, ...]) -> dict[str, str]:
    found = {paper: _hash(where, paper) for paper in papers}
    return {paper: phash for paper, phash in found.items() if phash}


def _any_carries(where: Path, about: About, amount: Decimal) -> bool:
    read = {paper: _text(where, paper) for paper in _attached(about)}
    plain = [paper for paper, (how, _) in read.items() if how == "text"]
    if about.attachments is None and len(plain) == 1:
        read.pop(plain[0])  # the only plain text of a case is the message itself, and that is no receipt
    return any(carries(text, amount) for _, text in read.values())


def _hash(where: Path, paper: str) -> str:
    """The perceptual hash of a photograph, empty for everything else."""
    reading = _reading(where, paper)
    if reading is not None and (reading.how not in ("ocr", "unreadable") or is_photo_of_text(reading)):
        return ""
    try:
        return _picture_hash(where, paper)
    except (DocumentMissing, DocumentDamaged):
        return ""  # what cannot be seen shows nothing that was seen before


@lru_cache(maxsize=4096)
def _picture_hash(where: Path, paper: str) -> str:
    data = open_store(where).read(DocumentId(paper))
    try:
        return perceptual_hash(data)
    except NoPicture:
        return ""  # no picture, and never will be one: a document is known by its bytes


def _text(where: Path, paper: str) -> tuple[str, str]:
    """How a document was read, and its text; what nobody read yet counts as far as it is plain text."""
    reading = _reading(where, paper)
    if reading is not None:
        return reading.how, "\n".join(seen_text(page) for page in reading.pages)
    try:
        return "text", open_store(where).read(DocumentId(paper)).decode("utf-8")
    except (DocumentMissing, DocumentDamaged, UnicodeDecodeError):
        return "unreadable", ""


def _reading(where: Path, paper: str) -> Reading | None:
    try:
        return _kept_reading(where, paper)
    except (NotRead, DocumentMissing):
        return None


@lru_cache(maxsize=256)
def _kept_reading(where: Path, paper: str) -> Reading:
    """Raises `NotRead`, so that only what was read is remembered."""
    found = open_store(where).reading(DocumentId(paper))
    if found is None:
        raise NotRead(f"document `{paper}` was not read yet")
    return found
