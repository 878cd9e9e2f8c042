"""Pages as pictures for the browser: rendered once, kept beside the home's other files."""

import io
import os
from pathlib import Path

from PIL import Image

from baton.documents.images import frames_of
from baton.documents.kinds import media_type_of
from baton.documents.pdf import open_pdf
from baton.documents.store import DocumentMissing, DocumentStore
from baton.types.ids import DocumentId

LONGEST = 1800
_QUALITY = 82


def picture_of(documents: DocumentStore, home: Path, document: str, media_type: str, page: int) -> bytes:
    """One page as WebP. Raises `NoPicture`, `NoPdf` or `DocumentMissing` for what cannot be shown."""
    kept = home / "console" / "pages" / document[:2] / f"{document[2:]}-{page}.webp"
    if kept.is_file():
        return kept.read_bytes()
    data = _drawn(documents.read(DocumentId(document)), media_type, page)
    kept.parent.mkdir(parents=True, exist_ok=True)
    beside = kept.with_suffix(f".{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(kept)
    return data


def _drawn(data: bytes, media_type: str, page: int) -> bytes:
    drawn = _page(data, media_type, page)
    drawn.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    drawn.save(written, "WEBP", quality=_QUALITY, method=3)
    return written.getvalue()


def _page(data: bytes, media_type: str, page: int) -> Image.Image:
    if media_type_of(data, media_type) == "application/pdf":
        with open_pdf(data) as pdf:
            if 0 < page <= pdf.count:
                return pdf.look(page - 1)
    else:
        for number, frame in enumerate(frames_of(data), 1):
            if number == page:
                return frame
    raise DocumentMissing(f"the document has no page {page}")
