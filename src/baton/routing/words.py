"""The words and letters of a text as a point: texts that share words and parts of words lie close together.

scikit-learn and SciPy take two seconds to load; they are loaded where they are used, so that a command that tells no messages
apart does not wait for them.
"""

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

Numbers: TypeAlias = NDArray[np.float32]
Arrays: TypeAlias = dict[str, NDArray[Any]]
DIMENSIONS = 400
_COMMON = 4.0
"""Inverse document frequency of a word in one of twenty texts: commoner ones tell a person nothing."""
_FEW_TEXTS = 3000
_SETTINGS: tuple[dict[str, Any], ...] = (
    {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
    {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2},
)


class Words:
    """Word pairs and letter groups, weighted by how rare they are and pressed into few dimensions."""

    def __init__(self, counted: "Sequence[TfidfVectorizer]", directions: Numbers) -> None:
        self._counted = counted
        self.directions = directions
        """One row a dimension, one column a word or letter group."""
        self._names = counted[0].get_feature_names_out()

    @classmethod
    def learn(cls, texts: Sequence[str], seed: int = 0) -> "Words":
        """The words of these texts."""
        counted = [_counter(**settings).fit(texts) for settings in _SETTINGS]
        rows = _rows(counted, texts)
        most = max(1, min(DIMENSIONS, min(rows.shape) - 1))
        return cls(counted, _directions(rows, most, seed))

    def points(self, texts: Sequence[str]) -> Numbers:
        """One row of length one for each text; nothing but zeros where no word is known."""
        found = np.asarray(_rows(self._counted, texts) @ self.directions.T, np.float32)
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(length > 0, length, 1), np.float32)

    def familiar(self, text: str) -> float:
        """The share of a text's words that stood in any example; 0 where it has none."""
        words = set(re.findall(r"[^\W\d_]{2,}", text.lower()))
        return sum(word in self._counted[0].vocabulary_ for word in words) / len(words) if words else 0.0

    def telling(self, text: str, direction: Numbers, most: int = 3) -> list[str]:
        """The words of this text that pull it most towards a direction, strongest first."""
        words = self._counted[0]
        row = words.transform([text])
        pull = row.data * (direction @ self.directions[:, row.indices])
        names = self._names
        rare = words.idf_[row.indices] > _COMMON
        strongest = [str(names[row.indices[place]]) for place in np.argsort(-pull) if pull[place] > 0 and rare[place]]
        kept: list[str] = []
        for word in strongest:
            if len(word) > 3 and " " not in word and not any(word in known or known in word for known in kept):
                kept.append(word)
        return kept[:most]

    def arrays(self) -> Arrays:
        """All there is to it, as plain arrays."""
        told: Arrays = {"words.directions": self.directions}
        for number, counted in enumerate(self._counted):
            names = json.dumps(list(counted.get_feature_names_out()), ensure_ascii=False)
            told[f"words.{number}.names"] = np.frombuffer(names.encode(), np.uint8)
            told[f"words.{number}.weights"] = counted.idf_
        return told

    @classmethod
    def of(cls, arrays: Arrays) -> "Words":
        """The words that these arrays hold."""
        counted = []
        for number, settings in enumerate(_SETTINGS):
            names = json.loads(arrays[f"words.{number}.names"].tobytes())
            vocabulary = {name: place for place, name in enumerate(names)}
            one = _counter(vocabulary=vocabulary, **settings)
            one.idf_ = arrays[f"words.{number}.weights"]
            counted.append(one)
        return cls(counted, arrays["words.directions"])


def _counter(**settings: Any) -> "TfidfVectorizer":
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **settings)


def _directions(rows: "csr_matrix[Any]", most: int, seed: int) -> Numbers:
    """The directions in which texts differ most. For few texts by what each two have in common, which is exact and quick."""
    from scipy.linalg import eigh
    from sklearn.decomposition import TruncatedSVD

    if rows.shape[0] > _FEW_TEXTS:
        return np.asarray(TruncatedSVD(most, n_iter=3, random_state=seed).fit(rows).components_, np.float32)
    common = (rows @ rows.T).toarray().astype(np.float64)
    strength, mixed = eigh(common, subset_by_index=[len(common) - most, len(common) - 1])
    scaled = mixed[:, ::-1] / np.sqrt(np.maximum(strength[::-1], 1e-9))
    return np.asarray((rows.T @ scaled).T, np.float32)


def _rows(counted: "Sequence[TfidfVectorizer]", texts: Sequence[str]) -> "csr_matrix[Any]":
    from scipy.sparse import hstack

    return hstack([one.transform(texts) for one in counted]).tocsr()
