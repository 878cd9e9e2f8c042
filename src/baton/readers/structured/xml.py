"""XML from strangers, read without document types, entities or network, within bounds; every element knows its path and place."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from baton.errors import BatonError

MOST_BYTES = 16_000_000
"""Invoices carry their annexes in base64; more than this is no invoice."""
MOST_ELEMENTS = 200_000
DEEPEST = 64

_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._/-]{1,40})["']""")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class NoXml(BatonError):
    """The bytes are not XML that may be read."""


@dataclass(eq=False)
class Element:
    """One element: its name without and with prefix, its attributes without, its own text, and where that stands."""

    name: str
    written: str
    namespace: str
    path: str
    attributes: dict[str, str]
    text: str = ""
    span: tuple[int, int] = (0, 0)
    children: list["Element"] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The text without white space around it."""
        return self.text.strip()

    def named(self, *names: str) -> Iterator["Element"]:
        """The children of these names, in document order."""
        return (child for child in self.children if child.name in names)

    def leaves(self) -> Iterator["Element"]:
        """Every element below, or this one, that holds text and no elements."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def text_of(data: bytes) -> str:
    """The characters of an XML document, by its mark or declaration, UTF-8 where it has none."""
    if len(data) > MOST_BYTES:
        raise NoXml(f"the XML has {len(data):,} bytes, more than the {MOST_BYTES:,} that are read: ask for it without annexes")
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], codec)
    declared = _DECLARED.match(data.lstrip())
    return _decoded(data, declared[1].decode() if declared else "utf-8")


def _decoded(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except LookupError:
        raise NoXml(f"the XML declares the encoding `{codec}`, which does not exist: ask for the invoice again") from None
    except UnicodeError:
        raise NoXml(f"the XML declares the encoding `{codec}` but is not written in it: ask for the invoice again") from None


def parse(text: str) -> Element:
    """The root element. Raises `NoXml` for a document type, an entity, too much of anything, or broken XML."""
    tree = _Tree(text.encode("utf-8", "replace"))
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = tree.refuse_doctype
    parser.StartElementHandler = lambda name, attributes: tree.start(parser, name, attributes)
    parser.EndElementHandler = lambda name: tree.end(parser)
    parser.CharacterDataHandler = tree.characters
    try:
        parser.Parse(tree.data, True)
    except expat.ExpatError as error:
        raise NoXml(f"the XML is broken: {error}; ask for the invoice again") from None
    return tree.root


class _Tree:
    """What expat's events become. The document type is refused at its first letter, so no entity is ever declared."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._open: list[Element] = []
        self._counts: list[dict[str, int]] = [{}]
        self._elements = 0
        self._cursor = (0, 0)  # bytes and characters behind us
        self._root: Element | None = None

    @property
    def root(self) -> Element:
        if self._root is None:
            raise NoXml("the XML holds no element: ask for the invoice again")
        return self._root

    def refuse_doctype(self, name: str, *_: object) -> None:
        raise NoXml(f"the XML brings its own document type `{name}`, which invoices never need: do not open it, ask the sender")

    def start(self, parser: expat.XMLParserType, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise NoXml(f"the XML has over {MOST_ELEMENTS:,} elements, or over {DEEPEST} inside each other: ask the sender")
        namespace, local, written = _names(name)
        counts = self._counts[-1]
        counts[written] = counts.get(written, 0) + 1
        at = f"[{counts[written]}]" if counts[written] > 1 else ""
        above = self._open[-1].path if self._open else ""
        bare = {_names(key)[1]: value for key, value in attributes.items()}
        element = Element(local, written, namespace, f"{above}/{written}{at}", bare)
        start = self._after_tag(parser.CurrentByteIndex)
        element.span = (start, start)
        if self._open:
            self._open[-1].children.append(element)
        elif self._root is None:
            self._root = element
        self._open.append(element)
        self._counts.append({})

    def end(self, parser: expat.XMLParserType) -> None:
        element = self._open.pop()
        self._counts.pop()
        if element.children:
            element.text = ""
        else:
            element.span = (element.span[0], max(self._characters_before(parser.CurrentByteIndex), element.span[0]))

    def characters(self, text: str) -> None:
        if self._open and not self._open[-1].children:
            self._open[-1].text += text

    def _after_tag(self, index: int) -> int:
        """Where the text behind the start tag at this byte begins."""
        quote = 0
        for at in range(index, len(self.data)):
            byte = self.data[at]
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in b"\"'":
                quote = byte
            elif byte == 0x3E:
                return self._characters_before(at + 1)
        return self._characters_before(len(self.data))

    def _characters_before(self, index: int) -> int:
        """Characters before a byte; events come in order, so only what is new is counted."""
        done, count = self._cursor
        if index > done:
            count += len(self.data[done:index].decode("utf-8", "replace"))
            self._cursor = (index, count)
            return count
        return count - len(self.data[index:done].decode("utf-8", "replace"))


def _names(name: str) -> tuple[str, str, str]:
    """Namespace, local name, and the name as written, out of expat's `namespace local prefix`."""
    parts = name.split(" ")
    if len(parts) == 1:
        return "", parts[0], parts[0]
    return parts[0], parts[1], f"{parts[2]}:{parts[1]}" if len(parts) > 2 else parts[1]
