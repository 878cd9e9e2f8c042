"""HTML as the text that a person would read, with the addresses behind links."""

import re
from html.parser import HTMLParser
from typing import Final

_SILENT: Final = {"script", "style", "title", "template"}
_BREAKS: Final = {"address", "article", "blockquote", "br", "div", "dl", "dt", "footer", "form", "header", "hr", "li", "ol"} | {
    *("p", "pre", "section", "table", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6")
}
_CELLS: Final = {"td", "th"}
_VOID: Final = {"br", "hr"}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BREAKS:
            self.pieces.append("\n")
        elif tag in _CELLS:
            self.pieces.append(" ")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.pieces)))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            # an unclosed inner tag must not silence the rest of the message
            del self._silent[self._silent.index(tag) :]
        elif tag in _BREAKS - _VOID:
            self.pieces.append("\n")
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            if address.startswith(("http:", "https:", "mailto:")) and address not in "".join(self.pieces[start:]):
                self.pieces.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(re.sub(r"\s+", " ", data))


def text_of_html(html: str) -> str:
    """The words of an HTML page; what a style hides stays in, so that hidden instructions are found."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(parser.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
