"""Languages: messages are written in English; a second language is one file, `locales/<code>/LC_MESSAGES/console.po`."""

import gettext
import io
from collections.abc import Iterable
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "locales"
SOURCE = "en"
_SPOKEN: ContextVar[str] = ContextVar("language", default=SOURCE)


@cache
def languages() -> tuple[str, ...]:
    """Every language there is a file for, and English."""
    return (SOURCE, *sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/console.po")))


@cache
def _messages(language: str) -> gettext.NullTranslations:
    if language == SOURCE:
        return gettext.NullTranslations()
    binary = io.BytesIO()
    with (FOLDER / language / "LC_MESSAGES" / "console.po").open("rb") as file:
        write_mo(binary, read_po(file, locale=language))
    binary.seek(0)
    return gettext.GNUTranslations(binary)


def speak(language: str) -> None:
    """Use this language until the end of the request."""
    _SPOKEN.set(language)


def spoken() -> str:
    """The language of this request."""
    return _SPOKEN.get()


def _(text: str) -> str:
    """The text in the language of this request."""
    return _messages(_SPOKEN.get()).gettext(text)


def translated(text: str, language: str) -> str:
    """The text in this language."""
    return _messages(language).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """One text for one, another for several."""
    return _messages(_SPOKEN.get()).ngettext(one, many, count)


def chosen(cookie: str, accepted: str) -> str:
    """The language somebody wants: what they chose, else the first that their browser asks for and we have."""
    wanted: Iterable[str] = (cookie, *(part.split(";")[0].strip().lower() for part in accepted.split(",")))
    return next((code for one in wanted if (code := one.split("-")[0]) in languages()), SOURCE)
