"""A real Tryton for tests: its own server, in its own virtual environment, on a database of its own. Never imported."""

import fcntl
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from activities.purchasing.tryton.settings import TrytonSettings
from activities.purchasing.tryton.system import Tryton
from tests.integration.tryton_company import set_up

SERIES = "8.2"
MODULES = ("purchase", "account_invoice_stock", "account_payment", "bank")
PACKAGES = tuple(f"trytond{name and '_' + name}~={SERIES}.0" for name in ("", *MODULES))
UNREACHABLE = re.compile(r"connect|resolve|network|timed out|dns|unreachable", re.IGNORECASE)
PATIENCE = 180.0


def _cache() -> Path:
    """Where Tryton is installed once: below the user's cache, by the state of this set-up."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "baton-tests"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time installs; the others wait for it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def installed() -> Path:
    """The folder with Tryton and the database that every test begins with; made where there is none yet."""
    folder = _cache() / f"tryton-{SERIES}-python{sys.version_info[0]}.{sys.version_info[1]}"
    with _alone(folder):
        if not (folder / "venv" / "installed").exists():
            _install(folder / "venv")
        set_up_by = Path(__file__).with_name("tryton_company.py").stat().st_mtime
        made = folder / "company.sqlite"
        if not made.exists() or made.stat().st_mtime < set_up_by:
            _make_company(folder, made)
    return folder


def _install(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
    told = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if told.returncode and UNREACHABLE.search(told.stderr):
        pytest.skip(f"Tryton cannot be installed, the package registry is not reached: {told.stderr.strip().splitlines()[-1]}")
    assert told.returncode == 0, told.stderr
    (folder / "installed").touch()


def _make_company(folder: Path, made: Path) -> None:
    """Tryton's own tables (most of a minute), then the company in them."""
    work = folder / "making"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    server = TrytonServer(folder, work)
    sqlite3.connect(work / "baton.sqlite").close()
    admin = [str(folder / "venv" / "bin" / "trytond-admin"), "-c", str(server.configured()), "-d", "baton"]
    wanted = ["-u", *MODULES, "--activate-dependencies", "--email", "admin@company.example"]
    environment = os.environ | {"TRYTONPASSFILE": str(server.password_file)}
    subprocess.run([*admin, *wanted], check=True, capture_output=True, timeout=600, env=environment)
    server.start()
    try:
        set_up(server.url, server.password_file)
    finally:
        server.stop()
    with sqlite3.connect(work / "baton.sqlite") as connection, sqlite3.connect(work / "whole.sqlite") as whole:
        connection.backup(whole)
    os.replace(work / "whole.sqlite", made)
    shutil.rmtree(work)


@dataclass
class TrytonServer:
    """One server on one database."""

    installed: Path
    folder: Path
    port: int = field(default_factory=lambda: _free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/baton"

    @property
    def password_file(self) -> Path:
        file = self.folder / "password"
        file.write_text("not-a-real-password\n", "utf-8")
        return file

    def configured(self) -> Path:
        file = self.folder / "trytond.conf"
        where = f"[database]\nuri = sqlite:///{self.folder}\npath = {self.folder}\n[web]\nlisten = 127.0.0.1:{self.port}\n"
        file.write_text(where, "utf-8")
        return file

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [str(self.installed / "venv" / "bin" / "trytond"), "-c", str(self.configured()), "-d", "baton"]
        with (self.folder / "trytond.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/", timeout=5)
                return
            except httpx.TransportError:
                assert self.process.poll() is None, (self.folder / "trytond.log").read_text()[-2000:]
                assert time.monotonic() < until, "Tryton does not answer"
                time.sleep(0.05)

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    @property
    def settings(self) -> TrytonSettings:
        return TrytonSettings(url=self.url, user="admin", password_file=self.password_file, product="BATON")

    def adapter(self) -> Tryton:
        return Tryton(self.settings)


@contextmanager
def running(folder: Path) -> Iterator[TrytonServer]:
    """A Tryton with a fresh company."""
    home = installed()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(home / "company.sqlite", folder / "baton.sqlite")
    server = TrytonServer(home, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
