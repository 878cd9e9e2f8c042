"""Photographs of defects by their perceptual hash, so that one picture never carries two claims unnoticed."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from activities.company.journal import PHOTOS, next_number
from activities.company.tables import photo
from baton.documents.photos import SAME_PHOTO
from baton.governance.declare import Permit

_OWN: Final = select(photo).where(photo.c.case_id == bindparam("case"))


def keep(connection: Connection, permit: Permit, order: str, photos: Mapping[str, str]) -> None:
    """Keep the photographs, document id to hash, that a new entry brings."""
    for document in sorted(photos):
        row = {"key": permit.key, "case_id": permit.case, "order_no": order, "document": document, "phash": photos[document]}
        connection.execute(insert(photo), {"position": next_number(connection, PHOTOS), **row})


def withdraw(connection: Connection, key: str) -> None:
    """Let go of the photographs that an entry brought."""
    connection.execute(delete(photo).where(photo.c.key == key))


def used_before(connection: Connection, case: str, photos: Mapping[str, str]) -> bool:
    """Whether one of this case's photographs, kept or given, was kept for another case earlier."""
    own = connection.execute(_OWN, {"case": case}).all()
    new = {document: phash for document, phash in photos.items() if document not in {row.document for row in own}}
    if not own and not new:
        return False
    # A photograph not yet kept comes after every one that is.
    last = connection.scalar(select(func.max(photo.c.position))) or 0
    mine = [(row.phash, row.position) for row in own] + [(phash, last + 1) for phash in new.values()]
    others = connection.execute(select(photo.c.phash, photo.c.position).where(photo.c.case_id != case)).all()
    return any(alike(phash, other.phash) for phash, position in mine for other in others if other.position < position)


def alike(one: str, other: str) -> bool:
    """Whether two perceptual hashes (hexadecimal) belong to the same picture."""
    return len(one) == len(other) and (int(one, 16) ^ int(other, 16)).bit_count() < SAME_PHOTO
