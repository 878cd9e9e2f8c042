"""XML written element by element, in the order that a schema wants."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

Content: TypeAlias = "str | Decimal | Iterable[Element] | None"
Element: TypeAlias = "ET.Element | None"
"""None where there is nothing to say: it is left out."""


def element(name: str, content: "Content" = None, **attributes: str) -> ET.Element:
    """An element with a text, an amount or children; children that are None are left out."""
    made = ET.Element(name, attributes)
    if isinstance(content, str):
        made.text = content
    elif isinstance(content, Decimal):
        made.text = f"{content:f}"
    elif content is not None:
        made.extend(child for child in content if child is not None)
    return made


def told(name: str, text: str, **attributes: str) -> "Element":
    """The element, or None where the text is empty."""
    return element(name, text, **attributes) if text else None


def written(root: ET.Element) -> bytes:
    """The document as bytes."""
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"
