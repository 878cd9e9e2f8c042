"""Words that come from records rather than templates, named so that a language's file can translate them.

A word that no file knows is shown as it is: a company's own departments and fields need no change here.
"""

from typing import Final

N_ = str
"""Marks a text for translation where it stands; it is translated when it is shown."""

KINDS: Final = (
    N_("Verdict"), N_("Answer"), N_("Effect"), N_("Undo"), N_("Finding"), N_("Handoff"), N_("Stop"), N_("Reading"),
    N_("Question"),
)  # fmt: skip
OUTCOMES: Final = (
    N_("Found"), N_("Written"), N_("Closed"), N_("Opened"), N_("Handed over"), N_("Assigned"), N_("Escalated"), N_("Returned"),
    N_("Unassigned"), N_("Autonomous"), N_("Approved"), N_("Approve"), N_("Needs approval"), N_("Forbidden"), N_("Failed"),
    N_("Refused"), N_("Undone"), N_("Read"), N_("Exported"), N_("Away"), N_("Back"), N_("Resumed"), N_("Stopped"), N_("Agreed"),
    N_("Single"), N_("Missing"), N_("Disputed"), N_("Exact"), N_("Compensating"),
)  # fmt: skip
COMPANY: Final = (
    N_("Claims"), N_("Customer service"), N_("Finance"), N_("Purchasing"), N_("Logistics"), N_("Compliance"), N_("Quality"),
    N_("Operations"), N_("Sales"), N_("Legal"), N_("Intake"), N_("Warranty claim"), N_("Contract signing"), N_("Purchase order"),
    N_("Gift card"), N_("Claims handler"), N_("Claims manager"), N_("Customer service agent"), N_("Finance director"),
    N_("Compliance officer"), N_("Operations manager"), N_("Purchasing agent"), N_("Logistics planner"), N_("Quality engineer"),
    N_("Standard"), N_("Supplier"), N_("Contracts"),
)  # fmt: skip
FIELDS: Final = (
    N_("Amount"), N_("Order"), N_("Serial"), N_("Seller"), N_("Purchased"), N_("Paid"), N_("Product"), N_("Receipt number"),
    N_("Currency"), N_("Label"), N_("Warranty until"), N_("Starts"), N_("Months"), N_("Payment days"), N_("Category"),
    N_("Cost centre"), N_("State"),
)  # fmt: skip
COMPARISONS: Final = (
    N_("is not"), N_("less than"), N_("at most"), N_("more than"), N_("at least"), N_("one of"), N_("none of"),
)  # fmt: skip
