"""A proxy before a real model server that spoils what passes through it, one fault a request."""

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Fault = Callable[["Passing"], None]


class Proxy:
    """Where it listens, what it will do to the next requests (the last for ever), and how many the real server answered."""

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.url = ""
        self.faults: list[Fault] = []
        self.requests = 0
        self.answered = 0

    def does(self, *faults: Fault) -> None:
        """Spoil the next requests like this, in order."""
        self.faults = list(faults)


class Passing(BaseHTTPRequestHandler):
    """One request on its way."""

    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        faults = self.proxy.faults
        self.proxy.requests += 1
        self.asked = self.rfile.read(int(self.headers["content-length"]))
        (faults.pop(0) if len(faults) > 1 else faults[0])(self)

    def real(self) -> dict[str, Any]:
        """What the real server answers."""
        request = urllib.request.Request(
            f"{self.proxy.behind}/chat/completions", self.asked, {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            self.proxy.answered += 1
            body: dict[str, Any] = json.load(answer)
            return body

    def reply(self, status: int, body: str, promised: int | None = None, **headers: str) -> None:
        """Send an answer; with `promised`, break off where fewer bytes come than were promised."""
        data = body.encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(promised or len(data)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()
        if promised:
            self.connection.shutdown(2)
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def passes(on: Passing) -> None:
    """The real answer, unspoilt."""
    on.reply(200, json.dumps(on.real()))


def dies(on: Passing) -> None:
    """Half of the real answer."""
    body = json.dumps(on.real())
    on.reply(200, body[: len(body) // 2], promised=len(body))


def errs(status: int) -> Fault:
    """An error instead of an answer."""
    return lambda on: on.reply(status, '{"error": {"message": "no"}}', retry_after="0.05")


def slow(seconds: float) -> Fault:
    """The real answer, late."""

    def late(on: Passing) -> None:
        time.sleep(seconds)
        passes(on)

    return late


def message(**changes: Any) -> Fault:
    """The real answer with other words in its message."""

    def changed(on: Passing) -> None:
        body = on.real()
        body["choices"][0]["message"] |= changes
        on.reply(200, json.dumps(body))

    return changed


def without_a_key(on: Passing) -> None:
    """The real answer with one key missing and another made up."""
    body = on.real()
    value = json.loads(body["choices"][0]["message"]["content"])
    value.pop(next(iter(value)))
    body["choices"][0]["message"]["content"] = json.dumps(value | {"made_up": 1})
    on.reply(200, json.dumps(body))


@contextmanager
def before(behind: str) -> Iterator[Proxy]:
    """A proxy on a free loopback port before this server."""
    proxy = Proxy(behind)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Before", (Passing,), {"proxy": proxy}))
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
