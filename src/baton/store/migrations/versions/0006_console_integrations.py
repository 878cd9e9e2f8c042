"""The console's API: tokens of integrations, answers to repeated writes, webhooks and what they are sent."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "console_token",
        sa.Column("id", sa.String(length=64), nullable=False, comment="SHA-256 of the token"),
        sa.Column("integration", sa.String(length=64), nullable=False),
        sa.Column("begins", sa.String(length=16), nullable=False, comment="its first letters, to tell tokens apart"),
        sa.Column("made", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("ends", sa.String(length=40), nullable=False),
        sa.Column("used", sa.String(length=40), nullable=False, comment="the day of its last use; empty before the first"),
        sa.Column("withdrawn", sa.String(length=40), nullable=False, comment="empty while it holds"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("console_token_by_integration", "console_token", ["integration"], unique=False)
    op.create_table(
        "console_repeat",
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False, comment="SHA-256 of method, path and body"),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False, comment="0 while it is under way"),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("who", "key"),
    )
    op.create_index("console_repeat_by_time", "console_repeat", ["at"], unique=False)
    op.create_table(
        "console_webhook",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False, comment="which kinds; empty for all"),
        sa.Column("owner", sa.String(length=64), nullable=False, comment="whose rights say which cases it hears of"),
        sa.Column("made", sa.String(length=40), nullable=False),
        sa.Column("ended", sa.String(length=40), nullable=False, comment="empty while it is sent to"),
        sa.Column("position", sa.Integer(), nullable=False, comment="up to which row of the ledger it has been told"),
        sa.Column("opened", sa.String(length=40), nullable=False, comment="up to which opened task"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "console_delivery",
        sa.Column("webhook", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False, comment="its id: the same on every attempt"),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="exactly the bytes that are signed"),
        sa.Column("status", sa.String(length=16), nullable=False, comment="waiting, delivered or dead"),
        sa.Column("made", sa.String(length=40), nullable=False),
        sa.Column("due", sa.String(length=40), nullable=False, comment="when it is sent next"),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, comment="how the last attempt ended"),
        sa.PrimaryKeyConstraint("webhook", "event"),
    )
    op.create_index("console_delivery_by_due", "console_delivery", ["status", "due"], unique=False)
    op.create_index("console_delivery_by_time", "console_delivery", ["webhook", "made"], unique=False)
