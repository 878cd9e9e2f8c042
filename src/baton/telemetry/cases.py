"""A case is one trace: how spans join it, and the root that spans it from opening to end."""

from collections.abc import Mapping
from datetime import datetime

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags
from opentelemetry.util.types import AttributeValue

from baton.telemetry import names
from baton.telemetry.ids import root_id, trace_id
from baton.telemetry.setup import tracer, with_span_id
from baton.types.ids import CaseId


def case_context(case: CaseId) -> SpanContext:
    """The parent of every span of this case, the same in every process."""
    return SpanContext(trace_id(case), root_id(case), is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def under(case: CaseId) -> Context:
    """A context in which new spans belong to this case: below the current span where that is the case's own."""
    current = trace.get_current_span().get_span_context()
    if current.is_valid and current.trace_id == trace_id(case):
        return trace.set_span_in_context(trace.get_current_span())
    return trace.set_span_in_context(NonRecordingSpan(case_context(case)))


def root_span(case: CaseId, start: datetime, end: datetime, attributes: Mapping[str, AttributeValue] | None = None) -> None:
    """Emit the case's own span, from its opening to its end. Emitted again (a retry), the local table keeps the latest."""
    with with_span_id(trace_id(case), root_id(case)):
        root = tracer().start_span(
            names.CASE,
            context=Context(),
            attributes={names.CASE_ID: case, **(attributes or {})},
            start_time=_nanoseconds(start),
        )
    root.end(end_time=_nanoseconds(end))


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1000
