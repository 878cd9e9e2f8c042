"""The letter that says how a case stands: fixed words, filled from the case itself."""

from activities.casebook.book import casebook
from activities.mail import templates
from activities.mail.port import Envelope
from activities.systems import crm
from baton.cases import stages, store
from baton.governance.declare import About
from baton.types.cases import Case
from baton.types.ids import CaseId


async def status_letter(case: str, about: About) -> Envelope:
    """The letter to the sender about one case."""
    customer = await crm().customer_by_address(about.sender)
    with casebook().database.read() as connection:
        found = store.case(connection, CaseId(case))
        entered = [step["entered"] for step in stages.handoffs(connection, found.id)]
    template, values = _words(found, entered[-1] if entered else "")
    name = customer.name if customer else "there"
    subject, text = templates.write(template, values, {"name": name, "case": found.id})
    return Envelope(
        template=template,
        recipient=about.sender,
        name=customer.name if customer else "",
        subject=subject,
        text=text,
        in_reply_to=f"<{about.message_id}>",
    )


def _words(case: Case, entered: str) -> tuple[str, dict[str, str]]:
    stage = f"our {case.stage.replace('-', ' ')} department"
    if case.status == "closed":
        ended, outcome = case.closed or case.opened, case.outcome.result if case.outcome else "closed"
        return "status_closed", {"ended": f"{ended:%d %B %Y}", "outcome": outcome.replace("_", " ")}
    if case.status == "waiting":
        return "status_waiting", {"stage": stage}
    due = f"{case.due:%d %B %Y at %H:%M} UTC" if case.due else "as soon as possible"
    return "status", {"stage": stage, "since": _day(entered) or f"{case.opened:%d %B %Y}", "due": due}


def _day(text: str) -> str:
    return text[:10]
