"""What the ledger refuses by itself: statements that change it and a proof with one changed letter."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from baton.ledger import Keys, Ledger, ProofRefused, check_proof
from baton.types.decisions import Decision

Decided = Callable[..., Decision]


@pytest.mark.parametrize("table", ["entry", "node", "checkpoint"])
@pytest.mark.parametrize("statement", ["DELETE FROM {0}", "UPDATE {0} SET {1} = {1}"])
def test_the_tables_of_the_log_refuse_to_be_changed(ledger: Ledger, decided: Decided, table: str, statement: str) -> None:
    with ledger.database.write() as connection:
        ledger.append(connection, decided("d-1"))
    ledger.checkpoint()
    column = {"entry": "body", "node": "hash", "checkpoint": "note"}[table]
    with pytest.raises(DatabaseError, match=f"{table} is append-only"), ledger.database.write() as connection:
        connection.execute(text(statement.format(table, column)))


def test_one_changed_letter_of_a_proof_file_is_refused(sqlite_ledger: Ledger, decided: Decided) -> None:
    with sqlite_ledger.database.write() as connection:
        for n in range(5):
            sqlite_ledger.append(connection, decided(f"d-{n}"))
    proof, key = sqlite_ledger.proof(decided("d-2").id), str(sqlite_ledger.keys.verifier)
    assert check_proof(proof, key).position == 2
    for at in range(len(proof)):
        letter = "A" if proof[at] != "A" else "B"
        with pytest.raises(ProofRefused):
            check_proof(proof[:at] + letter + proof[at + 1 :], key)
    for end in range(0, len(proof), 7):
        with pytest.raises(ProofRefused):
            check_proof(proof[:end], key)
    with pytest.raises(ProofRefused):
        check_proof(proof, str(Keys(sqlite_ledger.keys.home / "other").verifier))
