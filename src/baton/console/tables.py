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

Index("task_by_opened", cases.task.c.opened)
Index("task_mine", cases.task.c.assignee, cases.task.c.status, cases.task.c.due, cases.task.c.id)
Index("task_of_team", cases.task.c.department, cases.task.c.status, cases.task.c.due, cases.task.c.id)
Index("case_file_by_owner", cases.case.c.owner, cases.case.c.status, cases.case.c.opened)
Index("case_file_by_opened", cases.case.c.opened, cases.case.c.id)
Index("case_file_by_sender", cases.case.c.sender)
