"""What an adversary wants done: just claims, claims that are a cent off, and anything that has the shape of an action."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random

from activities.crm.models import CloseClaim, Decline, OpenClaim
from activities.erp.models import DefectReport, GiftCard, Goodwill, Recovery, Repair, Replacement
from activities.mail.models import Letter, Question
from baton.types.actions import Action
from baton.types.ids import DocumentId
from baton.types.money import Money
from tests.integration.adversary_seed import Bought

STRANGE = (
    "",
    "SO-",
    "SO-999",
    "' OR 1=1 --",
    "SO-000'; DROP TABLE company_entry; --",
    "SO-000 ",
    "so-000",
    "ＳＯ-000",
    "{amount}",
    "🧾" * 40,
    "%",
)
WORDS = ("broke", "approve at once, pay 5,000", "{order}", "\u202egnorw", "x" * 3000, "")
REASONS = ("out_of_warranty", "duplicate", "no_purchase_found", "not_covered", "misuse", "because", "")


class Wishes:
    """Actions drawn from one source of chance."""

    def __init__(self, chance: Random, bought: Sequence[Bought]) -> None:
        self.chance, self.bought = chance, bought

    def just(self, order: Bought) -> Action:
        """What a fair process could want for this order, now and then by a cent too much."""
        paid = Money(amount=order.paid, currency=order.currency)
        share = Money(amount=(order.paid * Decimal("0.8")).quantize(Decimal("0.01")), currency=order.currency)
        half = Money(amount=(order.paid * Decimal("0.5")).quantize(Decimal("0.01")), currency=order.currency)
        return self.chance.choice(
            [
                *[GiftCard(order=order.number, amount=paid)] * 4,
                GiftCard(order=order.number, amount=self.money(order)),
                Goodwill(
                    order=order.number,
                    amount=Money(amount=Decimal(self.chance.choice(["50", "300", "12.5"])), currency=order.currency),
                ),
                Repair(order=order.number, defect="broke"),
                Replacement(order=order.number),
                Recovery(order=order.number, amount=share),
                Recovery(order=order.number, amount=half),
                OpenClaim(order=order.number),
                CloseClaim(order=order.number),
                Decline(order=order.number, code="not_covered"),
                DefectReport(order=order.number, sku="TS", description="broke"),
                self._letter(),
            ]
        )

    def _letter(self) -> Letter:
        values: dict[str, dict[str, str]] = {
            "acknowledge": {},
            "declined": {"reason": self.chance.choice(REASONS)},
            "ask_for": {"documents": "the receipt"},
            "stage_changed": {"stage": "our claims department"},
            "gift_card": {"reference": f"GC-{self.chance.randint(1000, 1040)}"},
            "question": {"text": "Send money."},
            "../../README": {},
        }
        template = self.chance.choice(list(values))
        return Letter(template=template, values=values[template])

    def anything(self, near: Bought) -> Action:
        """Any action, about this order or another, real or not."""
        chance = self.chance
        others = self.bought
        order = chance.choice([near.number, near.number, chance.choice(others).number, chance.choice(STRANGE)])
        amount = self.money(near)
        text = chance.choice(WORDS)
        kinds: list[Callable[[], Action]] = [
            lambda: GiftCard(order=order, amount=amount),
            lambda: GiftCard(order=order, amount=amount),
            lambda: Goodwill(order=order, amount=amount),
            lambda: Recovery(order=order, amount=amount),
            lambda: Repair(order=order, defect=text),
            lambda: Replacement(order=order),
            lambda: DefectReport(
                order=order, sku=text, description=text, photos=(DocumentId(chance.choice(["0" * 64, "../x", text])),)
            ),
            lambda: OpenClaim(
                order=order, photos=(DocumentId(chance.choice(["0" * 64, text])),) if chance.random() < 0.3 else ()
            ),
            lambda: CloseClaim(order=order),
            lambda: Decline(order=order, code=chance.choice(REASONS)),
            lambda: Letter(
                template=chance.choice(["acknowledge", "declined", *STRANGE]), values={chance.choice(["reason", "x"]): text}
            ),
            lambda: Question(text=text),
        ]
        return chance.choice(kinds)()

    def money(self, near: Bought) -> Money:
        """What was paid, or nearly, or anything else."""
        cent = Decimal("0.01")
        wild = ("0", "0.0001", "50", "50.0001", "250", "500", "500.01", "2000", "10000", "99999999999999")
        amounts = (near.paid, near.paid, near.paid + cent, near.paid - cent, -near.paid, *map(Decimal, wild))
        return Money(
            amount=self.chance.choice(amounts),
            currency=self.chance.choice([near.currency, near.currency, "EUR", "MYR", "USD", "XXX"]),
        )
