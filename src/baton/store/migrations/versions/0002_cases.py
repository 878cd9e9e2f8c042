"""The case store: cases, handoffs, tasks, messages, findings, stops and reservations."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the case store's tables and indexes."""
    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "approval_use",
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("answer"),
    )
    op.create_table(
        "bundle",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("tier", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("opened", sa.String(length=40), nullable=False),
        sa.Column("due", sa.String(length=40), nullable=True),
        sa.Column("closed", sa.String(length=40), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("process", "message"),
        sa.UniqueConstraint("process", "number"),
    )
    op.create_index("case_file_by_customer", "case_file", ["customer"], unique=False)
    op.create_index("case_file_by_status", "case_file", ["status", "opened"], unique=False)
    op.create_table(
        "document",
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("case", "id"),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("finding_by_case", "finding", ["case"], unique=False)
    op.create_table(
        "handoff",
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("from_stage", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("entered", sa.String(length=40), nullable=False),
        sa.Column("due", sa.String(length=40), nullable=True),
        sa.Column("left", sa.String(length=40), nullable=True),
        sa.Column("returned", sa.String(length=64), nullable=True),
        sa.Column("package", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("case", "position"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=300), nullable=False),
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("message_by_case", "message", ["case"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "reservation",
        sa.Column("step", sa.String(length=128), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="in ten-thousandths of the currency"),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("step"),
    )
    op.create_index("reservation_by_customer", "reservation", ["customer", "at"], unique=False)
    op.create_index("reservation_by_process", "reservation", ["process", "at"], unique=False)
    op.create_table(
        "stop",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False, comment="empty for every process"),
        sa.Column("agent", sa.String(length=64), nullable=False, comment="empty for every agent"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("opened", sa.String(length=40), nullable=False),
        sa.Column("due", sa.String(length=40), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("task_by_assignee", "task", ["assignee", "status"], unique=False)
    op.create_index("task_by_case", "task", ["case"], unique=False)
    op.create_index("task_by_status", "task", ["status", "due"], unique=False)
