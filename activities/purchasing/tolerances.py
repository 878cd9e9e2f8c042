"""How far order, receipts and bill may differ, from the company's table: `policies/tables/purchase_order/tolerances.csv`."""

import csv
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from baton.errors import BatonError
from baton.matching import Tolerances
from baton.runtime.root import project_root

_FILE = Path("policies/tables/purchase_order/tolerances.csv")


class BadTolerances(BatonError):
    """The table of tolerances cannot be read."""


def tolerances(category: str) -> Tolerances:
    """Those of a category, else the row `*`, else the strictest. Raises `BadTolerances`."""
    path = project_root() / _FILE
    if not path.exists():
        return Tolerances()
    table = _table(path, path.stat().st_mtime_ns)
    return table.get(category) or table.get("*") or Tolerances()


@lru_cache(maxsize=4)
def _table(path: Path, changed: int) -> dict[str, Tolerances]:
    lines = [line for line in path.read_text("utf-8-sig").splitlines() if line.strip() and not line.startswith("#")]
    return {row["category"]: _row(path, row) for row in csv.DictReader(lines)}


def _row(path: Path, row: dict[str, str]) -> Tolerances:
    given = {name: value for name, value in row.items() if name != "category" and value}
    if unknown := sorted(set(given) - set(Tolerances.model_fields)):
        raise BadTolerances(f"`{path.name}` has a column `{unknown[0]}`, which is no tolerance")
    try:
        return Tolerances(**{name: Decimal(value) for name, value in given.items()})
    except InvalidOperation:
        raise BadTolerances(f"`{path.name}` has a value for `{row['category']}` that is no number: write it as `0.50`") from None
