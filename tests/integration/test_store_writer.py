"""Many transactions, one commit: each stands or falls by itself, whoever asks for it and from wherever."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from baton.store import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'store.db'}")
    with opened.write() as connection:
        connection.execute(text("CREATE TABLE said (word TEXT PRIMARY KEY)"))
    yield opened
    opened.close()


def say(database: Database, *words: str) -> str:
    for word in words:
        with database.write() as connection:
            connection.execute(text("INSERT INTO said VALUES (:word)"), {"word": word})
    return words[-1]


def said(database: Database) -> set[str]:
    """What stands on the disk, seen by somebody else."""
    with sqlite3.connect(str(database.engine.url.database)) as other:
        return {word for (word,) in other.execute("SELECT word FROM said")}


async def test_what_returned_is_durable_and_what_failed_left_nothing(database: Database) -> None:
    say(database, "taken")
    works = [database.transact(say, database, f"w{n}", "taken" if n % 5 == 0 else f"v{n}") for n in range(40)]
    results = await asyncio.gather(*works, return_exceptions=True)
    failed = {n for n, result in enumerate(results) if isinstance(result, Exception)}
    assert failed == set(range(0, 40, 5))
    assert said(database) == {"taken"} | {f"{letter}{n}" for n in range(40) if n % 5 for letter in "wv"}


async def test_an_event_loop_and_threads_take_turns(database: Database) -> None:
    threads = [threading.Thread(target=say, args=(database, *(f"t{one}-{n}" for n in range(20)))) for one in range(4)]
    for thread in threads:
        thread.start()
    await asyncio.gather(*(database.transact(say, database, f"a{n}") for n in range(80)))
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert len(said(database)) == 160


async def test_the_event_loop_goes_on_while_another_process_holds_the_disk(database: Database) -> None:
    other = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(database.transact(say, database, "late"))
    for _ in range(20):
        await asyncio.sleep(0.005)
    assert not waiting.done()
    other.execute("COMMIT")
    assert await waiting == "late"
    other.close()


async def test_work_that_is_not_waited_for_any_more_holds_nobody_up(database: Database) -> None:
    other = sqlite3.connect(str(database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(database.transact(say, database, "forgotten"))
    await asyncio.sleep(0.02)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    other.execute("COMMIT")
    other.close()
    await asyncio.wait_for(asyncio.to_thread(say, database, "after"), 10)
    assert "after" in said(database)


async def test_who_writes_on_the_loops_own_thread_does_not_wait_for_the_loop(database: Database) -> None:
    for n in range(50):
        waiting = asyncio.create_task(database.transact(say, database, f"q{n}"))
        await asyncio.sleep(0)
        say(database, f"s{n}")
        await waiting
    assert len(said(database)) == 100


def test_threads_that_wait_for_their_turn_share_a_commit(database: Database) -> None:
    asked: list[str] = []
    event.listen(database.engine, "connect", lambda connection, _: connection.set_trace_callback(asked.append))
    database.close()  # what is opened from now on is listened to
    inside, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with database.write() as connection:
            connection.execute(text("INSERT INTO said VALUES ('first')"))
            inside.set()
            go_on.wait()

    others = [threading.Thread(target=say, args=(database, f"c{number}")) for number in range(12)]
    threads = [threading.Thread(target=first), *others]
    threads[0].start()
    inside.wait()
    for thread in others:
        thread.start()
    until = time.monotonic() + 20
    while database._writer and database._writer._coming < len(others) and time.monotonic() < until:
        time.sleep(0.01)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert len(said(database)) == 13
    assert 1 <= asked.count("COMMIT") <= 8  # without waiting for each other: 10 to 13


def test_a_transaction_that_fails_after_others_leaves_theirs_standing(database: Database) -> None:
    say(database, "taken")
    inside, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with database.write() as connection:
            connection.execute(text("INSERT INTO said VALUES ('first')"))
            inside.set()
            go_on.wait()

    def second() -> None:
        with pytest.raises(IntegrityError):
            say(database, "taken")

    one = threading.Thread(target=first)
    one.start()
    inside.wait()
    other = threading.Thread(target=second)
    other.start()
    go_on.set()
    one.join(10)
    other.join(10)
    assert not one.is_alive()
    assert said(database) == {"taken", "first"}
