"""Which reader made a reading: a new version reads again, the old readings stay for the decisions that rest on them."""

from importlib.metadata import version
from typing import Final

READER: Final = f"pages/3 pypdfium2/{version('pypdfium2')} rapidocr/{version('rapidocr')} docx/{version('python-docx')}"
"""Name and version, with the libraries whose change would change a reading."""
