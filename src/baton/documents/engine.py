"""The nets that read: find lines, read one line, say which lines stand on their heads. Their weights lie in the OCR wheel."""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from baton.documents.weights import Net, is_common, narrowed, signs_in, weights_of

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""Rows, columns, and red, green, blue."""
Quad: TypeAlias = npt.NDArray[np.float32]
"""Four corners in pixels, clockwise from top left."""
_Net: TypeAlias = Net | Literal["glance"]

LINE_HEIGHT: Final = 48
"""Pixels: every line is brought to this height before it is read."""
_WIDEST: Final = 3200
"""A line longer than this, as of a ruler or a fence, is squeezed."""
_HEADS: Final = (LINE_HEIGHT, 192)
_SEATS = threading.BoundedSemaphore(os.cpu_count() or 1)
"""One picture a core: more at once would only take more memory."""


@dataclass(frozen=True)
class Read:
    """One line as read: its characters, how sure each is, and where each stands, as a fraction of the line's length."""

    text: str
    sure: tuple[float, ...]
    at: tuple[float, ...]

    @property
    def confidence(self) -> float:
        """The mean over the characters."""
        return sum(self.sure) / len(self.sure) if self.sure else 0.0


def threads() -> int:
    """How many processor cores reading may use: `BATON_OCR_THREADS`, 1 unless set."""
    said = os.environ.get("BATON_OCR_THREADS", "1")
    return int(said) if said.isdigit() and said != "0" else 1


def ready() -> None:
    """Loads all nets, as the first picture would."""
    nets: tuple[_Net, ...] = ("det", "cls", "glance", "rec")
    for net in nets:
        _session(net)


def find_lines(pixels: Pixels, scale: float = 1.0) -> list[Quad]:
    """Every line of text on the picture, searched for at so many times its size."""
    height, width = pixels.shape[:2]
    size = (max(round(width * scale / 32), 1) * 32, max(round(height * scale / 32), 1) * 32)
    boxes, _ = _outlines()(_run("det", _blob([_sized(pixels, size)])), (height, width))
    return [np.asarray(box, dtype=np.float32) for box in boxes]


def glance_at_line(line: Pixels, squeezed: float) -> Read:
    """The text of one line, cut out and upright, read fast: at this share of its length, and only as signs of an alphabet."""
    return _read("glance", line, squeezed)


def read_line(line: Pixels) -> Read:
    """The text of one line, cut out and upright, read carefully."""
    return _read("rec", line, 1.0)


def on_their_heads(lines: Sequence[Pixels]) -> float:
    """The share of these lines that are upside down, each counting as much as the classifier is sure; 0.5 when it cannot tell."""
    chances = _run("cls", _blob([_fitted(line) for line in lines]))
    label, sure = chances.argmax(axis=1), chances.max(axis=1)
    return float(sure[label == 1].sum() / sure.sum()) if sure.sum() else 0.5


def _read(net: _Net, line: Pixels, squeezed: float) -> Read:
    height, width = line.shape[:2]
    wide = min(max(round(width * LINE_HEIGHT / height * squeezed), 16), _WIDEST)
    chances = _run(net, _blob([_sized(line, (wide, LINE_HEIGHT))]))[0]
    best = chances.argmax(axis=1)
    fresh = np.flatnonzero((best != 0) & (best != np.concatenate(([0], best[:-1]))))
    text = "".join(_signs(net)[best[step]] for step in fresh)
    if not text.strip():
        return Read("", (), ())
    return Read(text, tuple(float(chances[step, best[step]]) for step in fresh), _places(text, fresh, len(best)))


def _places(text: str, steps: npt.NDArray[np.int64], length: int) -> tuple[float, ...]:
    """Where each character stands; a blank stands where the character before it does."""
    at, last = [], 0.0
    for character, step in zip(text, steps, strict=True):
        if not character.isspace():
            last = (float(step) + 0.5) / length
        at.append(min(last, 1.0))
    return tuple(at)


def _fitted(line: Pixels) -> Pixels:
    """A line at the classifier's size, its rest left grey."""
    high, most = _HEADS
    wide = min(max(round(line.shape[1] * high / line.shape[0]), 1), most)
    out = np.full((high, most, 3), 127, dtype=np.uint8)
    out[:, :wide] = _sized(line, (wide, high))
    return out


def _sized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """At this width and height; made much smaller, every point counts, lest thin strokes vanish."""
    shrinks = size[0] * size[1] < 0.4 * pixels.shape[0] * pixels.shape[1]
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR).astype(np.uint8, copy=False)


def _blob(pictures: Sequence[Pixels]) -> npt.NDArray[np.float32]:
    """Pictures of one size as the nets take them: blue first, from -1 to 1."""
    blob = cv2.dnn.blobFromImages(list(pictures), scalefactor=1 / 127.5, mean=(127.5, 127.5, 127.5), swapRB=True)
    return np.asarray(blob, dtype=np.float32)


def _run(net: _Net, blob: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    session = _session(net)
    with _SEATS:
        return np.asarray(session.run(None, {session.get_inputs()[0].name: blob})[0])


_LOADING = threading.Lock()


def _session(net: _Net) -> Any:
    with _LOADING:
        return _loaded(net)


@cache
def _outlines() -> Any:
    from rapidocr.ch_ppocr_det.utils import DBPostProcess  # takes a second to load, and only those who read pages need it

    return DBPostProcess(thresh=0.3, box_thresh=0.5, max_candidates=1000, unclip_ratio=1.6, use_dilation=True)


@cache
def _loaded(net: _Net) -> Any:
    import onnxruntime  # likewise

    cv2.setNumThreads(threads())
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads()
    options.inter_op_num_threads = 1
    model = _for_a_glance() if net == "glance" else weights_of(net)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _for_a_glance() -> bytes:
    signs = _all_signs()
    return narrowed(weights_of("rec"), [number for number, sign in enumerate(signs) if is_common(sign)], len(signs))


@cache
def _signs(net: _Net) -> list[str]:
    """What each answer of a reading net stands for."""
    return [sign for sign in _all_signs() if is_common(sign)] if net == "glance" else _all_signs()


@cache
def _all_signs() -> list[str]:
    """All signs that the reading net knows; the first is nothing, the last a blank."""
    return ["", *signs_in(weights_of("rec")), " "]
