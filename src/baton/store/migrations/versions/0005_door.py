"""The door: what arrived, and which cases came of it. A message may be on file in several cases."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make two tables, and file messages by case."""
    op.create_table(
        "arrival",
        sa.Column("id", sa.String(length=300), nullable=False, comment="the message's id"),
        sa.Column("content", sa.String(length=64), nullable=False, comment="a hash of sender, subject, words and attachments"),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column("case", sa.String(length=64), nullable=False, comment="the case of intake that it arrived as"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("arrival_by_content", "arrival", ["content", "at"], unique=False)
    op.create_table(
        "opening",
        sa.Column("key", sa.String(length=128), nullable=False, comment="the permit's key: a second write finds the first"),
        sa.Column("arrived", sa.String(length=64), nullable=False, comment="the case of intake that it came of"),
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False, comment="opened, joined or answered"),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("started", sa.Boolean(), nullable=False, comment="whether the server has it"),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("opening_by_arrived", "opening", ["arrived"], unique=False)
    op.create_index("opening_by_case", "opening", ["case"], unique=False)
    _messages_by_case()


def _messages_by_case() -> None:
    op.drop_index("message_by_case", "message")
    op.rename_table("message", "message_before")
    op.create_table(
        "message",
        sa.Column("case", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=300), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("case", "id", name="message_in_case"),
    )
    op.execute('INSERT INTO message ("case", id, at, body) SELECT "case", id, at, body FROM message_before')
    op.drop_table("message_before")
    op.create_index("message_by_id", "message", ["id", "at"], unique=False)
