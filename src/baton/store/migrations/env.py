"""How alembic runs: on the connection that `Database.migrate` hands over, inside its transaction."""

from alembic import context
from sqlalchemy import Connection

from baton.store import metadata


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
