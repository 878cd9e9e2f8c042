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
FACTS: Final = (
    N_("Account known"), N_("Account settled days"), N_("Account unchanged"), N_("Amount matches"), N_("As read"),
    N_("Bill known"), N_("Billing agreed"), N_("Budget left"), N_("Buyer matches"), N_("By person"), N_("Case is senders"),
    N_("Case open"), N_("Category known"), N_("Chosen"), N_("Clean"), N_("Complete"), N_("Contested"), N_("Cost centre known"),
    N_("Customer active"), N_("Customer known"), N_("Date matches"), N_("Days since purchase"), N_("Days stated"),
    N_("Deal known"), N_("Deal open"), N_("Deviations"), N_("Deviations named"), N_("Disputable only"), N_("Due"),
    N_("Duplicate"), N_("Entity"), N_("Escalations"), N_("Faults"), N_("In stock"), N_("In warranty"), N_("Insurance valid"),
    N_("Liability"), N_("Lines known"), N_("Lines make amount"), N_("On file"), N_("Order is customers"),
    N_("Order is senders"), N_("Order known"), N_("Order open"), N_("Orders today"), N_("Other open claims"), N_("Paid before"),
    N_("Paid today"), N_("Paper ready"), N_("Parties match"), N_("Payment known"), N_("Payment matches"), N_("Period matches"),
    N_("Photo used before"), N_("Prepared"), N_("Prepared alone"), N_("Price matches"), N_("Readable"), N_("Receipt on file"),
    N_("Recoverable"), N_("Registered before"), N_("Rejected"), N_("Remedies before"), N_("Remedy given"), N_("Repair centre"),
    N_("Repairable"), N_("Requester on staff"), N_("Sanctioned"), N_("Scanned"), N_("Seller matches"), N_("Serial matches"),
    N_("Signature block"), N_("Signed"), N_("Split with"), N_("Supplier active"), N_("Supplier known"), N_("Supplier month"),
    N_("Supplier recovers"), N_("Supplier today"), N_("Tags"), N_("Term matches"), N_("Term months"), N_("Twin open"),
    N_("Value"), N_("Value stated"), N_("Warranty days"), N_("With recent"), N_("Within budget"), N_("Within credit"),
    N_("Within order"),
)  # fmt: skip
ARGUMENTS: Final = (
    N_("Payment"), N_("Cost"), N_("Day"), N_("Account"), N_("Lines"), N_("Deal"), N_("Bill"),
    N_("Code"), N_("Corrects"), N_("Defect"), N_("Document"), N_("Freight"), N_("Kind"), N_("Net"), N_("Number"), N_("Tax"),
)  # fmt: skip
ACTIONS: Final = (
    N_("Accept paper"), N_("Add message"), N_("Agree billing"), N_("Answer status"), N_("Book repair"), N_("Close claim"),
    N_("Decline claim"), N_("Dispute bill"), N_("Draft paper"), N_("Give goodwill"), N_("Invite"), N_("Issue gift card"),
    N_("Key form"), N_("Key lines"), N_("Open case"), N_("Open claim"), N_("Pay bill"), N_("Place order"), N_("Record defect"),
    N_("Record receipt"), N_("Recover from supplier"), N_("Register bill"), N_("Release payment"), N_("Review paper"),
    N_("Send letter"), N_("Send order"), N_("Send replacement"), N_("Share out"), N_("Sort message"),
)  # fmt: skip
COMPARISONS: Final = (
    N_("is not"), N_("less than"), N_("at most"), N_("more than"), N_("at least"), N_("one of"), N_("none of"),
)  # fmt: skip
