"""The databases: one way to open SQLite and PostgreSQL, and the migrations of every table."""

from baton.store.database import Database, metadata

__all__ = ["Database", "metadata"]
