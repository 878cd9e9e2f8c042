"""What is known about a letter's recipient and its words. Trusted code."""

from datetime import UTC, datetime
from typing import Final

from activities.contracts.models import Archived, DealClosed, Live
from activities.erp.matching import money_of
from activities.erp.models import CardIssued, RepairBooked, ReplacementSent
from activities.mail import templates
from activities.mail.models import Letter, LetterFacts, Question
from activities.papers import photo_hashes, receipt_on_file
from activities.signing.models import Invited
from activities.systems import crm, mail, system
from baton.governance.declare import About
from baton.types.actions import Done

_PROMISES: Final[dict[str, tuple[str, type[Done]]]] = {
    "gift_card": ("erp", CardIssued),
    "goodwill": ("erp", CardIssued),
    "repair": ("erp", RepairBooked),
    "replacement": ("erp", ReplacementSent),
    "countersign": ("signing", Invited),
    "countersign_reminder": ("signing", Invited),
    "contract_complete": ("contracts", Archived),
    "contract_live": ("contracts", Live),
    "contract_closed": ("contracts", DealClosed),
}
"""What a letter speaks of, and the system that gave it: it leaves only where that stands in the records."""


async def letter_facts(action: Letter, about: About) -> LetterFacts:
    """About a letter from a template."""
    asked = set(templates.asked_in(action.values.get("documents", "")))
    fits = templates.fit(action.template, action.values)
    return LetterFacts(
        recipient_known=await crm().customer_by_address(about.sender) is not None,
        template_known=action.template != "question" and templates.known(action.template),
        values_fit=fits and await _true(action, about),
        letters_today=await _letters_today(about),
        already_asked=bool(asked and asked & await mail().asked_for(about.case)),
        on_file=bool(asked and asked & await _on_file(about)),
    )


async def question_facts(action: Question, about: About) -> LetterFacts:
    """About a person's own words; they fit when they are not empty, hold no link and at most 2,000 characters."""
    return LetterFacts(
        recipient_known=await crm().customer_by_address(about.sender) is not None,
        template_known=True,
        values_fit=all(templates.harmless(line, 2000) for line in action.text.split("\n") if line.strip())
        and 0 < len(action.text.strip()) <= 2000,
        letters_today=await _letters_today(about),
        already_asked=False,
        on_file=False,
    )


async def _letters_today(about: About) -> int:
    return await mail().sent_on(about.sender, datetime.now(UTC).date())


async def _on_file(about: About) -> set[str]:
    """What nobody has to be asked for, by its name."""
    claim = about.findings.get("Claim", {})
    read = {name for name in templates.ASKABLE if claim.get(name)} - {"receipt", "photos"}
    if await receipt_on_file(about, money_of(claim.get("paid"))):
        read.add("receipt")
    return read | ({"photos"} if await photo_hashes(about) else set())


async def _true(letter: Letter, about: About) -> bool:
    """Whether what a letter promises is what this case was given: a letter binds the company."""
    if letter.template == "declined":
        return (await crm().claims("", about.case)).declined_before
    if letter.template == "contract_closed":
        closed = await promised(letter, about)
        return isinstance(closed, DealClosed) and closed.code == templates.reason_of(letter.values["reason"])
    return "reference" not in letter.values or await promised(letter, about) is not None


async def promised(letter: Letter, about: About) -> Done | None:
    """The effect of this case that a letter speaks of, or None."""
    giver, kind = _PROMISES.get(letter.template, ("erp", Done))
    given: tuple[Done, ...] = await system(giver).given(about.case)
    return next((done for done in given if isinstance(done, kind) and done.reference == letter.values.get("reference")), None)
