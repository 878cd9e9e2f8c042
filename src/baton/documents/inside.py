"""What lies inside a file that came with a message, and should be filed on its own: pictures, what a message brings, invoices."""

from baton.documents.kinds import OUTLOOK, WORD, media_type_of
from baton.documents.outlook import outlook_taken_apart
from baton.documents.parts import Attached, Parts
from baton.documents.pdf import LOCK
from baton.documents.word import NoWordDocument, pictures_of_word
from baton.readers.structured.embedded import NoPdfAttachments, embedded_invoices


def with_insides(parts: Parts) -> list[Attached]:
    """Every attachment, each followed by what lies inside it; `parts.problems` learns what could not be opened."""
    return [found for file in parts.attached for found in (file, *_insides(file, parts))]


def _insides(file: Attached, parts: Parts) -> list[Attached]:
    match media_type_of(file.data, file.claimed):
        case kind if kind == OUTLOOK:
            within = outlook_taken_apart(file.data)[1]
            parts.problems += [f"attachment `{file.name}`: {problem}" for problem in within.problems]
            return within.attached
        case kind if kind == WORD:
            return _pictures(file, parts)
        case "application/pdf":
            return _invoices(file)
        case _:
            return []


def _pictures(file: Attached, parts: Parts) -> list[Attached]:
    try:
        return [Attached(f"{picture.name} in {file.name}", "", picture.data) for picture in pictures_of_word(file.data)]
    except NoWordDocument as error:
        parts.problems.append(f"attachment `{file.name}`: {error}")
        return []


def _invoices(file: Attached) -> list[Attached]:
    """The invoices as XML that a PDF carries beside the page it prints. Of a PDF that does not open, reading says why."""
    try:
        found = embedded_invoices(file.data, LOCK)
    except NoPdfAttachments:
        return []
    return [Attached(f"{one.name} in {file.name}", "application/xml", one.data) for one in found]
