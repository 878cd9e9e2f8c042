"""A decision as the log keeps it: canonical bytes, with what is personal sealed. No I/O."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias

from pydantic_core import from_json

from baton.errors import BatonError
from baton.ledger import sealing
from baton.ledger.note import decode, encode
from baton.types.canonical import spell
from baton.types.decisions import Decision

FORMAT = 1
"""Written into every body, so that a later Baton knows how to read it."""
_AS_IT_IS = {"private", "detail"}  # JSON already; dumping it again is slow


class EntryUnreadable(BatonError):
    """A decision cannot be written to, or read from, the log."""


class Key(NamedTuple):
    """A subject's data key and its id, which stands in the body."""

    id: str
    secret: bytes


FindKey: TypeAlias = Callable[[str], bytes | None]
"""The data key of an id, or None once it was destroyed."""


class Indexed(NamedTuple):
    """What the index copies from a body, in the order of its columns."""

    id: str
    kind: str
    case: str | None
    step: str | None
    action: str
    outcome: str
    at: str


class Entry(NamedTuple):
    """One decision ready for the log."""

    body: bytes
    indexed: Indexed


def write(decision: Decision, key: Key | None) -> Entry:
    """The log's form of a decision. `key` is needed when it holds private data."""
    said = decision.model_dump(mode="json", exclude=_AS_IT_IS)
    said["detail"] = decision.detail
    said["at"] = _spelt(decision.at)
    said["v"] = FORMAT
    try:
        if decision.private:
            assert key is not None
            box = sealing.seal(key.secret, spell(decision.private), decision.id)
            said["sealed"] = {"key": key.id, "box": encode(box)}
        return Entry(spell(said), indexed(said))
    except ValueError as wrong:
        raise EntryUnreadable(f"decision `{decision.id}` holds what JSON cannot say ({wrong}): write it as text") from wrong


def read(body: bytes, find_key: FindKey | None = None) -> Decision:
    """The decision in a body; `private` is empty without its key, as after an erasure."""
    said = parse(body)
    if said.pop("v", None) != FORMAT:
        raise EntryUnreadable("an entry was written in another format: open it with the Baton that wrote it")
    sealed = said.pop("sealed", None)
    if sealed and find_key and (secret := find_key(sealed["key"])):
        said["private"] = from_json(sealing.unseal(secret, decode(sealed["box"]), said["id"]))
    return Decision.model_validate(said)


def parse(body: bytes) -> dict[str, Any]:
    """The JSON of a body. Raises `EntryUnreadable` for bytes that the ledger never wrote."""
    try:
        said = from_json(body, cache_strings="keys")
    except ValueError as wrong:
        raise EntryUnreadable(f"an entry is not JSON ({wrong}): run `baton ledger verify`") from wrong
    if not isinstance(said, dict):
        raise EntryUnreadable("an entry is no decision: run `baton ledger verify`")
    return said


def indexed(said: dict[str, Any]) -> Indexed:
    """What the index copies from a body's JSON."""
    return Indexed(said["id"], said["kind"], said["case"], said["step"], said["action"], said["outcome"], said["at"])


def _spelt(at: datetime) -> str:
    """UTC to the microsecond, so that text sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
