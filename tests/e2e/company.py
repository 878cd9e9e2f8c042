"""A whole Baton that is up, with the sample company: what the console's tests click through from end to end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from samples.render import render_all

PROJECT = Path(__file__).parents[2]


@dataclass
class Company:
    """Baton at work in a home of its own."""

    home: Path
    address: str
    environment: dict[str, str]

    def submit(self, name: str) -> str:
        """Hand in one of the sample messages; the id of its case."""
        [file] = (self.home / "samples" / "inbox").glob(f"{name}*.eml")
        command = [sys.executable, "-m", "baton.cli", "submit", "--process", "warranty_claim", "--json", str(file)]
        said = subprocess.run(command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, timeout=120, check=True)
        told = json.loads(said.stdout)
        return str((told[0] if isinstance(told, list) else told["cases"][0])["case"])


@contextmanager
def at_work(home: Path) -> Iterator[Company]:
    """Up, and down again at the end."""
    render_all(home / "samples", date.today())
    environment = {
        **os.environ,
        "BATON_HOME": str(home),
        "BATON_PROJECT": str(PROJECT),
        "BATON_COMPANY_SEED": str(home / "samples" / "company"),
        "BATON_CONSOLE_PORT": "0",
        "BATON_UNDO_SECONDS": "0.5",
        "TEMPORAL_ADDRESS": "",
        "BATON_DATABASE_URL": "",
    }
    command = [sys.executable, "-m", "baton.cli", "up", "--json"]
    up = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert up.stdout is not None
        line = up.stdout.readline()
        assert line, up.communicate()[1]
        yield Company(home, str(json.loads(line)["console"]), environment)
    finally:
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=60)
