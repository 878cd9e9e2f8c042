"""An OpenAI-compatible endpoint on loopback that answers from a script; for tests of everything that can go wrong."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "sk-never-shown-4711"
"""The key that the tests' environment holds."""

Turn = Callable[["Handler"], None]


class Endpoint:
    """What was asked, and what will be answered next; the last turn is repeated for ever."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""
        self._lock = threading.Lock()

    def says(self, *turns: Turn) -> None:
        """Answer with these, in order."""
        self.turns = list(turns)

    def next(self, body: dict[str, Any], headers: dict[str, str]) -> Turn:
        """Note one request and take its turn."""
        with self._lock:
            self.asked.append(body)
            self.headers.append(headers)
            return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    endpoint: Endpoint
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.endpoint.next(body, {key.lower(): value for key, value in self.headers.items()})(self)

    def reply(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
        """Send a whole answer."""
        data = body.encode()
        self.send_response(status)
        for key, value in {"content-type": "application/json", "content-length": str(len(data)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def completion(
    content: str | None, *, finish: str = "stop", refusal: str | None = None, tokens: tuple[int, int] = (100, 20)
) -> str:
    """A chat completion's JSON."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return json.dumps(
        {
            "id": "c-1",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted-1",
            "choices": [{"index": 0, "finish_reason": finish, "message": message}],
            "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)},
        }
    )


def answer(value: object, **how: Any) -> Turn:
    """A well-formed answer holding this value as JSON."""
    return lambda handler: handler.reply(200, completion(json.dumps(value), **how))


def raw(body: str, status: int = 200, **headers: str) -> Turn:
    """Exactly these bytes."""
    return lambda handler: handler.reply(status, body, headers)


def fails(status: int, **headers: str) -> Turn:
    """An error, with the prompt and our key quoted in its message, as some providers do."""

    def turn(handler: Handler) -> None:
        quoted = {"error": {"message": f"bad: {handler.headers['authorization']} {handler.endpoint.asked[-1]}", "type": "x"}}
        handler.reply(status, json.dumps(quoted), {key.replace("_", "-"): value for key, value in headers.items()})

    return turn


def slow(seconds: float, turn: Turn) -> Turn:
    """The same, later."""

    def late(handler: Handler) -> None:
        time.sleep(seconds)
        turn(handler)

    return late


def dies(handler: Handler) -> None:
    """Half an answer, then nothing: the connection breaks."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "4000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "c-1", "choices": [')
    handler.wfile.flush()
    handler.connection.shutdown(2)
    handler.close_connection = True


@contextmanager
def serving() -> Iterator[Endpoint]:
    """An endpoint on a free loopback port."""
    endpoint = Endpoint()
    handler = type("Scripted", (Handler,), {"endpoint": endpoint})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
