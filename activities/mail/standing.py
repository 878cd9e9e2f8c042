"""The last line of every letter: where whoever wrote sees at any time how their case stands."""

import os

from activities.company.settings import home
from baton.console.settings import load_console
from baton.links import Links
from baton.types.ids import CaseId


def standing(case: CaseId) -> str:
    """The line with the case's own link; nothing where a real letter would lead to an address of this machine alone."""
    console = load_console()
    if not console.url and os.environ.get("BATON_SMTP_URL"):
        return ""
    base = console.url or f"http://{console.host}:{console.port}"
    return f"\nHow your case stands, at any time: {base.rstrip('/')}/status/{Links(home()).to_case(case)}\n"
