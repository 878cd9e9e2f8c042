"""What the sender of a mail wrote: without greeting, signature, quoted mails and forwarded headers, every part with its place."""

import re
from collections.abc import Iterator
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""First and one-past-last character in the text."""

_QUOTED = re.compile(r"[ \t]*>")
_WROTE = re.compile(
    r"[ \t]*(?:on\b.{5,120}\bwrote|am\b.{5,120}\bschrieb\b.{0,80}|el\b.{5,120}\bescribió|le\b.{5,120}\ba écrit"
    r"|op\b.{5,120}\bschreef\b.{0,80})"
    r"[ \t]*:[ \t]*",
    re.IGNORECASE,
)
_REPLIED = re.compile(
    r"[ \t]*-{2,}[ \t]*(?:original message|ursprüngliche nachricht|mensaje original|oorspronkelijk bericht)\b.*", re.IGNORECASE
)
_FORWARDED = re.compile(
    r"[ \t]*(?:-{2,}[ \t]*(?:forwarded message|weitergeleitete nachricht|mensaje reenviado|doorgestuurd bericht)\b.*"
    r"|begin forwarded message:|anfang der weitergeleiteten nachricht:|inicio del mensaje reenviado:)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"[ \t]*\*?(?:from|sent|date|to|cc|subject|reply-to|von|gesendet|datum|an|betreff|de|enviado|fecha|para|asunto|van|verzonden"
    r"|aan|onderwerp)\*?[ \t]*:\*?[ \t]*\S.*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"[ \t]*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern|hallo|guten (?:tag"
    r"|morgen|abend)"
    r"|moin|grüß gott|sehr geehrte\w*|liebe[rs]?|hola|buen[oa]s? (?:días|tardes|noches|día)|estimad[oa]s?|muy señor(?:es)?"
    r"|beste|geachte"
    r"|goede(?:morgen|middag|navond)|bonjour|buonasera|buongiorno)\b(?:\b(?:mr|mrs|ms|dr|prof|hr|fr|sr|sra|st)\."
    r"|[^.,!?:\n]){0,60}[,!.:]?[ \t]*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"[ \t]*(?:(?:kind|best|warm|with (?:kind|best)) (?:regards|wishes)|regards|sincerely|yours (?:sincerely|faithfully"
    r"|truly)|cheers"
    r"|many thanks|thanks(?: in advance| again| a lot)?|thank you(?: in advance| very much)?|mit (?:freundlichen|besten"
    r"|herzlichen) grüßen"
    r"|(?:freundliche|viele|beste|liebe|schöne|herzliche) grüße|mfg|vielen dank(?: im voraus)?|danke(?: im voraus)?"
    r"|(?:un )?saludos?(?: cordial(?:es)?)?"
    r"|atentamente|(?:reciba|reciban) un cordial saludo|muchas gracias|gracias(?: de antemano)?"
    r"|met vriendelijke groet(?:en)?|groeten|cordialement|grazie)"
    r"[ \t]*[,.!]?[ \t]*",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"[ \t]*(?:--|__+|—)[ \t]*|[ \t]*(?:sent from my|gesendet von|von meinem .{2,20} gesendet|enviado desde mi)\b.*",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 8


def own_spans(text: str) -> list[Span]:
    """The runs of lines that the sender wrote, in order, blank ends left off."""
    lines = list(_lines(text))
    kept = _without_signature(text, _without_history(text, lines))
    kept = _without_greeting(text, kept)
    return list(_runs(text, kept))


def own_text(text: str) -> str:
    """What the sender wrote, paragraphs apart."""
    return "\n\n".join(text[start:end] for start, end in own_spans(text))


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line)
        start += len(line)


def _without_history(text: str, lines: list[Span]) -> list[Span]:
    kept: list[Span] = []
    headers = forwarded = False
    for number, (start, end) in enumerate(lines):
        line = text[start:end].rstrip("\r\n")
        if _FORWARDED.fullmatch(line):
            headers = forwarded = True
        elif headers and (_HEADER.fullmatch(line) or not line.strip()):
            continue  # a forwarded mail keeps its text and loses its headers
        elif _REPLIED.fullmatch(line) or _WROTE.fullmatch(_joined(text, lines, number)) or _block(text, lines, number):
            if any(text[first:last].strip() for first, last in kept) or forwarded:
                break
            headers = forwarded = True  # nothing of their own above it: what follows is what they pass on
        elif not _QUOTED.match(line):
            headers = False
            kept.append((start, end))
    return kept


def _joined(text: str, lines: list[Span], number: int) -> str:
    """A line, with the next one where mail programs broke the sentence that introduces a quotation."""
    line = text[slice(*lines[number])].strip()
    if line.endswith(":") or number + 1 == len(lines) or not line:
        return line
    return f"{line} {text[slice(*lines[number + 1])].strip()}"


def _block(text: str, lines: list[Span], number: int) -> bool:
    """Three header lines in a row stand above a quoted mail."""
    three = lines[number : number + 3]
    return len(three) == 3 and all(_HEADER.fullmatch(text[start:end].rstrip("\r\n")) for start, end in three)


def _without_signature(text: str, lines: list[Span]) -> list[Span]:
    filled = [number for number, (start, end) in enumerate(lines) if text[start:end].strip()]
    for place, number in enumerate(filled):
        line = text[slice(*lines[number])].rstrip("\r\n")
        rest = [text[slice(*lines[later])].strip() for later in filled[place + 1 :]]
        if _MARK.fullmatch(line):
            return lines[:number]
        if _CLOSING.fullmatch(line) and len(rest) <= _LONGEST_SIGNATURE and all(map(_signs, rest)):
            return lines[:number]
    return lines


def _signs(line: str) -> bool:
    """Whether a line can stand below a closing: names and addresses, no sentence; a postscript is none."""
    return len(line.split()) <= 8 and not re.match(r"p\.? ?s\.?\b", line, re.IGNORECASE) and not line.endswith("?")


def _without_greeting(text: str, lines: list[Span]) -> list[Span]:
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        if line.strip():
            found = _GREETING.match(line)
            if found and (not line[found.end() :].strip() or found.group().rstrip().endswith((",", "!"))):
                return [*lines[:number], (start + found.end(), end), *lines[number + 1 :]]
            return lines
    return lines


def _runs(text: str, lines: list[Span]) -> Iterator[Span]:
    run: Span | None = None
    for start, end in [*lines, (len(text) + 1, len(text) + 1)]:
        if run and (start != run[1] or not text[start:end].strip()):
            yield from _bare(text, run)
            run = None
        if text[start:end].strip():
            run = (run[0], end) if run else (start, end)


def _bare(text: str, span: Span) -> Iterator[Span]:
    part = text[slice(*span)]
    if part.strip():
        yield span[0] + len(part) - len(part.lstrip()), span[0] + len(part.rstrip())
