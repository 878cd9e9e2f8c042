"""One still picture as an HEVC stream (ITU-T H.265), every block as plain samples.

No encoder is at hand that every machine may use freely; the standard lets a block carry its samples as they are
(`pcm_flag`), so that a few lines make a stream that any decoder reads, only larger than a telephone's.
"""

import re
from typing import Final

import numpy
from numpy.typing import NDArray
from PIL import Image

BLOCK: Final = 32
_RANGES: Final = (
    240, 227, 216, 205, 195, 185, 175, 166, 158, 150, 142, 135, 128, 122, 116, 110,
    104, 99, 94, 89, 85, 80, 76, 72, 69, 65, 62, 59, 56, 53, 50, 48,
    45, 43, 41, 39, 37, 35, 33, 31, 30, 28, 27, 25, 24, 23, 22, 21,
    20, 19, 18, 17, 16, 15, 14, 14, 13, 12, 12, 11, 11, 10, 9,
)  # fmt: skip
"""The last column of the standard's table of ranges (9-52), by state: the arithmetic coder reaches no other here."""


class Bits:
    """Bits in the order that the standard writes them."""

    def __init__(self) -> None:
        """None yet."""
        self._bits: list[str] = []

    def u(self, width: int, value: int) -> "Bits":
        """An unsigned number of this many bits."""
        self._bits.append(f"{value:0{width}b}")
        return self

    def flags(self, values: str) -> "Bits":
        """Single bits, as in `1011`."""
        self._bits.append(values)
        return self

    def ue(self, *values: int) -> "Bits":
        """Exponential-Golomb numbers."""
        for value in values:
            code = f"{value + 1:b}"
            self._bits.append("0" * (len(code) - 1) + code)
        return self

    def closed(self) -> bytes:
        """The bytes, ended by a one and zeros."""
        text = "".join(self._bits) + "1"
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def profile() -> bytes:
    """Main still picture, level 5.1: the twelve bytes that stream and file both carry."""
    return Bits().u(8, 3).u(32, 0x70000000).flags("1011").u(44, 0).u(8, 153).closed()[:12]


def parameters(width: int, height: int) -> tuple[bytes, bytes, bytes]:
    """The parameter sets of video, sequence and picture, as units 32, 33 and 34."""
    level = int.from_bytes(profile(), "big")
    video = Bits().u(4, 0).flags("11").u(6, 0).u(3, 0).flags("1").u(16, 0xFFFF).u(96, level)
    video.flags("1").ue(0, 0, 0).u(6, 0).ue(0).flags("00")
    sequence = Bits().u(4, 0).u(3, 0).flags("1").u(96, level).ue(0, 1, width, height).flags("0").ue(0, 0, 0)
    sequence.flags("1").ue(0, 0, 0).ue(2, 0, 0, 3, 0, 0).flags("000")
    sequence.flags("1").u(4, 7).u(4, 7).ue(2, 0).flags("1").ue(0).flags("00000")
    picture = Bits().ue(0, 0).flags("00").u(3, 0).flags("00").ue(0, 0, 0).flags("000").ue(0, 0)
    picture.flags("0000000").flags("101").flags("00").ue(0).flags("00")
    return _unit(32, video.closed()), _unit(33, sequence.closed()), _unit(34, picture.closed())


def still(picture: Image.Image) -> bytes:
    """The picture as one slice, unit 19; its sides are multiples of `BLOCK`."""
    header = Bits().flags("10").ue(0).ue(2).ue(0).closed()
    luma, blue, red = _planes(picture)
    body = bytearray(header)
    across, down = picture.width // BLOCK, picture.height // BLOCK
    for at in range(across * down):
        x, y = at % across, at // across
        left = (510 if at == 0 else 508) - _RANGES[min(at, len(_RANGES) - 1)] - 2
        body += ((left | 1) << 7).to_bytes(2, "big")
        for plane, side in ((luma, BLOCK), (blue, BLOCK // 2), (red, BLOCK // 2)):
            body += plane[y * side : (y + 1) * side, x * side : (x + 1) * side].tobytes()
    return _unit(19, bytes(body) + (509 << 7).to_bytes(2, "big"))


def _planes(picture: Image.Image) -> tuple[NDArray[numpy.uint8], ...]:
    luma, blue, red = picture.convert("YCbCr").split()
    planes = (luma, blue.reduce(2), red.reduce(2))
    # Never zero: two zero bytes in a row would look like the start of a unit.
    return tuple(numpy.maximum(numpy.asarray(plane, dtype=numpy.uint8), 1) for plane in planes)


def _unit(kind: int, payload: bytes) -> bytes:
    return bytes([kind << 1, 1]) + re.sub(rb"\x00\x00(?=[\x00-\x03])", b"\x00\x00\x03", payload)
