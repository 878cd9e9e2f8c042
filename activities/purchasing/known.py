"""What the records say about each action of purchasing: what policies may rely on."""

from pydantic import Field

from baton.types.actions import Facts
from baton.types.money import Money


class OrderFacts(Facts):
    """What the records say about an order to be placed."""

    requester_on_staff: bool
    supplier_known: bool
    supplier_active: bool
    sanctioned: bool = Field(description="the supplier's name or account stands on the sanctions list")
    insurance_valid: bool = Field(description="a certificate is on file and has not run out, or the category needs none")
    account_unchanged: bool = Field(description="no paper of this case names an account that is none of those on file")
    category_known: bool
    tags: tuple[str, ...] = Field(description="what the category asks for, as `four-eyes`, `it-security`")
    cost_centre_known: bool
    within_budget: bool
    budget_left: Money = Field(description="before this order")
    lines_make_amount: bool = Field(description="quantity times price of every line make the amount")
    as_read: bool = Field(description="the lines are those that were read in this case's papers")
    twin_open: bool = Field(description="an order for the same lines is open with this supplier")
    with_recent: Money = Field(description="what this requester's cost centre ordered from this supplier in 14 days, with this")
    supplier_month: Money = Field(description="what was ordered from this supplier in 30 days, with this")
    orders_today: Money = Field(description="all that was ordered today, with this")


class SendingFacts(Facts):
    """What the records say about sending an order out."""

    order_known: bool
    order_open: bool
    of_this_case: bool
    recipient_known: bool = Field(description="the supplier has an address on file")
    values_fit: bool = Field(description="no word of a paper that the letter repeats holds a link or more than 200 characters")
    sanctioned: bool
    sent_before: bool
    four_eyes: bool = Field(description="the category asks for a second person whatever the order costs")
    cost: Money = Field(description="what is ordered, with tax")


class ReceiptFacts(Facts):
    """What the records say about a delivery."""

    order_known: bool
    order_open: bool
    lines_known: bool = Field(description="every line is one of the order's, counted once, and no count is below 0")
    within_order: bool = Field(description="with what came before, no line gets more than was ordered")
    rejected: bool = Field(description="something is sent back")


class BillFacts(Facts):
    """What the records say about a bill to be registered."""

    order_known: bool
    order_is_senders: bool = Field(description="the supplier who wrote is the order's, or a colleague forwarded it")
    registered_before: bool = Field(description="a bill of this number of this supplier stands already, however it is spelled")
    as_read: bool = Field(description="number and amount are those that were read in this case's papers")


class AccountFacts(Facts):
    """What the records say about a new account."""

    supplier_known: bool
    supplier_active: bool
    sanctioned: bool
    account_sound: bool = Field(description="the number has the length and the check digits of its country")
    used_by_other: bool = Field(description="another supplier is paid there")
    contact_on_file: bool = Field(description="the records name somebody to ask who is not the paper's own contact")
    has_standing: bool = Field(description="the supplier has an account on file already, so this is a change")


class PaymentFacts(Facts):
    """What the records say about paying a bill."""

    bill_known: bool
    supplier_active: bool
    sanctioned: bool
    insurance_valid: bool
    paid_before: bool = Field(description="a payment of this bill stands")
    duplicate: bool
    clean: bool = Field(description="order, receipts and bill agree within the tolerances")
    faults: tuple[str, ...] = Field(description="what is wrong, by name")
    disputable_only: bool = Field(description="only amounts are in doubt, so that a part may be paid")
    due: Money = Field(description="of this bill: its total when it is clean, else what is beyond doubt; less what was paid")
    account_known: bool = Field(description="an account of the supplier is on file")
    account_unchanged: bool = Field(description="the bill names no other account than one on file")
    account_settled_days: int = Field(description="days since the account paid to was put on file")
    buyer_matches: bool = Field(description="the bill is made out to whom the order is for, where the order says so")
    period_matches: bool = Field(description="the bill is for the order's days, where the order says so")
    supplier_today: Money = Field(description="all that is paid to this supplier today, with this")
    supplier_month: Money = Field(description="all that is paid to this supplier in 30 days, with this")
    split_with: Money = Field(description="all bills of this order, with this: what a split would hide")


class ReleaseFacts(Facts):
    """What the records say about a prepared payment."""

    payment_known: bool
    prepared: bool = Field(description="it waits, and was neither released nor withdrawn")
    amount_matches: bool
    supplier_active: bool
    sanctioned: bool
    account_unchanged: bool = Field(description="the account in the file is still the one on file")
    by_person: bool = Field(description="a person approved the payment when it was prepared")
    prepared_alone: bool = Field(description="no person has looked at it yet")
    paid_today: Money = Field(description="all that was released today, with this")


class DisputeFacts(Facts):
    """What the records say about disputing a bill."""

    bill_known: bool
    has_faults: bool
    recipient_known: bool = Field(description="the supplier has an address on file")
    values_fit: bool = Field(description="no word of a paper that the letter repeats holds a link or more than 200 characters")
    disputed_before: bool


class CancelFacts(Facts):
    """What the records say about cancelling an order."""

    order_known: bool
    order_open: bool
    received: bool = Field(description="something came already")
    billed: bool
