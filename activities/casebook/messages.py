"""A message, or the part of it that becomes a case."""

from activities.casebook.models import OpenCase
from baton.documents.store import DocumentStore
from baton.types.documents import Message


def part_of(message: Message, action: OpenCase, documents: DocumentStore) -> Message:
    """The message as a case of the process gets it: its own words, its own attachments, and what the door said it is."""
    body = message.body
    if action.spans:
        words = "\n\n".join(text for text in cut(_text(message, documents), action.spans) if text)
        body = documents.put(words.encode(), "message.txt", "text/plain")
    mine = tuple(file for file in message.attachments if file.id in action.attachments)
    id = message.id if action.number == 1 else f"{message.id}#{action.number}"
    return message.model_copy(update={"id": id, "body": body, "attachments": mine, "told": action.process})


def fits(message: Message, spans: tuple[str, ...], attachments: tuple[str, ...], documents: DocumentStore) -> bool:
    """Whether the parts lie within the message's words, and the attachments are its own."""
    length = len(_text(message, documents))
    try:
        inside = all(0 <= first < last <= length for first, last in map(span_of, spans))
    except ValueError:
        return False
    return inside and set(attachments) <= {file.id for file in message.attachments}


def examples_text(message: Message, spans: tuple[str, ...], documents: DocumentStore) -> str:
    """The words to learn from; never empty."""
    text = _text(message, documents)
    said = "\n\n".join(cut(text, spans)) if spans else text
    return f"{message.subject}\n\n{said}".strip() or "(nothing)"


def cut(text: str, spans: tuple[str, ...]) -> list[str]:
    """The parts of a text, in order."""
    return [text[slice(*span_of(span))] for span in spans]


def span_of(span: str) -> tuple[int, int]:
    """`0-120` as first and one-past-last character. Raises `ValueError` for anything else."""
    first, last = span.split("-")
    return int(first), int(last)


def _text(message: Message, documents: DocumentStore) -> str:
    return documents.read(message.body.id).decode("utf-8-sig", "replace")
