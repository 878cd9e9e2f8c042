"""Traces: one trace a case, a span for every step, and never a customer's words in one."""

from baton.telemetry import names
from baton.telemetry.cases import case_context, root_span
from baton.telemetry.ids import trace_id
from baton.telemetry.local import Bar, waterfall
from baton.telemetry.setup import dropped, flush, set_up
from baton.telemetry.spans import Kind, Open, current_ids, span

__all__ = [
    "Bar",
    "Kind",
    "Open",
    "case_context",
    "current_ids",
    "dropped",
    "flush",
    "names",
    "root_span",
    "set_up",
    "span",
    "trace_id",
    "waterfall",
]
