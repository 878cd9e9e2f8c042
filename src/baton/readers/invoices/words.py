"""Locale packs for invoices: what names a number, a date, a party or a sum. A new language is a new `.toml` file beside these."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from baton.readers.locales import NoPack

_FOLDER = Path(__file__).parent / "locales"

Asked: TypeAlias = Literal[
    "number",
    "issue_date",
    "due_date",
    "order_reference",
    "seller",
    "buyer",
    "seller_vat_id",
    "buyer_vat_id",
    "iban",
    "currency",
    "net",
    "tax",
    "total",
    "payable",
    "lines",
]
"""What an invoice page is asked for."""

TERMS: dict[str, Asked] = {
    "BT-1": "number",
    "BT-2": "issue_date",
    "BT-5": "currency",
    "BT-9": "due_date",
    "BT-13": "order_reference",
    "BT-27": "seller",
    "BT-31": "seller_vat_id",
    "BT-44": "buyer",
    "BT-48": "buyer_vat_id",
    "BT-84": "iban",
    "BT-109": "net",
    "BT-110": "tax",
    "BT-112": "total",
    "BT-115": "payable",
    "BG-25": "lines",
}
"""Business term of EN 16931 to what the packs call it."""

SECTIONS = (*(asked for asked in TERMS.values() if asked not in ("currency", "lines")), "other")


@cache
def packs() -> dict[str, dict[str, Any]]:
    """Every pack by language. An invoice may speak several, so all of them always apply."""
    found = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        try:
            found[path.stem] = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise NoPack(f"locale pack `{path.name}` cannot be read: {error}; mend it") from error
    return found


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """Whole-word alternatives of this list in every language, the longer ones first."""
    entries = {entry for pack in packs().values() for entry in pack.get(section, {}).get(name, [])}
    joined = "|".join(sorted(entries, key=len, reverse=True)) or r"(?!)"
    return re.compile(rf"(?<![^\W_])(?:{joined})(?![^\W_])", re.IGNORECASE)


@cache
def months() -> dict[str, int]:
    """Names of months in every language, lower case, with their numbers."""
    every = [enumerate(pack["dates"]["months"], start=1) for pack in packs().values()]
    return {name: number for one in every for number, names in one for name in names.split("|")}
