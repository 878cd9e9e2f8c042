"""The doors, each with a real server on the other side: what comes is filed once, and nothing stops a door."""

import asyncio
import imaplib
import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from baton.doors import taking as taking_module
from baton.doors.folder import take_all
from baton.doors.imap import MailboxTrouble, opened
from baton.doors.polling import _take_all, keep_looking
from baton.doors.smtp import drop
from baton.runtime.settings import load
from tests.integration.door_house import Front, mail, open_front

pytestmark = pytest.mark.asyncio(loop_scope="module")
GARBAGE = b"\xff\xfe\x00From: \r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\x00--" + os.urandom(500)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def front(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Front]:
    async with open_front(tmp_path_factory.mktemp("front")) as found:
        yield found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def mailbox() -> Iterator[str]:
    """A mailbox on a real IMAP server."""
    port = free_port()
    code = "import sys; from pymap.main import main; sys.exit(main())"
    options = ["--no-service", "admin", "--no-service", "managesieve", "--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    server = subprocess.Popen([sys.executable, "-c", code, *options, "dict", "--demo-data"])
    try:
        _wait_for(port)
        yield f"imap://demouser:demopass@127.0.0.1:{port}/INBOX"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError("the mail server did not come up")


def put(url: str, *messages: bytes) -> None:
    port = int(url.rpartition(":")[2].partition("/")[0])
    with imaplib.IMAP4("127.0.0.1", port) as server:
        server.login("demouser", "demopass")
        for message in messages:
            server.append("INBOX", "", imaplib.Time2Internaldate(time.time()), message)


async def test_mail_is_taken_from_a_mailbox_once_and_stays_there(front: Front, mailbox: str) -> None:
    await _take_all(mailbox, front.taking)  # what the server brings along
    before = front.arrived()
    put(mailbox, mail("My kettle broke.", id="imap-1"), mail("Where is my parcel?", id="imap-2"))
    looked = await _take_all(mailbox, front.taking)
    assert (looked.taken, looked.known) == (2, 0)
    assert front.arrived() == before + 2
    assert (await _take_all(mailbox, front.taking)).taken == 0
    with opened(mailbox) as box:
        assert box.fresh() == []


async def test_mail_that_was_taken_and_not_marked_is_known_at_the_next_look(front: Front, mailbox: str) -> None:
    raw = mail("The mixer smokes.", id="imap-3")
    await front.taking.take(raw, "imap")
    put(mailbox, raw)
    looked = await _take_all(mailbox, front.taking)
    assert (looked.taken, looked.known) == (0, 1)


async def test_a_mailbox_that_refuses_us_says_so(mailbox: str) -> None:
    with pytest.raises(MailboxTrouble, match="check BATON_IMAP_URL"), opened(mailbox.replace("demopass", "wrong")):
        pass
    with pytest.raises(MailboxTrouble, match="no folder `Nowhere`"), opened(mailbox.replace("INBOX", "Nowhere")):
        pass


async def test_the_server_is_asked_to_look_every_so_often_and_asked_twice_keeps_one_schedule(front: Front, mailbox: str) -> None:
    for seconds in (60, 30):
        settings = load(home=str(front.home), imap_url=mailbox, imap_seconds=seconds)
        await keep_looking(front.client, settings)
    schedule = (await front.client.get_schedule_handle("baton-mailbox").describe()).schedule
    assert [interval.every for interval in schedule.spec.intervals] == [timedelta(seconds=30)]


async def test_a_mail_server_hands_messages_on_and_hears_when_they_are_safe(front: Front) -> None:
    port = free_port()
    server = await drop(front.taking, f"127.0.0.1:{port}")
    try:
        before = front.arrived()
        for raw in (mail("One.", id="smtp-1"), mail("One.", id="smtp-1"), mail("Two.", id="smtp-2")):
            await asyncio.to_thread(_hand_on, port, raw)
        assert front.arrived() == before + 2
    finally:
        server.close()


async def test_what_cannot_be_taken_just_now_is_not_lost_by_its_sender(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise OSError("the disk is full")

    port = free_port()
    server = await drop(front.taking, f"127.0.0.1:{port}")
    try:
        with monkeypatch.context() as patched:
            patched.setattr(taking_module, "receive", fails)
            with pytest.raises(smtplib.SMTPDataError) as refused:
                await asyncio.to_thread(_hand_on, port, mail("Three.", id="smtp-3"))
        assert refused.value.smtp_code == 451
        await asyncio.to_thread(_hand_on, port, mail("Three.", id="smtp-3"))
    finally:
        server.close()


def _hand_on(port: int, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        client.sendmail("ann@mail.example", ["office@company.example"], raw)


async def test_a_folder_is_emptied_into_its_own_taken_folder(front: Front, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail("From a folder.", id="folder-1"))
    (tmp_path / "b.eml").write_bytes(GARBAGE)
    (tmp_path / "notes.txt").write_text("no message")
    assert await take_all(tmp_path, front.taking, settled=0) == 2
    assert sorted(file.name for file in (tmp_path / "taken").iterdir()) == ["a.eml", "b.eml"]
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["notes.txt"]


async def test_a_file_that_is_still_being_written_is_left_alone(front: Front, tmp_path: Path) -> None:
    (tmp_path / "half.eml").write_bytes(mail("Not done ye"))
    assert await take_all(tmp_path, front.taking, settled=3600) == 0


# Filed once


async def test_the_same_message_by_two_servers_is_one(front: Front) -> None:
    raw = mail("The same words.", id="twice")
    first = await front.taking.take(b"Received: from a.example by b.example\r\n" + raw, "smtp")
    second = await front.taking.take(b"Received: from c.example by d.example\r\n" + raw, "imap")
    assert (first.how, second.how, second.case) == ("opened", "known", first.case)
    assert await front.started(first.case)


async def test_the_same_words_on_one_day_are_one_message_whatever_their_id(front: Front) -> None:
    first = await front.taking.take(mail("Pressed send twice.", id="press-1"), "smtp")
    second = await front.taking.take(mail("Pressed send twice.", id="press-2"), "smtp")
    assert (second.how, second.case) == ("known", first.case)


async def test_another_message_under_a_taken_id_is_not_lost(front: Front) -> None:
    first = await front.taking.take(mail("Said by Ann.", id="stolen"), "smtp")
    other = mail("Said by Bob.", id="stolen", sender="bob@mail.example")
    second = await front.taking.take(other, "smtp")
    again = await front.taking.take(other, "smtp")
    assert second.how == "opened"
    assert second.case not in (first.case,)
    assert (again.how, again.case) == ("known", second.case)
    assert front.message(second.case).problems == ("another message came under the same Message-ID before",)


async def test_a_message_without_an_id_is_known_by_its_content(front: Front) -> None:
    first = await front.taking.take(mail("No id here."), "folder")
    assert (await front.taking.take(mail("No id here."), "folder")).case == first.case


async def test_a_mail_that_no_parser_likes_is_filed_as_it_came(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RecursionError("a hundred thousand brackets")

    monkeypatch.setattr("baton.intake.file_message", breaks)
    worse = GARBAGE + b"((((("
    done = await front.taking.take(worse, "smtp")
    message = front.message(done.case)
    assert front.documents.read(message.source.id) == worse
    assert message.problems == ("no parser could read this message (RecursionError): look at the file as it came",)
    assert await front.started(done.case)


async def test_a_message_whose_door_died_before_the_server_had_it_is_started_when_it_is_brought_again(front: Front) -> None:
    raw = mail("Nearly lost.", id="nearly")

    async def dies(*_: object) -> None:
        raise ConnectionError("the server went away")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("baton.intake.start", dies)
        with pytest.raises(ConnectionError):
            await front.taking.take(raw, "smtp")
    again = await front.taking.take(raw, "smtp")
    assert again.how == "known"
    assert await front.started(again.case)
