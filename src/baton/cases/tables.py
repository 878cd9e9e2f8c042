"""The tables of the case store. Times are UTC ISO text, so that both databases keep them alike."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from baton.store import metadata

person = Table(
    "person",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("body", JSON, nullable=False),
)
case = Table(
    "case_file",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("process", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("message", String(300), nullable=False),
    Column("sender", String(320), nullable=False),
    Column("status", String(16), nullable=False),
    Column("stage", String(64), nullable=False),
    Column("customer", String(64)),
    Column("tier", String(32), nullable=False),
    Column("owner", String(64)),
    Column("holder", String(64)),
    Column("opened", String(40), nullable=False),
    Column("due", String(40)),
    Column("closed", String(40)),
    Column("body", JSON, nullable=False),
    UniqueConstraint("process", "number"),
    UniqueConstraint("process", "message"),
    Index("case_file_by_status", "status", "opened"),
    Index("case_file_by_customer", "customer"),
)
handoff = Table(
    "handoff",
    metadata,
    Column("case", String(64), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("stage", String(64), nullable=False),
    Column("from_stage", String(64), nullable=False),
    Column("holder", String(64)),
    Column("entered", String(40), nullable=False),
    Column("due", String(40)),
    Column("left", String(40)),
    Column("returned", String(64)),
    Column("package", JSON),
)
task = Table(
    "task",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("department", String(64), nullable=False),
    Column("assignee", String(64)),
    Column("opened", String(40), nullable=False),
    Column("due", String(40)),
    Column("body", JSON, nullable=False),
    Index("task_by_status", "status", "due"),
    Index("task_by_case", "case"),
    Index("task_by_assignee", "assignee", "status"),
)
message = Table(
    "message",
    metadata,
    # One message may be on file in several cases: the one it arrived as, and those it became.
    Column("case", String(64), primary_key=True),
    Column("id", String(300), primary_key=True),
    Column("at", String(40), nullable=False),
    Column("body", JSON, nullable=False),
    Index("message_by_id", "id", "at"),
)
arrival = Table(
    "arrival",
    metadata,
    Column("id", String(300), primary_key=True, comment="the message's id"),
    Column("content", String(64), nullable=False, comment="a hash of sender, subject, words and attachments"),
    Column("at", String(40), nullable=False),
    Column("door", String(16), nullable=False),
    Column("case", String(64), nullable=False, comment="the case of intake that it arrived as"),
    Index("arrival_by_content", "content", "at"),
)
opening = Table(
    "opening",
    metadata,
    Column("key", String(128), primary_key=True, comment="the permit's key: a second write finds the first"),
    Column("arrived", String(64), nullable=False, comment="the case of intake that it came of"),
    Column("case", String(64), nullable=False),
    Column("how", String(16), nullable=False, comment="opened, joined or answered"),
    Column("at", String(40), nullable=False),
    Column("started", Boolean, nullable=False, comment="whether the server has it"),
    Column("undone", Boolean, nullable=False),
    Index("opening_by_arrived", "arrived"),
    Index("opening_by_case", "case"),
)
document = Table(
    "document",
    metadata,
    Column("case", String(64), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("body", JSON, nullable=False),
)
finding = Table(
    "finding",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case", String(64), nullable=False),
    Column("form", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Index("finding_by_case", "case"),
)
stop = Table(
    "stop",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("process", String(64), nullable=False, comment="empty for every process"),
    Column("agent", String(64), nullable=False, comment="empty for every agent"),
    Column("active", Boolean, nullable=False),
    Column("body", JSON, nullable=False),
)
reservation = Table(
    "reservation",
    metadata,
    Column("step", String(128), primary_key=True),
    Column("customer", String(64), nullable=False),
    Column("process", String(64), nullable=False),
    Column("amount", BigInteger, nullable=False, comment="in ten-thousandths of the currency"),
    Column("currency", String(3), nullable=False),
    Column("at", String(40), nullable=False),
    Column("released", Boolean, nullable=False),
    Index("reservation_by_customer", "customer", "at"),
    Index("reservation_by_process", "process", "at"),
)
approval_use = Table(
    "approval_use",
    metadata,
    Column("answer", String(64), primary_key=True),
    Column("step", String(128), nullable=False),
)
bundle = Table(
    "bundle",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("body", Text, nullable=False),
)
alert = Table(
    "alert",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("case", String(64), nullable=False),
    Column("at", String(40), nullable=False),
    Column("words", Text, nullable=False),
)
