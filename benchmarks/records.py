"""How benchmarks write the records of a company that they make up."""

import csv
from collections.abc import Sequence
from pathlib import Path


def write_csv(path: Path, header: str, rows: Sequence[Sequence[object]]) -> None:
    """One file of the company's records; `header` is its columns, separated by commas."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
