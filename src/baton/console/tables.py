"""The tables of the console. Times are UTC ISO text, as in the case store."""

from sqlalchemy import JSON, Column, Float, Index, Integer, String, Table, Text

from baton.cases import tables as cases
from baton.store import metadata

account = Table(
    "console_account",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("login", String(320), nullable=False, unique=True),
    Column("password", Text, nullable=False, comment="argon2id"),
    Column("failures", Integer, nullable=False),
    Column("locked_until", String(40)),
    Column("changed", String(40), nullable=False),
)
session = Table(
    "console_session",
    metadata,
    Column("id", String(64), primary_key=True, comment="SHA-256 of the cookie"),
    Column("person", String(64), nullable=False),
    Column("how", String(16), nullable=False),
    Column("began", String(40), nullable=False),
    Column("seen", String(40), nullable=False),
    Column("ends", String(40), nullable=False),
    Index("console_session_by_person", "person"),
    Index("console_session_by_end", "ends"),
)
answer = Table(
    "console_answer",
    metadata,
    Column("id", String(64), primary_key=True, comment="also the Temporal update id"),
    Column("task", String(64), nullable=False),
    Column("case", String(64), nullable=False),
    Column("person", String(64), nullable=False),
    Column("status", String(16), nullable=False, comment="held, pending, accepted, refused or withdrawn"),
    Column("body", JSON, nullable=False),
    Column("said", String(40), nullable=False),
    Column("due", String(40), nullable=False, comment="when it is sent next"),
    Column("tries", Integer, nullable=False),
    Column("decision", String(64), nullable=False, comment="its row in the ledger, once accepted"),
    Column("words", Text, nullable=False, comment="why it waits, or why it was refused"),
    Index("console_answer_by_due", "status", "due"),
    Index("console_answer_by_task", "task", "said"),
    Index("console_answer_by_person", "person", "said"),
)
"""The outbox: what people said, until their cases took it."""
comment = Table(
    "console_comment",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case", String(64), nullable=False),
    Column("task", String(64), nullable=False),
    Column("person", String(64), nullable=False),
    Column("at", String(40), nullable=False),
    Column("words", Text, nullable=False),
    Index("console_comment_by_case", "case", "at"),
)
view = Table(
    "console_view",
    metadata,
    Column("task", String(64), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("hash", String(64), nullable=False, comment="of the proposal or question that was seen"),
    Column("opened", String(40), nullable=False),
    Column("seconds", Float, nullable=False, comment="in sight, as the browser counted"),
    Column("shown", JSON, nullable=False),
)
"""Who had what on the screen, since when and for how long; an answer takes it onto its record."""
caller = Table(
    "console_caller",
    metadata,
    Column("case", String(64), primary_key=True),
    Column("name", String(320), nullable=False),
)
"""Who wrote, in the words of their own message, so that a list need not open every message."""

absence = Table(
    "console_absence",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("delegate", String(64), nullable=False),
    Column("since", String(40), nullable=False),
    Column("until", String(40), nullable=False),
    Index("console_absence_by_delegate", "delegate", "until"),
)
"""Who is away, until when, and who sees their tasks meanwhile."""
question = Table(
    "console_question",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case", String(64), nullable=False),
    Column("task", String(64), nullable=False),
    Column("by", String(64), nullable=False),
    Column("to", String(64), nullable=False),
    Column("at", String(40), nullable=False),
    Column("words", Text, nullable=False),
    Column("answered", String(40), nullable=False, comment="empty while it waits"),
    Column("answer", Text, nullable=False),
    Index("console_question_by_case", "case", "at"),
    Index("console_question_to", "to", "answered", "at"),
)
"""What colleagues ask each other about a task."""

token = Table(
    "console_token",
    metadata,
    Column("id", String(64), primary_key=True, comment="SHA-256 of the token"),
    Column("integration", String(64), nullable=False),
    Column("begins", String(16), nullable=False, comment="its first letters, to tell tokens apart"),
    Column("made", String(40), nullable=False),
    Column("by", String(64), nullable=False),
    Column("ends", String(40), nullable=False),
    Column("used", String(40), nullable=False, comment="the day of its last use; empty before the first"),
    Column("withdrawn", String(40), nullable=False, comment="empty while it holds"),
    Index("console_token_by_integration", "integration"),
)
"""What integrations show instead of a password; who they are and which roles they hold stands with the people."""
repeat = Table(
    "console_repeat",
    metadata,
    Column("who", String(64), primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("asked", String(64), nullable=False, comment="SHA-256 of method, path and body"),
    Column("at", String(40), nullable=False),
    Column("status", Integer, nullable=False, comment="0 while it is under way"),
    Column("answer", JSON, nullable=False),
    Index("console_repeat_by_time", "at"),
)
"""What was answered to a write with an idempotency key, so that the same again gets the same answer."""
webhook = Table(
    "console_webhook",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("events", JSON, nullable=False, comment="which kinds; empty for all"),
    Column("owner", String(64), nullable=False, comment="whose rights say which cases it hears of"),
    Column("made", String(40), nullable=False),
    Column("ended", String(40), nullable=False, comment="empty while it is sent to"),
    Column("position", Integer, nullable=False, comment="up to which row of the ledger it has been told"),
    Column("opened", String(40), nullable=False, comment="up to which opened task"),
)
delivery = Table(
    "console_delivery",
    metadata,
    Column("webhook", String(64), primary_key=True),
    Column("event", String(64), primary_key=True, comment="its id: the same on every attempt"),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False, comment="exactly the bytes that are signed"),
    Column("status", String(16), nullable=False, comment="waiting, delivered or dead"),
    Column("made", String(40), nullable=False),
    Column("due", String(40), nullable=False, comment="when it is sent next"),
    Column("tries", Integer, nullable=False),
    Column("words", Text, nullable=False, comment="how the last attempt ended"),
    Index("console_delivery_by_due", "status", "due"),
    Index("console_delivery_by_time", "webhook", "made"),
)

Index("task_by_opened", cases.task.c.opened)
Index("task_mine", cases.task.c.assignee, cases.task.c.status, cases.task.c.due, cases.task.c.id)
Index("task_of_team", cases.task.c.department, cases.task.c.status, cases.task.c.due, cases.task.c.id)
Index("case_file_by_owner", cases.case.c.owner, cases.case.c.status, cases.case.c.opened)
Index("case_file_by_opened", cases.case.c.opened, cases.case.c.id)
Index("case_file_by_sender", cases.case.c.sender)
