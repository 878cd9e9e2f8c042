"""The OCR engines of a process, at most one a core: find lines, read one line, say which lines stand on their heads."""

import os
import queue
import threading
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from rapidocr import RapidOCR

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""Rows, columns, and red, green, blue."""
Quad: TypeAlias = npt.NDArray[np.float32]
"""Four corners in pixels, clockwise from top left."""

_SETTINGS: Final = {
    "Global.log_level": "critical",
    "Global.use_preprocess_img": False,
    "Det.limit_type": "max",
    "Det.limit_side_len": 1280,
    # a line a batch: padding to the longest costs more than batching gains; nor is a short line padded to 320
    "Rec.rec_batch_num": 1,
    "Rec.rec_img_shape": [3, 48, 48],
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
_SEATS = threading.BoundedSemaphore(os.cpu_count() or 1)
_FREE: queue.LifoQueue[RapidOCR] = queue.LifoQueue()


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


def find_lines(pixels: Pixels) -> list[Quad]:
    """Every line of text on the page."""
    found = _run(_bgr(pixels), use_det=True, use_cls=False, use_rec=False).boxes
    return [] if found is None else [np.asarray(box, dtype=np.float32) for box in found]


def read_line(line: Pixels) -> Read:
    """The text of one line, cut out and upright."""
    said = _run(_bgr(line), use_det=False, use_cls=False, use_rec=True, return_word_box=True)
    if not said.txts or not said.txts[0].strip():
        return Read("", (), ())
    text, info, sure = said.txts[0], said.word_results[0], said.word_results[0].confs
    columns = [column for word in info.word_cols for column in word]
    return Read(text, tuple(sure), _places(text, columns, info.line_txt_len))


def on_their_heads(lines: list[Pixels]) -> float:
    """The share of these lines that are upside down, each counting as much as the classifier is sure; 0.5 when it cannot tell."""
    said = [_run(_bgr(line), use_det=False, use_cls=True, use_rec=False).cls_res[0] for line in lines]
    sure = sum(score for _, score in said)
    return sum(score for label, score in said if label == "180") / sure if sure else 0.5


def _places(text: str, columns: list[int], length: float) -> tuple[float, ...]:
    """Where each character stands; a blank stands where the character before it does."""
    left, at, last = iter(columns), [], 0.0
    for character in text:
        if not character.isspace():
            last = (next(left, 0) + 0.5) / length
        at.append(min(last, 1.0))
    return tuple(at)


def _bgr(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[:, :, ::-1])


def _run(pixels: Pixels, **steps: bool) -> Any:
    with _SEATS:
        engine = _free_engine()
        try:
            return engine(pixels, **steps)  # it keeps the steps of a call in itself, so nobody else may use it meanwhile
        finally:
            _FREE.put(engine)


def _free_engine() -> RapidOCR:
    """One that nobody uses, the last used first; made when there is none."""
    try:
        return _FREE.get_nowait()
    except queue.Empty:
        return _new_engine()


def _new_engine() -> RapidOCR:
    cv2.setNumThreads(threads())
    return RapidOCR(params={**_SETTINGS, "EngineConfig.onnxruntime.intra_op_num_threads": threads()})
