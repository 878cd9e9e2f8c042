"""Nothing a customer wrote leaves in a span: unknown attributes, events, messages and long texts are dropped here."""

import re
from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.trace import Status
from opentelemetry.util.types import AttributeValue

from baton.telemetry import names

_LONGEST = 160
# One printable word, as identifiers, versions and hashes are: no spaces, so no sentence fits in.
_IDENTIFIER = re.compile(r"[\w.:/+#~-]*")
_PLAIN_WORDS = frozenset({names.CASE_OUTCOME, names.PROCESS, names.STAGE_NAME})
_WORDS = re.compile(r"[\w -]{0,40}")


class Guard(SpanProcessor):
    """Passes spans on with only the attributes that `names` lists, and counts the rest."""

    def __init__(self, targets: Sequence[SpanProcessor]) -> None:
        self._targets = tuple(targets)
        self.dropped = 0

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Nothing happens before a span ends."""

    def on_end(self, span: ReadableSpan) -> None:
        """Hand on a clean copy."""
        clean = self._clean(span)
        for target in self._targets:
            target.on_end(clean)

    def shutdown(self) -> None:
        """Write out and stop every target."""
        for target in self._targets:
            target.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Write out every target."""
        return all([target.force_flush(timeout_millis) for target in self._targets])

    def _clean(self, span: ReadableSpan) -> ReadableSpan:
        given = dict(span.attributes or {})
        kept = {key: value for key, value in given.items() if key in names.ATTRIBUTES and harmless(key, value)}
        self.dropped += len(given) - len(kept) + len(span.events)
        return ReadableSpan(
            name=_name(span.name),
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=kept,
            kind=span.kind,
            # A status description is an error's message, and those quote what was read.
            status=Status(span.status.status_code),
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )


def harmless(key: str, value: AttributeValue) -> bool:
    """Whether a value is a number, a flag or an identifier: anything that reads like a sentence is not."""
    match value:
        case bool() | int() | float():
            return True
        case str():
            return len(value) <= _LONGEST and (_IDENTIFIER if key not in _PLAIN_WORDS else _WORDS).fullmatch(value) is not None
        case list() | tuple():
            return all(harmless(key, item) for item in value)
        case _:
            return False


def _name(name: str) -> str:
    operation, _, subject = name.partition(" ")
    if operation not in names.OPERATIONS:
        return "unnamed"
    return f"{operation} {subject}" if subject and harmless("", subject) else operation
