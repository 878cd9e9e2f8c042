"""What the sandbox company runs with, read from the environment."""

import os
from functools import lru_cache
from pathlib import Path

from baton.runtime.settings import home_dir, load
from baton.types.frozen import Frozen


class CompanySettings(Frozen):
    """Where the company's records stand and what they begin with."""

    url: str
    """SQLAlchemy address; `BATON_COMPANY_URL`, default a SQLite file in home."""
    seed: Path
    """Folder of CSV files; `BATON_COMPANY_SEED`, default `samples/company` of the project."""

    @classmethod
    def from_environment(cls) -> "CompanySettings":
        """The settings of this process."""
        given = os.environ.get("BATON_COMPANY_URL")
        seed = os.environ.get("BATON_COMPANY_SEED") or load().project / "samples" / "company"
        if given:
            return cls(url=_with_driver(given), seed=Path(seed))
        home().mkdir(parents=True, exist_ok=True)
        return cls(url=f"sqlite:///{home() / 'company.db'}", seed=Path(seed))


def home() -> Path:
    """Where this project keeps everything, by the environment as it is now."""
    return _home(os.environ.get("BATON_HOME"), os.environ.get("BATON_PROJECT"), Path.cwd())


@lru_cache(maxsize=8)
def _home(named: str | None, project: str | None, here: Path) -> Path:
    return home_dir()


def _with_driver(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url
