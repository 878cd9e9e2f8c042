"""What the sandbox of signing adds to the company's records: three kinds of entry, whose details are JSON."""

from typing import Final

SERIES: Final = {"signature": "SG", "invitation": "IN", "countersignature": "CS"}
