"""How code opens a span: `with span(names.CHAT, case=case, attributes={names.MODEL: model}) as opened:`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, TypeAlias

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.util.types import AttributeValue

from baton.telemetry import names
from baton.telemetry.cases import under
from baton.telemetry.setup import tracer
from baton.types.ids import CaseId

Kind: TypeAlias = Literal["internal", "client", "server"]


class Open:
    """A span that is still open."""

    def __init__(self, inner: Span) -> None:
        self._inner = inner

    def set(self, attribute: str, value: AttributeValue) -> None:
        """Note something; an attribute that `names` does not list is dropped and counted."""
        self._inner.set_attribute(attribute, value)

    def fail(self, reason: str) -> None:
        """Mark the span as failed: an error's type or code, never its message."""
        self._inner.set_attribute(names.ERROR, reason)
        self._inner.set_status(Status(StatusCode.ERROR))

    @property
    def ids(self) -> tuple[str, str]:
        """Trace and span id in hexadecimal, as a ledger row keeps them."""
        return _hex(self._inner)


@contextmanager
def span(
    name: str,
    attributes: Mapping[str, AttributeValue] | None = None,
    *,
    case: CaseId | None = None,
    kind: Kind | None = None,
    **more: AttributeValue,
) -> Iterator[Open]:
    """A span around a block: in the case's trace when `case` is given, else below the current span.

    `name` is one of the operations in `names`, alone or with what it is about: `chat smollm2`.
    """
    said: dict[str, AttributeValue] = {**(attributes or {}), **more}
    if case is not None:
        said[names.CASE_ID] = case
    opened = tracer().start_span(
        name, context=under(case) if case else None, kind=SpanKind[(kind or "internal").upper()], attributes=said
    )
    with trace.use_span(opened, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield Open(opened)
        except BaseException as error:
            if not _benign(error):
                Open(opened).fail(type(error).__name__)
            raise


def current_ids() -> tuple[str, str]:
    """Trace and span id of the current span in hexadecimal, for a ledger row; two empty strings outside of any."""
    return _hex(trace.get_current_span())


def _hex(inner: Span) -> tuple[str, str]:
    context = inner.get_span_context()
    if not context.is_valid:
        return "", ""
    return trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)


def _benign(error: BaseException) -> bool:
    """Whether Temporal counts the error as an expected answer, as in `needs_approval`."""
    return getattr(getattr(error, "category", None), "name", "") == "BENIGN"
