"""What an OpenTelemetry collector gets: the same connected trace, and no content."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from baton.telemetry import case_context, flush, names, root_span, set_up, span
from baton.telemetry.setup import close
from baton.types.ids import CaseId

CASE = CaseId("WC-7")


class Collector:
    """An OTLP receiver over HTTP."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.paths: list[str] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.paths.append(self.path)
                collector.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def spans(self) -> list[Span]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            found
            for request in requests
            for part in request.resource_spans
            for scope in part.scope_spans
            for found in scope.spans
        ]


@pytest.fixture
def collector() -> Iterator[Collector]:
    receiving = Collector()
    yield receiving
    close()
    receiving.server.shutdown()
    receiving.server.server_close()


@pytest.mark.parametrize("by", ["argument", "environment"])
def test_a_collector_gets_one_connected_trace_and_no_content(
    by: str, collector: Collector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    if by == "environment":
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    set_up("work", tmp_path, collector.url if by == "argument" else None)
    with (
        span(f"{names.INVOKE_AGENT} rekey", case=CASE),
        span(f"{names.CHAT} small", {"gen_ai.prompt": "Rosa's kettle"}, case=CASE),
    ):
        pass
    root_span(CASE, datetime.now(UTC), datetime.now(UTC))
    assert flush()
    spans = collector.spans()
    assert set(collector.paths) == {"/v1/traces"}
    assert {found.trace_id.hex() for found in spans} == {f"{case_context(CASE).trace_id:032x}"}
    ids = {found.span_id for found in spans}
    assert [found.name for found in spans if found.parent_span_id not in ids] == [names.CASE]
    assert all(b"Rosa" not in body for body in collector.bodies)


def test_a_dead_collector_costs_no_span_of_the_local_table(tmp_path: Path) -> None:
    from baton.telemetry import waterfall

    set_up("work", tmp_path, "http://127.0.0.1:9")
    with span(names.STEP, case=CASE):
        pass
    flush(1500)
    assert len(waterfall(tmp_path, CASE)) == 1
    close()
