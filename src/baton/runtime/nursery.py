"""A process that loads the whole project once, and from which workers are forked: each begins where the loading ended.

Loading takes some nine seconds of a core, and three workers or more come up together. Only on Linux: elsewhere what has loaded
native libraries may hang when it is forked, and each worker loads for itself.
"""

import asyncio
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from baton.runtime.bootstrap import ENGINE_MODULES
from baton.runtime.children import Child, dies_with, spawn
from baton.runtime.project import discover
from baton.runtime.settings import load

AT_HAND: Final = sys.platform == "linux"
_MODULE: Final = "baton.runtime.nursery"
_WORKER: Final = "baton.runtime.worker"
_PIECE: Final = 65536
_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""A pool of threads does not survive a fork, and the small sums of a worker need none."""


_LATER: Final = (
    "scipy.linalg",
    "scipy.sparse",
    "sklearn.feature_extraction.text",
    "sklearn.decomposition",
    "sklearn.linear_model",
)
"""What a worker would else load when the first message is told apart."""


class NurseryDied(Exception):
    """It ended before it gave birth."""


@dataclass
class Born:
    """A worker that was forked, as the one that asked for it sees it: what a `subprocess.Popen` of it would be."""

    pid: int
    nursery: "Nursery"
    returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, or minus the signal that ended it; None while it runs."""
        if self.returncode is None:
            self.returncode = self.nursery.ended(self.pid)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal it; nothing happens once it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


@dataclass
class Nursery:
    """The side that asks: which process was born, and which has ended."""

    child: Child
    line: socket.socket
    _asked: int = 0
    _born: dict[int, int] = field(default_factory=dict)
    _ended: dict[int, int] = field(default_factory=dict)
    _unfinished: bytes = b""

    @classmethod
    def open(cls, log: Path, environment: Mapping[str, str], folder: Path) -> "Nursery":
        """Start one. It may be asked at once, and answers when it has loaded."""
        ours, theirs = socket.socketpair()
        with theirs:
            child = spawn(
                "nursery",
                [sys.executable, "-m", _MODULE],
                log=log,
                environment={**_ONE_THREAD, **environment},
                folder=folder,
                stdin=theirs.fileno(),
            )
        return cls(child, ours)

    async def birth(self, name: str, arguments: Sequence[str], log: Path, environment: Mapping[str, str]) -> Child:
        """A worker with these arguments. Raises `NurseryDied`."""
        self._asked += 1
        number = self._asked
        wanted = {"number": number, "name": name, "arguments": arguments, "log": str(log), "environment": environment}
        try:
            self.line.sendall(json.dumps(wanted).encode() + b"\n")
            while number not in self._born:
                self._listen()
                if not self.child.alive:
                    raise NurseryDied(self.child.epitaph())
                await asyncio.sleep(0.02)
        except OSError as error:
            raise NurseryDied(self.child.epitaph()) from error
        return Child(name, Born(self._born[number], self), log, signal.SIGTERM)

    def ended(self, pid: int) -> int | None:
        """The exit code of one that was born here, None while it runs; the kernel ends them all with the nursery."""
        self._listen()
        return self._ended.get(pid) if self.child.alive else self._ended.get(pid, -signal.SIGTERM)

    async def close(self) -> None:
        """End it; whoever was born here is stopped before."""
        await self.child.stop()
        self.line.close()

    def _listen(self) -> None:
        with suppress(BlockingIOError, ConnectionResetError):
            while piece := self.line.recv(_PIECE, socket.MSG_DONTWAIT):
                self._unfinished += piece
        *lines, self._unfinished = self._unfinished.split(b"\n")
        for told in map(json.loads, lines):
            if "born" in told:
                self._born[told["number"]] = told["born"]
            else:
                self._ended[told["ended"]] = told["code"]


def main() -> None:
    """Load, give birth to whoever is asked for, and tell who has ended, until nobody asks any more."""
    line = socket.socket(fileno=os.dup(0))
    woken, waking = socket.socketpair()
    for end in (woken, waking):
        end.setblocking(False)
    signal.set_wakeup_fd(waking.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    _load()
    with selectors.DefaultSelector() as both:
        both.register(line, selectors.EVENT_READ)
        both.register(woken, selectors.EVENT_READ)
        unfinished = b""
        while True:
            ready = {key.fileobj for key, _ in both.select()}
            if woken in ready:
                woken.recv(_PIECE)
                _tell(line, ({"ended": pid, "code": code} for pid, code in _gone()))
            if line in ready:
                if not (piece := line.recv(_PIECE)):
                    return
                *wanted, unfinished = (unfinished + piece).split(b"\n")
                for one in map(json.loads, wanted):
                    _tell(line, [{"number": one["number"], "born": _fork(one, line)}])


def _load() -> None:
    """As much as can be loaded; whoever is born tells what cannot, in words of its own."""
    with suppress(Exception):
        importlib.import_module(_WORKER)
        discover(load().project, ENGINE_MODULES)
        for module in _LATER:
            importlib.import_module(module)
    gc.collect()
    gc.freeze()  # lest collecting in the workers copies every page they share


def _tell(line: socket.socket, told: Any) -> None:
    for one in told:
        line.sendall(json.dumps(one).encode() + b"\n")


def _gone() -> Iterator[tuple[int, int]]:
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            yield found[0], os.waitstatus_to_exitcode(found[1])


def _fork(wanted: dict[str, Any], line: socket.socket) -> int:
    nursery = os.getpid()
    if pid := os.fork():
        return pid
    code: Any = 1
    try:
        _become(wanted, line, nursery)
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)


def _become(wanted: dict[str, Any], line: socket.socket, nursery: int) -> None:
    """As a program that was just started: with its own session, log and environment, and no line to the nursery's owner."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    line.close()
    os.setsid()
    if prepare := dies_with(nursery, signal.SIGTERM):
        prepare()
    with Path(wanted["log"]).open("ab") as log, Path(os.devnull).open("rb") as nothing:
        for mine, place in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(mine.fileno(), place)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    Path("/proc/self/comm").write_text(f"baton {wanted['name']}"[:15])
    importlib.import_module(_WORKER).main([*wanted["arguments"], "--parent", str(nursery)])


if __name__ == "__main__":
    main()
