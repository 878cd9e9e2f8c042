"""Webhooks: signed, told to those who may know, repeated until heard, alive after a kill, and never leading inside."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from baton.cases import store
from baton.cases.clock import now, written
from baton.console.api.tokens import Tokens
from baton.console.signin.visitor import Visitor
from baton.console.tables import delivery
from baton.console.webhooks import register
from baton.console.webhooks.events import KINDS
from baton.console.webhooks.noticing import notice
from baton.console.webhooks.register import MadeWebhook
from baton.console.webhooks.sending import Pacing, Webhooks
from baton.console.webhooks.targets import BadTarget, parsed, resolved
from baton.store import Database
from tests.integration.console_house import House, person
from tests.integration.console_record import answered, judged
from tests.integration.console_record import written as effect
from tests.integration.told_program import Told, receiving

ORLA = person("orla", "Orla Brennan", "operations", "operations-manager")
ROOT = Path(__file__).parents[2]


def told_house(database: Database, home: Path) -> House:
    made = House(database, home, settings={"webhooks_inside": True})
    with database.write() as connection:
        store.keep_people(connection, [ORLA])
    return made


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return told_house(sqlite_database, tmp_path / "home")


@pytest.fixture
def told() -> Iterator[Told]:
    with receiving() as found:
        yield found


def orla(house: House) -> Visitor:
    return Visitor(ORLA, "", "", "api", house.bench)


def begun(house: House, told: Told, *events: str, owner: str = "") -> MadeWebhook:
    return register.make(orla(house), told.url, events, owner)


def send(house: House, **pacing: Any) -> None:
    """Notice what is new and try everything that waits once, whatever its pause."""
    while notice(house.bench):
        pass
    with house.database.write() as connection:
        connection.execute(update(delivery).where(delivery.c.status == "waiting").values(due=written(now())))
    asyncio.run(Webhooks(house.bench, Pacing(**{"patience": 2, **pacing})).send_due())


def rivals(house: House) -> None:
    """Several processes of one console, all at it at once."""
    senders = [Webhooks(house.bench, Pacing(patience=5)) for _ in range(4)]
    house.engine.ledger.drain()

    async def at_once() -> None:
        await asyncio.gather(*(asyncio.to_thread(notice, house.bench) for _ in senders))
        await asyncio.gather(*(sender.send_due() for sender in senders))

    asyncio.run(at_once())


def kinds(told: Told) -> list[str]:
    return [json.loads(body)["type"] for _, body in told.came]


def fits(made: MadeWebhook, headers: dict[str, str], body: str) -> bool:
    """As a receiver checks it, with nothing but the secret."""
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    return headers["webhook-signature"] == "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()


def test_what_happens_is_told_once_signed_and_without_contents(house: House, told: Told) -> None:
    made = begun(house, told)
    task = house.task(house.file())
    verdict = judged(house, task)
    answered(house, task, verdict)
    effect(house, task, verdict)
    send(house)
    send(house)
    expected = ["decision.answer", "decision.effect", "decision.verdict", "task.decided", "task.opened"]
    assert sorted(kinds(told)) == expected
    for headers, body in told.came:
        assert fits(made, headers, body)
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 120
        assert json.loads(body)["id"] == headers["webhook-id"]
        assert json.loads(body)["case"] == task.case
        assert "389" not in body
        assert "ilse" not in body
    assert not fits(made, told.came[0][0], told.came[0][1] + " ")
    assert len({headers["webhook-id"] for headers, _ in told.came}) == len(told.came)


def test_what_was_not_heard_is_sent_again_with_the_same_id_and_the_dead_are_shown(house: House, told: Told) -> None:
    made = begun(house, told, "task.opened")
    house.task(house.file())
    told.answers = [500, 302, 503]
    for _ in range(3):
        send(house, tries=3)
    assert len({headers["webhook-id"] for headers, _ in told.came}) == 1
    assert len(told.came) == 3
    dead = register.deliveries(orla(house), made.webhook.id, "dead")
    assert [(one.kind, one.tries, one.words) for one in dead] == [("task.opened", 3, "answered 503")]
    assert register.listed(orla(house))[0].dead == 1
    send(house)
    assert len(told.came) == 3
    register.send_again(orla(house), made.webhook.id, dead[0].event)
    send(house)
    assert register.deliveries(orla(house), made.webhook.id)[0].status == "delivered"


def test_the_pause_grows_with_every_attempt(house: House, told: Told) -> None:
    pacing = Pacing(first=5, longest=100)
    pauses = [pacing.pause(tries) for tries in range(1, 9)]
    assert 4 <= pauses[0] <= 6
    assert 16 <= pauses[2] <= 24
    assert max(pauses) <= 120


def test_on_postgresql_too_everything_is_told_once_by_however_many_senders(
    postgres_database: Database, tmp_path: Path, told: Told
) -> None:
    house = told_house(postgres_database, tmp_path / "home")
    made = begun(house, told)
    told.answers = [503]
    task = house.task(house.file())
    effect(house, task, judged(house, task))
    Tokens(house.engine).make(ORLA, "post", ["api-intake"])
    begun(house, told, owner="integration:post")  # may look at no case
    rivals(house)
    assert {one.status for one in register.deliveries(orla(house), made.webhook.id)} == {"delivered", "waiting"}
    send(house)
    house.task(house.file("Toaster"))
    rivals(house)
    ids = [headers["webhook-id"] for headers, _ in told.came]
    assert sorted(set(kinds(told))) == ["decision.effect", "decision.verdict", "task.opened"]
    assert len(set(ids)) == len(ids) - 1  # the one that was not heard came twice
    assert all(fits(made, headers, body) for headers, body in told.came)
    assert register.listed(orla(house))[-1].waiting == 0
    register.end(orla(house), made.webhook.id)
    house.task(house.file("Iron"))
    send(house)
    assert len(told.came) == len(ids)


@pytest.mark.long
def test_a_process_that_dies_while_sending_leaves_nothing_untold(house: House, told: Told) -> None:
    begun(house, told, "task.opened")
    house.task(house.file())
    told.silent = True
    script = [sys.executable, "-m", "tests.integration.killed_webhooks", str(house.home), house.database.url]
    sender = subprocess.Popen(script, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        assert told.heard.wait(240)
    finally:
        sender.kill()
        sender.wait(30)
    told.silent = False
    send(house)
    (first, one), (second, other) = told.came[0], told.came[-1]
    assert len(told.came) >= 2
    assert (first["webhook-id"], one) == (second["webhook-id"], other)
    assert kinds(told)[-1] == "task.opened"


def test_a_taken_event_is_taken_again_when_its_sender_is_never_heard_of_again(house: House, told: Told) -> None:
    begun(house, told, "task.opened")
    house.task(house.file())
    notice(house.bench)
    sender = Webhooks(house.bench, Pacing(patience=2))
    assert [sender._take(row) for row in sender._due()] == [True]  # and dies here
    assert sender._due() == []
    send(house)
    assert kinds(told) == ["task.opened"]


def test_a_webhook_hears_only_of_cases_that_its_owner_may_look_at(house: House, told: Told) -> None:
    Tokens(house.engine).make(ORLA, "post", ["api-intake"])
    begun(house, told, owner="integration:post")
    house.task(house.file())
    send(house)
    assert kinds(told) == []
    Tokens(house.engine).make(ORLA, "shop", ["api-reader"])
    begun(house, told, "task.opened", owner="integration:shop")
    house.task(house.file("Toaster"))
    send(house)
    assert kinds(told) == ["task.opened"]


def test_an_ended_webhook_hears_nothing_more(house: House, told: Told) -> None:
    made = begun(house, told)
    house.task(house.file())
    notice(house.bench)
    register.end(orla(house), made.webhook.id)
    house.task(house.file("Toaster"))
    send(house)
    assert told.came == []


def test_secrets_stand_in_no_table_no_row_and_no_log(house: House, told: Told, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="baton")
    made = begun(house, told)
    told.answers = [500] * 9
    house.task(house.file())
    send(house, tries=1)
    kept = str([row.model_dump() for row in house.engine.ledger.scan()])
    with house.database.read() as connection:
        for table in ("console_webhook", "console_delivery"):
            kept += str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
    assert "webhook:dead" in caplog.text
    assert made.secret not in kept + caplog.text
    assert made.secret.removeprefix("whsec_") not in kept + caplog.text
    assert "hush" not in caplog.text


def test_only_whoever_keeps_the_accounts_makes_one_and_names_events_that_there_are(house: House, told: Told) -> None:
    marta = house.browser("marta")
    refused = marta.client.post("/api/v1/webhooks", json={"url": told.url}, headers={"X-CSRF-Token": marta.token})
    assert refused.status_code == 403
    with pytest.raises(BadTarget, match=KINDS[0]):
        begun(house, told, "case.invented")


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/", "https://user:word@shop.example/", "ftp://shop.example/", "https:///nowhere", "https://shop.example/#x",
        "https://shop.example:99999/", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(BadTarget):
        parsed(url, inside=False)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "[::ffff:127.0.0.1]",
        "[fd00::1]", "[64:ff9b::7f00:1]", "2130706433", "224.0.0.1", "100.64.0.1",
    ],
)  # fmt: skip
async def test_a_webhook_never_leads_inside_unless_a_setting_says_so(host: str) -> None:
    with pytest.raises(BadTarget):
        await resolved(f"https://{host}/hook", inside=False)


async def test_the_address_that_was_looked_at_is_the_one_that_is_called() -> None:
    found = await resolved("http://localhost:8123/hook?key=1", inside=True)
    assert found.url in ("http://127.0.0.1:8123/hook?key=1", "http://[::1]:8123/hook?key=1")
    assert (found.host, found.name) == ("localhost:8123", "localhost")
