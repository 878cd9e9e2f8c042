"""Contract signing: from the customer's yes to a contract that both have signed, and a customer who is live."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import ClassVar, Literal, TypeVar

from temporalio import workflow

from activities import contracts, crm, mail, signing
from activities.contracts.models import (
    AcceptPaper,
    AgreeBilling,
    Archive,
    CloseDeal,
    DealFound,
    DraftPaper,
    GoLive,
    PaperFound,
    StartOnboarding,
    WhichDeal,
    WhichPaper,
)
from activities.crm.models import WhoWrites
from activities.mail.models import Letter, Question
from activities.signing.models import Countersign, Invite, Invited, SaidByLink, Sign, Signed, WhatSaid
from agents.rekey import rekey
from agents.review import review
from baton.process import (
    Asked,
    Message,
    Outcome,
    Rejected,
    Returned,
    Takes,
    Unknown,
    ask,
    days,
    do,
    hours,
    reply,
    stage,
)
from baton.readers.contracts.forms import Contract
from baton.types.actions import Done
from baton.types.frozen import Frozen
from baton.types.ids import DocumentId
from workflows.departments import FINANCE, LEGAL, ONBOARDING, SALES, SIGNATORIES

TAKES = Takes(
    means="a customer says yes to an offer, sends a contract to be signed, or asks for one",
    examples=(
        "We accept your offer, please send us the contract",
        "Attached is our service agreement for your signature",
        "We would like to go ahead, please find our contract enclosed",
        "Hiermit nehmen wir Ihr Angebot an, bitte senden Sie uns den Vertrag",
        "Wij gaan akkoord met de offerte, graag ontvangen wij het contract",
    ),
)
R = TypeVar("R", bound=Done)
NOT_NOW = (Rejected, Returned, Asked)
"""What a person says instead of yes."""
LINK, REMINDERS = days(14), (days(5), days(5), days(4))
"""How long the customer has, and how long between one reminder and the next; the last wait ends with the link."""


class Paper(Contract):
    """What is re-keyed from a customer's contract: parties, dates, term, renewal, law, liability and payment."""

    reads: ClassVar[Literal["agreement"]] = "agreement"


class ToSign(Frozen):
    """The contract that is to be signed, the customer's or our own."""

    document: DocumentId
    ours: bool = False
    payment_days: int


class ContractFile(Frozen):
    """What sales hands to the departments after it."""

    deal: DealFound
    paper: ToSign


class ShownBeside(Frozen):
    """What a person sees beside a question of this process."""

    deal: DealFound | None = None
    problems: tuple[str, ...] = ()


class NoContract(Exception):
    """The contract does not come about; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@workflow.defn
class ContractSigning:
    """A customer's yes becomes a contract that both have signed, and a customer who is live."""

    @workflow.run
    async def run(self, message: Message) -> Outcome:
        """From the customer's yes to the day they are live, department by department."""
        async with stage(SALES, within=hours(4)):
            await do(crm.find_customer, WhoWrites())
            deal = await self._deal(message)
            if not deal.known or deal.value is None:
                return Outcome(result="no contract", words="A person found that no deal stands behind this message.")
            await self._tell("contract_received")
        try:
            async with stage(SALES, within=days(1)):
                paper = await self._paper(message, deal)

            async with stage(LEGAL, within=days(2), package=ContractFile(deal=deal, paper=paper)):
                await self._tell("stage_changed", stage="our legal department")
                paper = await self._agreed(deal, paper)

            async with stage(FINANCE, within=days(1)):
                terms = AgreeBilling(deal=deal.deal, document=paper.document, payment_days=paper.payment_days)
                await self._allowed(lambda: do(contracts.agree_billing, terms))

            async with stage(SIGNATORIES, within=days(2)):
                await self._tell("stage_changed", stage="the person who signs for us")
                ours = Sign(deal=deal.deal, document=paper.document, value=deal.value)
                signed = await self._allowed(lambda: do(signing.sign, ours))

            async with stage(SALES, within=LINK):
                final = await self._countersigned(deal, signed)

            async with stage(ONBOARDING, within=days(10)):
                return await self._live(deal, final)
        except NoContract as no:
            return await self._closed(deal, no.code)

    async def _deal(self, message: Message) -> DealFound:
        """The customer's own deal that this is about; where the records hold none, sales says whether there is one."""
        for _ in range(3):
            deal = await do(contracts.find_deal, WhichDeal(words=message.subject))
            if deal.known:
                return deal
            question = "We find no open deal of this sender that the message could be about. Is there one?"
            shown = ShownBeside(problems=message.problems)
            try:
                choice = await ask(SALES, question, options=("look again", "no contract"), evidence=shown)
            except NOT_NOW:
                return deal
            if choice.option == "no contract":
                return deal
        return DealFound(known=False)

    async def _paper(self, message: Message, deal: DealFound) -> ToSign:
        """The contract to be signed: the customer's where one came or they insist on theirs, else our own."""
        if not message.attachments and not deal.their_paper:
            drafted = await self._allowed(lambda: do(contracts.draft_paper, DraftPaper(deal=deal.deal)))
            return ToSign(document=drafted.document, ours=True, payment_days=deal.payment_days)
        paper = await self._read(message, deal)
        if paper.problems:
            await self._tell("ask_for", documents="contract")
            answer = await reply(within=days(7))
            if answer is None:
                raise NoContract("no_answer")
            paper = await self._read(answer if answer.attachments else message, deal)
        if paper.document is None:
            raise NoContract("not_agreed")
        return ToSign(document=paper.document, payment_days=paper.payment_days or deal.payment_days)

    async def _read(self, message: Message, deal: DealFound) -> PaperFound:
        """Re-key the contract that came, and say what is wrong with it."""
        await rekey(message, into=Paper)
        return await do(contracts.find_paper, WhichPaper(deal=deal.deal))

    async def _agreed(self, deal: DealFound, paper: ToSign) -> ToSign:
        """The contract in words that both want: accepted as it stands, or with our wording sent back until it is."""
        for _ in range(3):
            if paper.ours:
                return paper
            found = await review(paper.document)
            accept = AcceptPaper(deal=deal.deal, document=paper.document, deviations=found.values.deviations)
            try:
                await do(contracts.accept_paper, accept)
                return paper
            except Asked as asked:
                await do(mail.ask_question, Question(text=asked.message))
            except (Rejected, Returned) as no:
                if no.code != "our_wording":
                    raise NoContract("not_agreed") from no
                await self._tell("our_wording")
            answer = await reply(within=LINK)
            if answer is None:
                raise NoContract("no_answer")
            paper = await self._paper(answer, deal) if answer.attachments else paper
        raise NoContract("not_agreed")

    async def _allowed(self, step: Callable[[], Awaitable[R]]) -> R:
        """Do what policy or a person allows; what comes back is proposed again when sales wants that."""
        for _ in range(3):
            try:
                return await step()
            except Asked as asked:
                await do(mail.ask_question, Question(text=asked.message))
                await reply(within=days(7))
            except Returned as back:
                question = f"The contract came back ({back.code or back.message}). What now?"
                if (await ask(SALES, question, options=("propose again", "give up"))).option == "give up":
                    break
            except Rejected:
                break
        raise NoContract("not_signed")

    async def _countersigned(self, deal: DealFound, signed: Signed) -> DocumentId:
        """The contract with both signatures: a personal link, reminders, and what the customer says through it."""
        invite = Invite(deal=deal.deal, document=signed.document, days=LINK.days)
        invited = await self._allowed(lambda: do(signing.invite, invite))
        await self._tell("countersign", reference=invited.reference)
        said = await self._said(invited)
        if said.says != "sign" or said.consent is None:
            raise NoContract("declined_by_customer" if said.says else "expired")
        theirs = Countersign(deal=deal.deal, document=signed.document, consent=said.consent)
        return (await self._allowed(lambda: do(signing.countersign, theirs))).document

    async def _said(self, invited: Invited) -> SaidByLink:
        """What the customer says through the link, reminded until it ends; a letter of theirs goes to sales."""
        for number, wait in enumerate(REMINDERS, start=1):
            until = workflow.now() + wait
            while (left := until - workflow.now()) > timedelta():
                letter = await reply(within=left)
                said = await do(signing.find_answer, WhatSaid(reference=invited.reference))
                if said.says:
                    return said
                if letter is not None:
                    await self._mind(letter)
            if number < len(REMINDERS):
                await self._tell("countersign_reminder", reference=invited.reference)
        return SaidByLink()

    async def _mind(self, letter: Message) -> None:
        """A letter instead of a signature: sales answers it and says whether to wait on."""
        question = f"The customer wrote before signing (“{letter.subject[:80]}”). What now?"
        choice = await ask(SALES, question, options=("wait on", "give up"), evidence=ShownBeside(problems=letter.problems))
        if choice.option == "give up":
            raise NoContract("not_agreed")

    async def _live(self, deal: DealFound, final: DocumentId) -> Outcome:
        """Keep the contract and see the customer through until they are live."""
        kept = await self._allowed(lambda: do(contracts.archive, Archive(deal=deal.deal, document=final)))
        await self._tell("contract_complete", reference=kept.reference)
        await self._allowed(lambda: do(contracts.start_onboarding, StartOnboarding(deal=deal.deal)))
        question = f"Is {deal.party} fully live?"
        choice = await ask(ONBOARDING, question, options=("live", "not going live"), evidence=ShownBeside(deal=deal))
        if choice.option != "live":
            why = choice.reason or "no reason given"
            return Outcome(result="signed", words=f"{deal.deal} is signed and will not go live: {why}")
        live = await self._allowed(lambda: do(contracts.go_live, GoLive(deal=deal.deal)))
        await self._tell("contract_live", reference=live.reference)
        return Outcome(result="live", words="; ".join(f"{what}: {value}" for what, value in live.wrote.items()))

    async def _closed(self, deal: DealFound, code: str) -> Outcome:
        """The contract does not come about: on record, and the customer hears why."""
        try:
            closed = await do(contracts.close_deal, CloseDeal(deal=deal.deal, code=code))
            await self._tell("contract_closed", reference=closed.reference, reason=code.replace("_", " "))
        except NOT_NOW:
            workflow.logger.info("closing:held back")
        return Outcome(result=code.replace("_", " "), words=f"No contract for {deal.deal}: {code.replace('_', ' ')}.")

    async def _tell(self, template: str, **values: str) -> None:
        """Write to the customer; when a person holds the letter back, the case goes on without it."""
        try:
            await do(mail.send_letter, Letter(template=template, values=values))
        except NOT_NOW:
            workflow.logger.info("letter:held back")
        except Unknown as unknown:
            question = f"Nobody can tell whether a letter (`{template}`) left: {unknown.message}. Did it arrive?"
            if (await ask(SALES, question, options=("it arrived", "send it again"))).option == "send it again":
                await self._tell(template, **values)
