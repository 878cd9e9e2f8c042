"""Language models for tests: a scripted endpoint, and a real small model behind llama.cpp's own server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.llama import Llama, running
from tests.integration.scripted_model import SECRET, Endpoint, serving


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """A scripted endpoint, and an environment that points to it."""
    with serving() as endpoint:
        monkeypatch.setenv("BATON_HOME", str(tmp_path / "baton"))
        monkeypatch.delenv("BATON_DATABASE_URL", raising=False)
        monkeypatch.setenv("BATON_MODEL", "scripted")
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("OPENAI_API_KEY", SECRET)
        yield endpoint


@pytest.fixture(scope="session")
def llama_server() -> Iterator[Llama]:
    """llama.cpp's server with SmolLM2-135M, once a session."""
    with running() as llama:
        yield llama
