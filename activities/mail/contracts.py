"""What letters about contracts say and enclose out of the records: the personal link, our wording, the signed contract."""

import asyncio
from typing import Any, Final

from activities.company.settings import home
from activities.contracts import terms
from activities.contracts.models import Archived
from activities.mail.facts import promised
from activities.mail.models import Letter
from activities.mail.port import Enclosure
from activities.signing.models import Invited
from activities.systems import system
from baton.documents.store import open_store
from baton.governance.declare import About
from baton.types.ids import DocumentId

REVIEW: Final = "Review"
"""The form that holds the clauses in which a contract departs from the playbook."""


async def contract_words(action: Letter, about: About) -> dict[str, str]:
    """The blanks of such a letter that nobody but the records may fill."""
    if action.template == "our_wording":
        return {"wording": _wording(about.findings.get(REVIEW, {}).get("deviations"))}
    done = await promised(action, about) if action.template.startswith("countersign") else None
    if not isinstance(done, Invited):
        return {}
    link: str = await system("signing").link(done.invitation)
    return {"link": link, "until": f"{done.expires.day} {done.expires:%B %Y}"}


async def enclosed(action: Letter, about: About) -> tuple[Enclosure, ...]:
    """The contract that both signed, with the letter that says so."""
    done = await promised(action, about) if action.template == "contract_complete" else None
    if not isinstance(done, Archived):
        return ()
    content = await asyncio.to_thread(_content, done.document)
    return (Enclosure(name=f"{done.reference}.pdf", media_type="application/pdf", content=content),)


def _wording(deviations: Any) -> str:
    """Each clause that departs, with our own words for it; nothing where we have none."""
    known = terms.playbook().by_id
    clauses = [known[one] for one in deviations or () if one in known]
    return "\n\n".join(f"{one.title}: {one.fallback or one.statement}" for one in clauses)


def _content(document: DocumentId) -> bytes:
    return open_store(home()).read(document)
