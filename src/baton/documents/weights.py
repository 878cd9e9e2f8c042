"""The weights of the nets, out of the OCR wheel; and the reading net cut down to the signs that most pages are written in.

The reading net answers for each of some 18,000 signs, nearly all of them Chinese, Japanese or Korean. Leaving those out makes it
an eighth faster; a line that it then reads unsurely is read again by the whole net.
"""

import struct
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from baton.errors import BatonError

Net: TypeAlias = Literal["det", "rec", "cls"]
"""Finds lines, reads one, says whether it stands on its head."""

# A model file is a tree of numbered fields (protocol buffers); these are the ones on the way to a weight.
_GRAPH, _NOTES = 7, 14
_WEIGHT, _OUTPUT = 5, 12
_DIMENSIONS, _RAW = 1, 9
_NAME, _VALUE = 1, 2
_Field: TypeAlias = tuple[int, int, bytes]
"""Its number, its wire type, and its bytes."""


class NoWeights(BatonError):
    """The installed OCR wheel does not carry the weights that reading needs."""


def weights_of(net: Net) -> bytes:
    """The model file of a net."""
    spec = find_spec("rapidocr")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        for path in sorted((Path(folder) / "models").glob(f"*_{net}_*.onnx")):
            return path.read_bytes()
    raise NoWeights(f"`rapidocr` carries no `{net}` weights: install the version that the lock file names")


def is_common(sign: str) -> bool:
    """Whether a sign belongs to an alphabet: not the wide ones of East Asia, and not their wide punctuation."""
    return unicodedata.east_asian_width(sign[:1] or " ") not in "WF"


def signs_in(model: bytes) -> list[str]:
    """The signs that a reading net answers for, as its file lists them."""
    for key, _, data in _fields(model):
        if key == _NOTES:
            note = {number: bytes(value) for number, _, value in _fields(data)}
            if note.get(_NAME) == b"character":
                return note[_VALUE].decode().splitlines()
    raise NoWeights("the reading net of `rapidocr` does not list its signs: install the version that the lock file names")


def narrowed(model: bytes, kept: Sequence[int], of: int) -> bytes:
    """The same net answering only for the signs with these numbers, out of so many."""
    return _edited(model, _GRAPH, lambda graph: _narrowed_graph(graph, np.asarray(kept), of))


def _narrowed_graph(graph: bytes, kept: npt.NDArray[np.int64], of: int) -> bytes:
    graph = _edited(graph, _WEIGHT, lambda weight: _narrowed_weight(weight, kept, of))
    return _edited(graph, _OUTPUT, _without_shape)


def _narrowed_weight(weight: bytes, kept: npt.NDArray[np.int64], of: int) -> bytes:
    """A weight with one column for each sign keeps the wanted ones; others stay as they are."""
    fields = list(_fields(weight))
    shape = [_number(data) for key, _, data in fields if key == _DIMENSIONS]
    raw = next((data for key, _, data in fields if key == _RAW), None)
    if raw is None or not shape or shape[-1] != of:
        return weight
    values = np.frombuffer(raw, dtype=np.float32).reshape(shape)[..., kept]
    others = b"".join(_written(field) for field in fields if field[0] not in (_DIMENSIONS, _RAW))
    sizes = b"".join(_written((_DIMENSIONS, 0, _spelled(size))) for size in values.shape)
    return sizes + others + _written((_RAW, 2, values.tobytes()))


def _without_shape(output: bytes) -> bytes:
    """An output by its name only: the shape that it had is no longer true."""
    return b"".join(_written(field) for field in _fields(output) if field[0] == _NAME)


def _edited(message: bytes, wanted: int, edit: Callable[[bytes], bytes]) -> bytes:
    fields = ((key, kind, edit(data) if key == wanted else data) for key, kind, data in _fields(message))
    return b"".join(map(_written, fields))


def _fields(message: bytes) -> Iterator[_Field]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        key, kind = tag >> 3, tag & 7
        start = at
        match kind:
            case 0:
                _, at = _varint(message, at)
            case 1:
                at += 8
            case 2:
                size, start = _varint(message, at)
                at = start + size
            case _:
                at += 4
        yield key, kind, message[start:at]


def _written(field: _Field) -> bytes:
    key, kind, data = field
    return _spelled(key << 3 | kind) + (_spelled(len(data)) if kind == 2 else b"") + data


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            return value, at


def _number(data: bytes) -> int:
    return _varint(data, 0)[0]


def _spelled(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return struct.pack(f"{len(out) + 1}B", *out, value)
