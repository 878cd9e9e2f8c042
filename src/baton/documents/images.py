"""Opening pictures safely: upright by their EXIF note, bounded in size, HEIC included."""

import io
from collections.abc import Iterator
from typing import Final

import pi_heif
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from baton.errors import BatonError

LONGEST_SIDE: Final = 2600
"""Pixels; a longer side is made this long before reading: letters keep enough pixels and memory stays bounded."""
MOST_PIXELS: Final = 120_000_000
"""A picture that would unfold to more pixels is not opened."""

pi_heif.register_heif_opener()
ImageFile.LOAD_TRUNCATED_IMAGES = False


class NoPicture(BatonError):
    """A picture cannot be opened."""


def frames_of(data: bytes, first: int = 0, end: int | None = None) -> Iterator[Image.Image]:
    """The pictures in a file one by one, as several pages in a TIFF; all, or from the first to before the end.

    Raises `NoPicture`, with why in words for staff.
    """
    try:
        with Image.open(io.BytesIO(data)) as picture:
            for frame in range(_count(picture))[first:end]:
                picture.seek(frame)
                yield _opened(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise NoPicture(_why(error)) from error


def frame_count(data: bytes) -> int:
    """How many pictures the file holds; 1 where it cannot be told."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return _count(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return 1


def _count(picture: Image.Image) -> int:
    """Scanners put pages into a TIFF; the further pictures of other kinds are an animation or a preview."""
    return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1


def _opened(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise NoPicture(f"the picture has {width} x {height} points: ask for one taken with an ordinary camera")
    if min(width, height) < 8:
        raise NoPicture(f"the picture has only {width} x {height} points: ask for a larger one")
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # JPEG only: decodes at a half or a quarter of the size
    opened = ImageOps.exif_transpose(picture)  # a phone stores the picture as it held it, and notes the turn
    opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return _on_white(opened)


def _on_white(picture: Image.Image) -> Image.Image:
    """Transparent parts become paper."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture).convert("RGB")
    return picture.convert("RGB")


def _why(error: Exception) -> str:
    match error:
        case UnidentifiedImageError():
            return "the picture cannot be opened: ask for a JPEG, PNG or HEIC"
        case Image.DecompressionBombError():
            return "the picture unfolds to an enormous size and was not opened: ask for one taken with an ordinary camera"
        case _:
            return "the picture is damaged or not complete: ask for it again"
