"""Two steps for one customer at once: on both databases, only one of them may believe its facts."""

from concurrent.futures import ThreadPoolExecutor, wait

from baton.governance import rivals
from baton.store import Database
from baton.types.ids import CustomerId, StepKey

ADA, BOB = CustomerId("C-1"), CustomerId("C-2")
FIRST, SECOND = StepKey("WC-1/1/0"), StepKey("WC-2/1/0")


def begun(database: Database, step: StepKey, customer: CustomerId, before: frozenset[str] = frozenset()) -> bool:
    """Whether this step may act; it is marked if so."""
    with database.write() as connection:
        free = not rivals.met(connection, step, customer, before)
        if free:
            rivals.begin(connection, step, customer)
        return free


def ended(database: Database, step: StepKey) -> None:
    with database.write() as connection:
        rivals.end(connection, step)


def finished(database: Database, customer: CustomerId) -> frozenset[str]:
    with database.read() as connection:
        return rivals.finished(connection, customer)


def test_a_second_step_waits_until_its_facts_know_of_the_first(database: Database) -> None:
    assert begun(database, FIRST, ADA)
    assert not begun(database, SECOND, ADA)
    assert begun(database, SECOND, BOB)
    ended(database, SECOND)
    ended(database, FIRST)
    assert not begun(database, SECOND, ADA)  # its facts were loaded before the first one ended
    assert begun(database, SECOND, ADA, finished(database, ADA))


def test_a_step_that_is_tried_again_is_not_its_own_rival(database: Database) -> None:
    assert begun(database, FIRST, ADA)
    assert begun(database, FIRST, ADA)


def test_of_two_that_ask_in_the_same_moment_one_may_act(database: Database) -> None:
    for number in range(10):
        steps = [StepKey(f"WC-{number}/{side}/0") for side in (1, 2)]
        before = finished(database, ADA)
        with ThreadPoolExecutor(2) as both:
            asked = [both.submit(begun, database, step, ADA, before) for step in steps]
            wait(asked)
        assert sorted(one.result() for one in asked) == [False, True]
        for step in steps:
            ended(database, step)
