"""The console: who is away and who stands in, and what colleagues ask each other."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "console_absence",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("delegate", sa.String(length=64), nullable=False),
        sa.Column("since", sa.String(length=40), nullable=False),
        sa.Column("until", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_index("console_absence_by_delegate", "console_absence", ["delegate", "until"], unique=False)
    op.create_table(
        "console_question",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("to", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered", sa.String(length=40), nullable=False, comment="empty while it waits"),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("console_question_by_case", "console_question", ["case", "at"], unique=False)
    op.create_index("console_question_to", "console_question", ["to", "answered", "at"], unique=False)
