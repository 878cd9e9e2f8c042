"""Where the token reader's models are kept, and how the first one comes to be.

The model that learned only from made-up receipts is the same for everyone: it is made once a machine, at first use, in seconds.
One that learned from corrections too belongs to an installation and stands in its home.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from baton.readers.made import made_receipts
from baton.readers.made.chance import VERSION as MADE
from baton.readers.tokens.features import VERSION as FEATURES
from baton.readers.tokens.model import Model, NoModel, learn, load
from baton.readers.tokens.reader import TokenReader
from baton.readers.tokens.tags import Example, by_words

RECEIPTS = 300
"""How many made-up receipts the token reader learns from: more teach it little more."""

NAME = f"tokens/{FEATURES}.{MADE}"


def shipped() -> TokenReader:
    """The reader that learned only from made-up receipts."""
    return TokenReader(shipped_model())


def shipped_model() -> Model:
    """What that reader learned; made at the first use on a machine."""
    return _ready(str(cache() / f"tokens-{FEATURES}.{MADE}-{RECEIPTS}.crf"))


def installed(home: Path) -> TokenReader:
    """The reader of an installation: what it learned from its own corrections, else the shipped one.

    A model that is damaged or of another version is passed over: which reader read is on record with every finding.
    """
    path = place(home)
    try:
        return TokenReader(_loaded(str(path), path.stat().st_mtime_ns))
    except (NoModel, FileNotFoundError):
        return shipped()


def place(home: Path) -> Path:
    """Where an installation keeps its own model."""
    return home / "readers" / "tokens.crf"


def cache() -> Path:
    """Where this machine keeps what can be made again: `BATON_CACHE`, else the user's cache."""
    told = os.environ.get("BATON_CACHE")
    return Path(told) if told else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "baton"


def made_examples(count: int | None = None) -> list[Example]:
    """Made-up receipts as examples: so many, or as many as the shipped reader learns from."""
    return [by_words(one.source, one.means) for one in made_receipts(RECEIPTS if count is None else count)]


@lru_cache(maxsize=4)
def _loaded(path: str, changed: int) -> Model:
    return load(Path(path))


@lru_cache(maxsize=4)
def _ready(path: str) -> Model:
    kept = Path(path)
    try:
        return load(kept)
    except NoModel:
        with _alone(kept):
            if kept.is_file():  # another process made it while this one waited
                try:
                    return load(kept)
                except NoModel:
                    kept.unlink(missing_ok=True)
            return learn(made_examples(), kept, NAME, {"made": RECEIPTS})


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time makes a model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
