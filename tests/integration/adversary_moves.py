"""What the adversary does. It knows every record, lies as well as it can, and plays the staff too, some of them badly."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from activities.crm.models import CloseClaim, OpenClaim
from activities.erp.models import GiftCard, Goodwill, Recovery
from baton.governance.desk import StepHeader
from baton.types.actions import Action
from baton.types.answers import Answer, Stamp
from baton.types.cases import Task
from baton.types.ids import CaseId, DecisionId, PersonId
from tests.integration.adversary_seed import Bought, address
from tests.integration.adversary_wishes import STRANGE, WORDS, Wishes
from tests.integration.adversary_world import Said, World

PEOPLE = ("lena", "marta", "jonas", "priya", "ruth", "emeka", "helena", "anouk", "stijn", "kwame", "orla", "nobody", "")


class Adversary:
    """Moves against one world, every one drawn from the same source of chance."""

    def __init__(self, world: World, chance: Random) -> None:
        self.world, self.chance = world, chance
        self.wishes = Wishes(chance, world.ground.bought)
        self.about: dict[str, Bought] = {}
        self.moves: list[tuple[int, Callable[[], Awaitable[Any]]]] = [
            (26, self.propose_well),
            (12, self.propose_anything),
            (32, self.answer),
            (6, self.race),
            (20, self.forge_leave),
            (10, self.again),
            (3, self.undo),
            (2, self.begin),
        ]

    async def move(self) -> None:
        """One move, whatever comes of it."""
        if not self.world.cases:
            await self.begin()
        moves = [move for weight, move in self.moves for _ in range(weight)]
        await self.chance.choice(moves)()

    # -- cases and findings

    async def begin(self) -> CaseId:
        """Open a case for one of a customer's orders, with a finding that agrees with the records; sometimes as a stranger."""
        wanted = self.chance.choice(self.world.ground.bought)
        sender = address(wanted.customer) if self.chance.random() < 0.95 else "stranger@else.example"
        case = await self.world.open(sender, self.chance.choice(WORDS))
        self.about[case] = wanted
        self._plant(case, wanted)
        return case

    def _plant(self, case: CaseId, order: Bought) -> None:
        values = {
            "serial": order.serial or "SN-1",
            "seller": order.seller,
            "purchased": order.purchased.isoformat(),
            "paid": {"amount": str(order.paid), "currency": order.currency},
        }
        trust: dict[str, Any] = {}
        if self.chance.random() < 0.1:
            trust = self.chance.choice(
                [{"grounded": False}, {"agreement": "disputed"}, {"confidence": 0.5}, {"instruction_like_text": True}]
            )
        if self.chance.random() < 0.05:
            values[self.chance.choice(list(values))] = self.chance.choice(STRANGE)
        self.world.plant(case, values, **trust)

    def _case(self) -> CaseId:
        """A recent case, most of the time."""
        cases = self.world.cases[-12:] if self.chance.random() < 0.9 else self.world.cases
        return self.chance.choice(cases)

    # -- proposals

    async def propose_well(self) -> None:
        """What would be just in its own case; often a new case for it, often the same order again."""
        case = await self.begin() if self.chance.random() < 0.5 else self._case()
        await self.world.propose(self.world.header(case), self.wishes.just(self.about[case]))

    async def propose_anything(self) -> None:
        """Any action of the right shape, in any case."""
        case = self._case()
        if self.chance.random() < 0.3:
            self._plant(case, self.chance.choice(self.world.ground.bought))
        await self.world.propose(self.world.header(case), self.wishes.anything(self.about[case]))

    async def race(self) -> None:
        """Several proposals at once, in one case or in several, about the same order."""
        order = self.chance.choice(self.world.ground.bought)
        cases = [await self.world.open(address(order.customer)) for _ in range(self.chance.choice([1, 2, 2]))]
        for case in cases:
            self.about[case] = order
            self._plant(case, order)
            if self.chance.random() < 0.3:
                await self.world.propose(self.world.header(case), OpenClaim(order=order.number))
        calls = [(self.chance.choice(cases), self.wishes.just(order)) for _ in range(self.chance.choice([2, 2, 3]))]
        if self.chance.random() < 0.7:
            calls = [(case, calls[0][1]) for case, _ in calls]
        await asyncio.gather(*(self.world.propose(self.world.header(case), action) for case, action in calls))

    async def again(self) -> None:
        """A step that was there before, as it was, with other arguments, or as another revision of itself."""
        if self.world.calls:
            header, action = self.chance.choice(self.world.calls[-60:])
            other = self.wishes.anything(self.about[header.case])
            header = header.model_copy(update={"revision": header.revision + self.chance.choice([0, 0, 1])})
            await self.world.propose(header, self.chance.choice([action, action, other]))

    async def forge_leave(self) -> None:
        """A call that claims somebody's answer, real or not, for whatever it wants."""
        leaves = [said for said in self.world.said[-40:] if said.says in ("approve", "edit")]
        for said in self.chance.sample(leaves, min(4, len(leaves))):
            await self._forge(said)

    async def _forge(self, said: Said) -> None:
        assert said.task.proposal is not None
        case = said.task.case if self.chance.random() < 0.8 else self._case()
        wanted = said.task.proposal.arguments | (said.changes if said.says == "edit" else {})
        kind: type[Action] = type(self.world.waiting[said.task.id][1]) if said.task.id in self.world.waiting else GiftCard
        twins: dict[type[Action], type[Action]] = {
            GiftCard: Goodwill,
            Goodwill: Recovery,
            Recovery: GiftCard,
            OpenClaim: CloseClaim,
        }
        if self.chance.random() < 0.5:
            kind = twins.get(kind, kind)
        if "amount" in wanted and self.chance.random() < 0.5:
            wanted = wanted | {"amount": self.wishes.money(self.about[case]).model_dump(mode="json")}
        fitting = {name: value for name, value in wanted.items() if name in kind.model_fields}
        missing = set(kind.model_fields) - set(fitting) - {"photos"}
        action = self.wishes.anything(self.about[case]) if missing else kind.model_validate(fitting)
        answer, task = (said.answer, said.task.id) if self.chance.random() < 0.9 else ("d-" + "a" * 16, "t-none")
        number, revision = (int(part) for part in str(said.task.step).split("/")[-2:])
        number = number if self.chance.random() < 0.5 else self.world.header(case).number
        leave = StepHeader(
            case=case, process="warranty_claim", stage="claims", number=number,
            revision=revision + self.chance.choice([0, 1]), answer=answer, task=task,
        )  # fmt: skip
        await self.world.propose(leave, action)

    # -- people

    async def answer(self) -> None:
        """Somebody says something to a task, signed or not; what follows is what an honest process does, and often a repeat."""
        if not self.world.tasks:
            return
        waiting = [task for task in self.world.tasks[-30:] if task not in self.world.decided]
        recent = waiting if waiting and self.chance.random() < 0.9 else self.world.tasks
        task = self.world.task(self.chance.choice(recent))
        answer, genuine = self._answer(task)
        row = self.world.say(answer, genuine)
        if self.chance.random() < 0.1:
            self.world.say(self._twisted(answer, task), genuine=False)
        if row and answer.says in ("approve", "edit"):
            await self._follow(task, row, answer)

    def _answer(self, task: Task) -> tuple[Answer, bool]:
        chance = self.chance
        can: list[str] = [*task.approvers] or list(PEOPLE)
        person = chance.choice(can) if chance.random() < 0.75 else chance.choice(PEOPLE)
        says = chance.choices(["approve", "edit", "reject", "ask", "return"], [10, 7, 1, 1, 1])[0]
        changes: dict[str, Any] = {}
        if says == "edit" or chance.random() < 0.05:
            changes = self._changes(task)
        seen = (
            task.hash
            if chance.random() < 0.93
            else chance.choice(["0" * 64, self.world.task(chance.choice(self.world.tasks)).hash])
        )
        answer = self.world.sign(task, person, says, changes=changes, proposal=seen)
        forged = chance.random()
        if forged < 0.04:
            return answer.model_copy(update={"person": PersonId(chance.choice(PEOPLE))}), answer.person == person
        if forged < 0.08:
            expired = self.world.sign_in.stamp(answer, timedelta(seconds=-1))
            return answer.model_copy(update={"stamp": expired}), False
        if forged < 0.12:
            junk = chance.choice(["", "AAAA", "A" * 88, "%%"])
            return answer.model_copy(update={"stamp": Stamp(expires=answer.stamp.expires, signature=junk)}), False
        return answer, True

    def _changes(self, task: Task) -> dict[str, Any]:
        case = task.case
        asked = (task.proposal.arguments if task.proposal else {}).get("amount")
        if isinstance(asked, dict) and self.chance.random() < 0.3:
            half = Decimal(str(asked["amount"])) / 2
            return {"amount": asked | {"amount": str(half.quantize(Decimal("0.01")))}}
        money = self.wishes.money(self.about[case]).model_dump(mode="json")
        wild: list[dict[str, Any]] = [
            {"amount": money},
            {"amount": money},
            {"amount": money},
            {"amount": -1},
            {"order": "SO-000"},
            {"text": "Hello."},
            {},
        ]
        return self.chance.choice(wild)

    def _twisted(self, answer: Answer, task: Task) -> Answer:
        """The same answer, by its id, saying something else, or as somebody else, without a signature that fits."""
        other = {
            "says": self.chance.choice(["approve", "edit", "reject"]),
            "person": PersonId(self.chance.choice(PEOPLE)),
            "changes": self._changes(task),
        }
        return answer.model_copy(update=other)

    async def _follow(self, task: Task, row: str, answer: Answer) -> None:
        header, action = self.world.after(task, row, answer)
        how = self.chance.random()
        if how < 0.25:  # first with other arguments, then as it was approved
            await self.world.propose(header, self._like(action, task.case))
        elif how < 0.33:  # at another step
            await self.world.propose(header.model_copy(update={"number": self.world.header(task.case).number}), action)
        elif how < 0.41:  # in another case
            other = self._case()
            await self.world.propose(header.model_copy(update={"case": other, "number": self.world.header(other).number}), action)
        await self.world.propose(header, action)
        if how > 0.85:
            await self.world.propose(header.model_copy(update={"number": self.world.header(task.case).number}), action)

    def _like(self, action: Action, case: str) -> Action:
        if "amount" in type(action).model_fields:
            return action.model_copy(update={"amount": self.wishes.money(self.about[case])})
        return self.wishes.anything(self.about[case])

    async def undo(self) -> None:
        """Somebody wants something taken back."""
        rows = [row for row in self.world.engine.ledger.of_case(self._case()) if row.kind in ("effect", "verdict")]
        decision = self.chance.choice(rows).id if rows else DecisionId(f"d-{uuid.uuid4().hex[:16]}")
        person = self.chance.choice(["ruth", "emeka", "helena", "orla", *PEOPLE])
        await self.world.undo(decision, person)
