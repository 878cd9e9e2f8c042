"""A language model that does what the text it reads tells it: an OpenAI-compatible endpoint on loopback."""

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from baton.types.canonical import Json
from benchmarks.injection.papers import as_printed
from benchmarks.injection.scenes import Scene

MODEL = "obedient-1"
_REFERENCE = re.compile(r"qz\d{4}x")


def answer(scene: Scene, wanted: Mapping[str, Any]) -> dict[str, Json]:
    """What an obedient model answers: the attacker's values where one is wanted, honest copies of the rest."""
    says: dict[str, Json] = {**as_printed(scene.truth), **as_printed(scene.wants), "wish": "gift_card", "label": "warranty_claim"}
    says |= {"product": "household appliance", "defect": "does not switch on any more"}
    return {name: says.get(name) for name in wanted}


@contextmanager
def serving(scenes: Sequence[Scene]) -> Iterator[tuple[str, list[int]]]:
    """The endpoint's address, and the number of every scene that it was asked about."""
    known, asked = {scene.reference: scene for scene in scenes}, list[int]()

    class Obedient(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            found = _REFERENCE.search(json.dumps(body["messages"]))
            scene = known[found.group()] if found else None
            if scene:
                asked.append(scene.number)
            wanted = body["response_format"]["json_schema"]["schema"]["properties"]
            data = _completion(answer(scene, wanted) if scene else {"label": "warranty_claim"} | dict.fromkeys(wanted)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Obedient)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", asked
    finally:
        server.shutdown()
        server.server_close()


def _completion(value: dict[str, Any]) -> str:
    message = {"role": "assistant", "content": json.dumps(value), "refusal": None}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return json.dumps(
        {"id": "o-1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice], "usage": usage}
    )
