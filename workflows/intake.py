"""Intake: every message is filed once and becomes a case, an answer, a part of a case under way, or a task for a person."""

from collections.abc import Iterable

from temporalio import workflow

from activities import casebook, mail
from activities.casebook.models import AddMessage, AnswerStatus, OpenCase, Recognised, RememberChoice, WhoseMessage
from activities.mail.models import Letter
from agents.learn import learn
from agents.sort import Part, sort
from baton.process import Asked, Forbidden, Message, Outcome, Rejected, Returned, ask, do, hours, stage
from baton.types.frozen import Frozen
from workflows.departments import CUSTOMER_SERVICE

NOT_NOW = (Rejected, Returned, Asked)
"""What a person says instead of yes."""
ASIDE = ("spam", "empty")
"""Mail that nobody answers; people look through it in bulk."""
NOTHING = "nothing to do"
SURE = 0.8
"""Below this a person chooses; policy holds to it whatever stands here."""
MOST_ANSWERS = 3
"""Cases that one question is answered from."""


class Shown(Frozen):
    """What a person sees beside the question what a message is."""

    says: str
    looks_like: str
    sender: str
    answers: str = ""
    problems: tuple[str, ...] = ()


@workflow.defn
class Intake:
    """A message is told apart, answered from a case, added to one, becomes a case of its own, or waits for a person."""

    def __init__(self) -> None:
        self.added: set[str] = set()
        self.acknowledged = False
        self.asked = False

    @workflow.run
    async def run(self, message: Message) -> Outcome:
        """From the message to what became of each thing it asks for."""
        async with stage(CUSTOMER_SERVICE, within=hours(4)):
            who = await do(casebook.recognise, WhoseMessage())
            asked = (await sort(message)).values
            became = [await self._deal_with(part, who, message, asked.processes) for part in asked.parts]
        results = dict.fromkeys(result for result, _ in became)
        aside = not self.asked and results.keys() <= set(ASIDE)
        return Outcome(result=" and ".join(results), words=_sentence(became), aside=aside)

    async def _deal_with(self, part: Part, who: Recognised, message: Message, processes: tuple[str, ...]) -> tuple[str, str]:
        """One thing that a message asks for: what became of it, and where."""
        under_way = who.answers if who.answers and who.answers.open else None
        match part.label:
            case _ if who.again:
                return await self._ask(part, who, message, processes)
            case "empty":
                return "empty", ""
            case "spam" if not who.known_as:
                return "spam", ""
            case "thanks" if who.answers and not message.attachments:
                return NOTHING, who.answers.case
            case "status_question" if about := _cases_asked_about(who):
                if under_way and message.attachments:
                    await self._add(under_way.case)
                return await self._answer(about)
            case _ if under_way:
                return await self._add(under_way.case)
            case label if part.opens and label and who.known_as and not who.answers and part.confidence >= SURE:
                return await self._open(label, part)
        return await self._ask(part, who, message, processes)

    async def _open(self, process: str, part: Part) -> tuple[str, str]:
        """The part becomes a case of its process; what policy does not allow alone, somebody decides."""
        wanted = OpenCase(process=process, spans=part.spans, attachments=part.attachments, number=part.number)
        try:
            opened = await do(casebook.open_case, wanted)
        except (*NOT_NOW, Forbidden) as no:
            return NOTHING, str(no)
        return process.replace("_", " "), opened.reference

    async def _add(self, case: str) -> tuple[str, str]:
        """The message goes on the file of a case under way, once, however many things it says."""
        if case not in self.added:
            try:
                await do(casebook.add_message, AddMessage(case=case))
            except (*NOT_NOW, Forbidden) as no:
                return NOTHING, str(no)
            self.added.add(case)
        return "added to its case", case

    async def _answer(self, cases: tuple[str, ...]) -> tuple[str, str]:
        """How the cases stand, each in a letter filled from the case itself."""
        told = []
        for case in cases:
            try:
                await do(casebook.answer_status, AnswerStatus(case=case))
                told.append(case)
            except (*NOT_NOW, Forbidden):
                workflow.logger.info("status:held back")
        return ("answered", ", ".join(told)) if told else (NOTHING, "the answer was held back")

    async def _ask(self, part: Part, who: Recognised, message: Message, processes: tuple[str, ...]) -> tuple[str, str]:
        """A person says what it is, and the classifier learns from that."""
        self.asked = True
        await self._acknowledge(who)
        cases = dict.fromkeys((*([who.answers.case] if who.answers and who.answers.open else []), *who.open_cases))
        add = {f"add to {case}": case for case in cases}
        open_ = {process.replace("_", " "): process for process in processes}
        shown = Shown(
            says=part.text,
            looks_like=part.reason,
            sender=f"{who.known_as or 'not known to us'}{f' ({who.name})' if who.name else ''}",
            answers=f"{who.answers.case}, {'open' if who.answers.open else 'closed'}" if who.answers else "",
            problems=message.problems,
        )
        try:
            choice = await ask(CUSTOMER_SERVICE, _question(who), options=(*open_, *add, "spam", NOTHING), evidence=shown)
        except NOT_NOW as no:
            return NOTHING, str(no)
        if choice.option in add:
            return await self._add(add[choice.option])
        if choice.option == NOTHING:
            return NOTHING, choice.reason
        kind = open_.get(choice.option, choice.option)
        await do(casebook.remember_choice, RememberChoice(kind=kind, spans=part.spans))
        became = ("spam", "") if kind == "spam" else await self._open(kind, part)
        await learn()
        return became

    async def _acknowledge(self, who: Recognised) -> None:
        """A person will look at it: the sender hears so, once. A case of a process says so itself."""
        if who.known_as != "customer" or self.acknowledged:
            return
        self.acknowledged = True
        try:
            await do(mail.send_letter, Letter(template="received"))
        except (*NOT_NOW, Forbidden):
            workflow.logger.info("letter:held back")


def _cases_asked_about(who: Recognised) -> tuple[str, ...]:
    """The case that the message names, or all that the customer has open; none where nobody could tell."""
    if who.known_as != "customer":
        return ()
    return (who.answers.case,) if who.answers else who.open_cases[:MOST_ANSWERS]


def _question(who: Recognised) -> str:
    return "What is this message about?" if who.known_as else "We do not know this sender. What is this message about?"


def _sentence(became: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{what}: {where}" if where else what for what, where in became)
