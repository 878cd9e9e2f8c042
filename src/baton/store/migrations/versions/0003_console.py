"""The console: accounts, sessions, the outbox of answers, comments, what was on whose screen; and the inbox's indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the console's tables and indexes."""
    op.create_table(
        "console_account",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=320), nullable=False),
        sa.Column("password", sa.Text(), nullable=False, comment="argon2id"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.String(length=40), nullable=True),
        sa.Column("changed", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("person"),
        sa.UniqueConstraint("login"),
    )
    op.create_table(
        "console_answer",
        sa.Column("id", sa.String(length=64), nullable=False, comment="also the Temporal update id"),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False, comment="held, pending, accepted, refused or withdrawn"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("said", sa.String(length=40), nullable=False),
        sa.Column("due", sa.String(length=40), nullable=False, comment="when it is sent next"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=64), nullable=False, comment="its row in the ledger, once accepted"),
        sa.Column("words", sa.Text(), nullable=False, comment="why it waits, or why it was refused"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("console_answer_by_due", "console_answer", ["status", "due"], unique=False)
    op.create_index("console_answer_by_person", "console_answer", ["person", "said"], unique=False)
    op.create_index("console_answer_by_task", "console_answer", ["task", "said"], unique=False)
    op.create_table(
        "console_caller",
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("case"),
    )
    op.create_table(
        "console_comment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("console_comment_by_case", "console_comment", ["case", "at"], unique=False)
    op.create_table(
        "console_session",
        sa.Column("id", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie"),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("began", sa.String(length=40), nullable=False),
        sa.Column("seen", sa.String(length=40), nullable=False),
        sa.Column("ends", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("console_session_by_end", "console_session", ["ends"], unique=False)
    op.create_index("console_session_by_person", "console_session", ["person"], unique=False)
    op.create_table(
        "console_view",
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="of the proposal or question that was seen"),
        sa.Column("opened", sa.String(length=40), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False, comment="in sight, as the browser counted"),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("task", "person"),
    )
    op.create_index("case_file_by_opened", "case_file", ["opened", "id"], unique=False)
    op.create_index("case_file_by_owner", "case_file", ["owner", "status", "opened"], unique=False)
    op.create_index("case_file_by_sender", "case_file", ["sender"], unique=False)
    op.create_index("task_by_opened", "task", ["opened"], unique=False)
    op.create_index("task_mine", "task", ["assignee", "status", "due", "id"], unique=False)
    op.create_index("task_of_team", "task", ["department", "status", "due", "id"], unique=False)
