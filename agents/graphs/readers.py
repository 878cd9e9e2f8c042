"""Which readers key a form offline: receipts unless the form says otherwise, as in `reads: ClassVar[str] = "agreement"`."""

from pathlib import Path
from typing import Final

from pydantic import BaseModel

from agents.graphs.bills import FirstKeying, SecondKeying
from agents.graphs.filed import home
from baton.errors import BatonError
from baton.readers.contracts.reader import ContractReader
from baton.readers.reader import Reader
from baton.readers.rules import RulesReader
from baton.readers.tokens.home import installed

_AGREEMENTS: Final = ContractReader()
_FIRST_KEYING, _SECOND_KEYING = FirstKeying(), SecondKeying()
RULES: Final = RulesReader()


class NoReaders(BatonError):
    """A form asks for readers that there are none of."""


def readers_for(form: type[BaseModel]) -> tuple[Reader, ...]:
    """The readers of a form, the leading one first. Raises `NoReaders`. May learn first, so call it in a thread."""
    match getattr(form, "reads", "receipt"):
        case "receipt":
            return (RULES, installed(Path(home())))
        case "agreement":
            return (_AGREEMENTS,)
        case "bill":
            return (_FIRST_KEYING, _SECOND_KEYING)
        case other:
            raise NoReaders(f"form `{form.__name__}` reads `{other}`, which nobody does: say `receipt`, `agreement` or `bill`")
