"""What a file is, by its content and never by its sender's word."""

import mimetypes
import re
from typing import Final

_OLE: Final = "application/x-ole-storage"
_CONTAINER: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"{\\rtf", "application/rtf"),
)
_HEIC: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OFFICE: Final = {b"word/": "wordprocessingml.document", b"xl/": "spreadsheetml.sheet", b"ppt/": "presentationml.presentation"}
OUTLOOK: Final = "application/vnd.ms-outlook"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LOCKED: Final = "application/x-locked-office"
_INSIDE: Final = {
    "__properties_version1.0": OUTLOOK,
    "EncryptedPackage": LOCKED,
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
"""Names in the directory of an old Office container, and what the container is then."""
_TEXTS: Final = {
    "text/plain",
    "text/html",
    "text/csv",
    "text/calendar",
    "text/markdown",
    "text/xml",
    "application/json",
    "application/xml",
    "message/rfc822",
}

_ENDINGS: Final = {"message/rfc822": ".eml", OUTLOOK: ".msg", WORD: ".docx", "image/heic": ".heic", "text/plain": ".txt"}
_IN_WORDS: Final = {
    "application/zip": "a ZIP archive",
    "application/gzip": "a compressed archive",
    "application/x-7z-compressed": "a 7z archive",
    "application/vnd.rar": "a RAR archive",
    "application/x-bzip2": "a compressed archive",
    "application/x-xz": "a compressed archive",
    _OLE: "an old Office file",
    OUTLOOK: "an Outlook message",
    LOCKED: "an Office file locked with a password",
    "application/msword": "an old Word document",
    "application/vnd.ms-excel": "an old Excel workbook",
    "application/vnd.ms-powerpoint": "an old PowerPoint presentation",
    "application/vnd.microsoft.portable-executable": "a program",
    "application/x-elf": "a program",
    "application/rtf": "an RTF text",
    "application/pdf": "a PDF",
    "application/octet-stream": "of an unknown kind",
    **{f"application/vnd.openxmlformats-officedocument.{kind}": "an Office file" for kind in _OFFICE.values()},
    WORD: "a Word document",
}


def media_type_of(data: bytes, claimed: str = "") -> str:
    """The media type of these bytes; `claimed` only refines what is a text anyway."""
    start = data[:1024]
    if data.startswith(_CONTAINER):  # what lies inside may be a PDF; the whole is none
        return _contained(data)
    if b"%PDF-" in start:
        return "application/pdf"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _boxed(data)
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return _zipped(data) if kind == "application/zip" else kind
    return _text(data, claimed.lower()) if looks_like_text(data) else "application/octet-stream"


def looks_like_text(data: bytes) -> bool:
    """Whether these bytes are characters: no control bytes but white space, UTF-16 by its mark only."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", data[:65536])


def in_words(media_type: str) -> str:
    """What staff call a file of this type, as in `a ZIP archive`."""
    if media_type.startswith("image/"):
        return f"a {media_type.removeprefix('image/').upper()} picture"
    return _IN_WORDS.get(media_type, "a text" if media_type in _TEXTS else f"of the type {media_type}")


def ending_of(media_type: str) -> str:
    """The ending of a file name of this type, as in `.pdf`; empty where there is none that everybody knows."""
    return _ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ""


def is_archive(media_type: str) -> bool:
    """Whether other files lie inside; archives are filed and never opened."""
    return "archive" in _IN_WORDS.get(media_type, "")


def is_program(media_type: str) -> bool:
    """Whether a computer would run it."""
    return _IN_WORDS.get(media_type) == "a program"


def _boxed(data: bytes) -> str:
    brands = {data[at : at + 4] for at in range(8, min(len(data), 64), 4)}
    if data[8:12] in (b"avif", b"avis"):
        return "image/avif"
    return "image/heic" if brands & _HEIC else "video/mp4"


def _zipped(data: bytes) -> str:
    # names stand in clear in the archive's directory: nothing is unpacked to see them
    directory = data[-65536:] + data[:4096]
    if b"[Content_Types].xml" in directory:
        for folder, kind in _OFFICE.items():
            if folder in directory:
                return f"application/vnd.openxmlformats-officedocument.{kind}"
    return "application/zip"


def _contained(data: bytes) -> str:
    # the directory names what lies inside, in UTF-16: nothing is opened to see it
    for name, kind in _INSIDE.items():
        if name.encode("utf-16-le") in data:
            return kind
    return _OLE


def _text(data: bytes, claimed: str) -> str:
    if claimed == "message/rfc822":
        return claimed
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or (claimed == "text/html" and b"<" in start):
        return "text/html"
    if start.startswith(b"<?xml"):
        return "application/xml"
    return claimed if claimed in _TEXTS - {"text/html"} else "text/plain"
