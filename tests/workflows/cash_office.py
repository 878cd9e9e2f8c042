"""The cash box's office: the engine around it, for a worker in one process and a test in another."""

from pathlib import Path

import cash_box
from office import PROJECT

from baton.cases import store
from baton.governance.declare import declaration_of
from baton.governance.engine import Engine
from baton.governance.policy import Bundle, Policies
from baton.governance.stamps import SignIn
from baton.ledger import Keys, Ledger
from baton.store import Database


def an_engine(home: Path) -> Engine:
    """Governance over the cash box, kept in `home`: whoever opens the same home has the same keys and records."""
    declared = declaration_of(cash_box.pay_out)
    shared = (PROJECT / "policies" / "shared.cedar").read_text()
    texts = {"shared.cedar": shared, "cash_box.cedar": cash_box.POLICY, "tables/clocks.csv": cash_box.CLOCKS}
    database = Database(f"sqlite:///{home / 'baton.db'}")
    return Engine(
        database=database,
        ledger=Ledger(database, Keys(home)),
        policies=Policies(Bundle(texts=texts), [declared]),
        stamps=SignIn.at(home).checker(),
        declarations={declared.name: declared},
        prefixes={"cash_box": "CB"},
    )


def prepare(engine: Engine) -> None:
    """What has to stand before the first case."""
    engine.keep_bundle()
    with engine.database.write() as connection:
        store.keep_people(connection, cash_box.STAFF)
