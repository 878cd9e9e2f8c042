"""A HEIC file (ISO/IEC 23008-12) around one still picture, as a telephone saves it."""

import struct

from PIL import Image

from samples.hevc import BLOCK, parameters, profile, still


def heic(picture: Image.Image) -> bytes:
    """The picture as a HEIC file; its sides are cut to multiples of 32."""
    picture = picture.crop((0, 0, picture.width // BLOCK * BLOCK, picture.height // BLOCK * BLOCK))
    head = _box("ftyp", b"heic", _u32(0), b"mif1heic")
    stream = still(picture)
    sample = _u32(len(stream)) + stream
    start = len(head) + len(_meta(picture, 0, len(sample))) + 8
    return head + _meta(picture, start, len(sample)) + _box("mdat", sample)


def _meta(picture: Image.Image, start: int, size: int) -> bytes:
    handler = _full("hdlr", _u32(0), b"pict", bytes(12), b"\0")
    primary = _full("pitm", _u16(1))
    place = _full("iloc", b"\x44\x00", _u16(1), _u16(1), _u16(0), _u16(1), _u32(start), _u32(size))
    item = _box("infe", b"\x02\0\0\0", _u16(1), _u16(0), b"hvc1", b"\0")
    known = _full("iinf", _u16(1), item)
    kept = _box("ipco", _configuration(picture), _full("ispe", _u32(picture.width), _u32(picture.height)), _colour())
    uses = _full("ipma", _u32(1), _u16(1), bytes([3, 0x81, 2, 3]))
    return _full("meta", handler, primary, place, known, _box("iprp", kept, uses))


def _configuration(picture: Image.Image) -> bytes:
    """`hvcC`: the decoder's settings and the three parameter sets."""
    units = parameters(picture.width, picture.height)
    fixed = b"\x01" + profile() + b"\xf0\x00\xfc\xfd\xf8\xf8\x00\x00\x0f" + bytes([len(units)])
    lists = (bytes([0x80 | unit[0] >> 1]) + _u16(1) + _u16(len(unit)) + unit for unit in units)
    return _box("hvcC", fixed, *lists)


def _colour() -> bytes:
    """sRGB, full range."""
    return _box("colr", b"nclx", _u16(1), _u16(13), _u16(6), b"\x80")


def _full(name: str, *parts: bytes) -> bytes:
    return _box(name, bytes(4), *parts)


def _box(name: str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return _u32(len(body) + 8) + name.encode() + body


def _u16(value: int) -> bytes:
    return struct.pack(">H", value)


def _u32(value: int) -> bytes:
    return struct.pack(">I", value)
