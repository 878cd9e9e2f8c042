"""Names of the parties that a case knows: found as whole words, in any spelling of case and space."""

import re
from collections.abc import Iterable, Iterator, Sequence
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses
from functools import lru_cache

from baton.llm.redaction.kinds import Place

_SHORTEST_PART = 3
_NO_NAMES = re.compile(
    r"info|service|support|sales|office|contact|kontakt|hello|mail|admin|noreply|reply|help|care|team|accounts|billing|invoices?|"
    r"orders?|claims?|customers?|shop|store|warranty|returns|legal|finance|post|the|and|van|von|der|den|mrs|miss|herr|frau|"
    r"mevrouw|gmbh|ltd|limited|inc|llc|sdn|bhd|company|group|bank",
    re.IGNORECASE,
)


def names(text: str, parties: Sequence[str]) -> Iterator[Place]:
    """Where these parties are named: in full, family name first, or by one part of a person's name with a capital letter."""
    if not parties:
        return
    for pattern, exact in _patterns(tuple(parties)):
        for match in pattern.finditer(text):
            if exact or match.group()[:1].isupper():
                yield Place(match.start(), match.end(), "name", _folded(match.group()))


def parties_of(message: bytes) -> tuple[str, ...]:
    """Names that a message's own headers give its sender and recipients, else what their addresses spell: `ann.lee@`."""
    mail = message_from_bytes(message, policy=policy.compat32)
    fields = [str(value) for name in ("From", "Sender", "Reply-To", "To", "Cc") for value in mail.get_all(name, [])]
    return tuple(dict.fromkeys(name for shown, address in getaddresses(fields) for name in _named(shown, address)))


def spelt_by(address: str) -> tuple[str, ...]:
    """The name that an e-mail address spells, if any."""
    parts = [part for part in re.split(r"[._+-]", address.partition("@")[0]) if len(part) >= _SHORTEST_PART]
    if len(parts) < 2 or not all(part.isalpha() and not _NO_NAMES.fullmatch(part) for part in parts):
        return ()
    return (" ".join(part.title() for part in parts),)


def _named(shown: str, address: str) -> Iterable[str]:
    words = _decoded(shown).strip().strip("'\"")
    return (words,) if len(words) >= _SHORTEST_PART and "@" not in words else spelt_by(address)


def _decoded(shown: str) -> str:
    try:
        return str(make_header(decode_header(shown)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return ""


@lru_cache(maxsize=256)
def _patterns(parties: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], bool], ...]:
    """A pattern for each way of naming, the longest first, and whether it holds in any case of letters."""
    whole: dict[str, bool] = {}
    for party in parties:
        words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", party)
        if not words or max(map(len, words)) < _SHORTEST_PART:
            continue
        whole[_spaced(words)] = True
        if 2 <= len(words) <= 4:
            whole[_spaced([words[-1], *words[:-1]], r"[\s,]+")] = True
            parts = (word for word in words if len(word) >= _SHORTEST_PART and not _NO_NAMES.fullmatch(word))
            whole |= {re.escape(part): False for part in parts if re.escape(part) not in whole}
    ordered = sorted(whole.items(), key=lambda item: (not item[1], -len(item[0])))
    return tuple((re.compile(rf"(?<![^\W_]){one}(?![^\W_])", re.IGNORECASE), exact) for one, exact in ordered)


def _spaced(words: Sequence[str], between: str = r"[\s.,&-]+") -> str:
    return between.join(map(re.escape, words))


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
