"""Photographs as evidence: is it the same picture again, and is it a picture of a text?"""

import imagehash

from baton.documents.images import frames_of
from baton.types.documents import Reading

SAME_PHOTO = 8
"""Two photos nearer than this many of 64 bits are the same picture."""

WORDS_OF_A_TEXT = 12
"""A receipt carries more words than this; a photo of a broken thing carries a label at most."""


def perceptual_hash(data: bytes) -> str:
    """What a picture looks like, in 16 hexadecimal digits: nearly the same after resizing or compressing it again.

    Raises `NoPicture` for what cannot be opened.
    """
    return str(imagehash.phash(next(frames_of(data))))


def distance(a: str, b: str) -> int:
    """How many of 64 bits differ between two perceptual hashes."""
    return int(imagehash.hex_to_hash(a) - imagehash.hex_to_hash(b))


def is_photo_of_text(reading: Reading) -> bool:
    """Whether an image shows a text, as a receipt does, and not a thing with a label on it."""
    words = [word for page in reading.pages for word in page.words]
    return sum(len(word.text) > 1 and word.confidence > 0.5 for word in words) >= WORDS_OF_A_TEXT
