"""Units of quantity: the same unit in its many spellings is one."""

import re
from functools import cache
from typing import Final

_SPELLINGS: Final = {
    "C62": "one c62 ea each h87 pce pc pcs pc(s) piece pieces nar st stk stck stück stücke stuk stuks unit units nos pièces",
    "DZN": "dzn dozen doz dz dutzend dozijn",
    "PR": "pr pair pairs paar npr",
    "SET": "set sets satz",
    "BX": "bx xbx box boxes karton kartons ct xct carton cartons doos",
    "PK": "pk xpk pack packs packung package packages pkg",
    "PF": "pf xpf pallet pallets palette paletten",
    "KGM": "kgm kg kilo kilos kilogram kilograms kilogramm",
    "GRM": "grm g gram grams gramm",
    "TNE": "tne t ton tons tonne tonnes",
    "LTR": "ltr l litre litres liter liters",
    "MTR": "mtr m metre metres meter meters",
    "MTK": "mtk m2 m² sqm",
    "HUR": "hur h hr hrs hour hours std stunde stunden uur",
    "DAY": "day days tag tage dag dagen d",
    "WEE": "wee week weeks woche wochen",
    "MON": "mon month months monat monate maand maanden",
    "ANN": "ann year years jahr jahre jaar",
    "C": "hundred hun cen",
    "MIL": "mil thousand",
}


def unit(written: str) -> str:
    """A unit as its code of UN/ECE Recommendation 20; what is not known stays as written, in capitals."""
    plain = re.sub(r"[\s.]+$", "", written.strip()).casefold()
    return _codes().get(plain, plain.upper())


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings mean one unit; one that is not stated differs from none."""
    return not one.strip() or not other.strip() or unit(one) == unit(other)


@cache
def _codes() -> dict[str, str]:
    return {spelling: code for code, spellings in _SPELLINGS.items() for spelling in spellings.split()}
