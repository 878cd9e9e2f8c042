"""Where spans go: the local table always, an OTLP collector when one is configured."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from baton.telemetry.guard import Guard
from baton.telemetry.local import LocalTable

_LIBRARY = "baton"
_EVERY = 1000  # milliseconds between exports: a person who looks at a trace waits no longer
_forced: ContextVar[tuple[int, int] | None] = ContextVar("forced_span_id", default=None)
_provider: TracerProvider | None = None
_tracer: trace.Tracer = trace.NoOpTracer()
_guard: Guard | None = None


class _Ids(IdGenerator):
    """Random ids, except inside `with_span_id`: a case's root span has an id that derives from the case."""

    def __init__(self) -> None:
        # Own generator: code that seeds `random` must not make two spans alike.
        self._random = random.SystemRandom()

    def generate_span_id(self) -> int:
        forced = _forced.get()
        return forced[1] if forced else self._random.randrange(1, 1 << 64)

    def generate_trace_id(self) -> int:
        forced = _forced.get()
        return forced[0] if forced else self._random.randrange(1, 1 << 128)


def set_up(service: str, home: Path, otlp_endpoint: str | None = None) -> None:
    """Send this process's spans to `home/traces.db`, and to OTLP over HTTP where an endpoint is given or in the environment.

    `otlp_endpoint` is the collector's base address; without it `OTEL_EXPORTER_OTLP_ENDPOINT` counts. Calling it again
    moves the spans to the new places.
    """
    global _provider, _guard, _tracer
    close()
    targets: list[SpanProcessor] = [_batched(LocalTable(home))]
    if remote := _remote(otlp_endpoint):
        targets.append(_batched(remote))
    _guard = Guard(targets)
    _provider = TracerProvider(
        sampler=ALWAYS_ON,
        resource=Resource.create({"service.name": service}),
        shutdown_on_exit=False,  # workers leave by `os._exit`; they call `flush`
        id_generator=_Ids(),
    )
    _provider.add_span_processor(_guard)
    _tracer = _provider.get_tracer(_LIBRARY)


def tracer() -> trace.Tracer:
    """The tracer to open spans with; before `set_up` its spans go nowhere."""
    return _tracer


def flush(milliseconds: int = 5000) -> bool:
    """Write out what is still buffered. Call it before the process ends; False when time ran out."""
    return _provider is None or _provider.force_flush(milliseconds)


def close() -> None:
    """Write out everything and stop exporting."""
    global _provider, _tracer
    if _provider is not None:
        _provider.shutdown()
        _provider, _tracer = None, trace.NoOpTracer()


def dropped() -> int:
    """How many attributes the guard refused since `set_up`."""
    return _guard.dropped if _guard else 0


@contextmanager
def with_span_id(trace_number: int, span_number: int) -> Iterator[None]:
    """Give the root span that is started inside exactly these ids."""
    token = _forced.set((trace_number, span_number))
    try:
        yield
    finally:
        _forced.reset(token)


def _batched(exporter: SpanExporter) -> BatchSpanProcessor:
    return BatchSpanProcessor(exporter, schedule_delay_millis=_EVERY)


def _remote(endpoint: str | None) -> SpanExporter | None:
    named = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    if not endpoint and not named:
        return None
    # Imported here: the exporter costs a third of a second, and most processes never need it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    if not endpoint:
        return OTLPSpanExporter()
    base = endpoint.rstrip("/")
    return OTLPSpanExporter(endpoint=base if base.endswith("/v1/traces") else f"{base}/v1/traces")
