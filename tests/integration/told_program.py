"""A program that is told what happens: a real receiver on loopback, which hears, refuses or keeps silent as it is bid."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Told:
    """What came in: headers and body, in order."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    """The statuses of the next answers; 200 when there are none left."""
    silent: bool = False
    """Take the request and never answer."""
    came: list[tuple[dict[str, str], str]] = field(default_factory=list)
    heard: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiving() -> Iterator[Told]:
    """Listen until the block ends."""
    told, over = Told(), threading.Event()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            told.heard.set()
            if told.silent:
                over.wait(60)
                return
            self.send_response(told.answers.pop(0) if told.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/baton?key=hush"
    try:
        yield told
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
