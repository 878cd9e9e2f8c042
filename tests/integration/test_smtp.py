"""Letters over a real mail server, and what is known of them when it breaks."""

import asyncio
import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from activities import mail
from activities.mail.envelope import From
from activities.mail.facts import letter_facts
from activities.mail.letters import Letters
from activities.mail.models import Letter
from activities.mail.smtp import LetterRefused, Server, Smtp, Unencrypted
from activities.systems import forget, use
from activities.systems import mail as chosen_mail
from baton.governance.declare import FateUnknown
from tests.integration.small_company import SmallCompany, about, at_work, permit, write_files

ACKNOWLEDGE = Letter(template="acknowledge")


class Postbox:
    """A mail server's inside: keeps letters, and misbehaves as told."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []
        self.mood = "kind"

    async def handle_RCPT(  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        match self.mood:
            case "refuses":
                return "550 5.1.1 no such mailbox"
            case "busy":
                return "451 4.3.2 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.mood == "full":
            return "552 5.2.2 mailbox full"
        self.letters.append(envelope)
        if self.mood == "dies":
            assert server.transport is not None
            server.transport.abort()  # it has the letter, and nobody hears that it does
        return "250 OK"


@contextmanager
def serving(postbox: Postbox, **options: object) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        controller.stop()


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postbox: Postbox) -> Iterator[SmallCompany]:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    url = f"sqlite:///{tmp_path / 'company.db'}"
    with at_work(url, tmp_path) as opened, serving(postbox) as address, use(mail=smtp(opened, f"smtp://{address}")):
        yield opened


def smtp(company: SmallCompany, url: str) -> Smtp:
    return Smtp(Server.of(url), Letters(company.database), From(name="Service", address="service@company.example"))


async def test_a_letter_leaves_once(company: SmallCompany, postbox: Postbox) -> None:
    sent = await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    assert await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about()) == sent
    assert await chosen_mail().look_up("d-1") == sent
    assert await chosen_mail().look_up("d-2") is None
    (letter,) = postbox.letters
    assert (letter.mail_from, letter.rcpt_tos) == ("service@company.example", ["ada.winter@mail.example"])
    assert isinstance(letter.content, bytes)
    assert b"Subject: We have your message [WC-1]" in letter.content
    assert (await letter_facts(ACKNOWLEDGE, about())).letters_today == 1


async def test_a_letter_whose_server_died_after_it_had_it_is_never_sent_again(company: SmallCompany, postbox: Postbox) -> None:
    postbox.mood = "dies"
    with pytest.raises(FateUnknown):
        await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    postbox.mood = "kind"
    with pytest.raises(FateUnknown, match="d-1"):
        await chosen_mail().look_up("d-1")
    with pytest.raises(FateUnknown):
        await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    assert len(postbox.letters) == 1


@pytest.mark.parametrize("mood", ["refuses", "full"])
async def test_a_letter_the_server_refuses_has_not_left(company: SmallCompany, postbox: Postbox, mood: str) -> None:
    postbox.mood = mood
    with pytest.raises(LetterRefused, match=r"55\d"):
        await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    assert await chosen_mail().look_up("d-1") is None
    assert postbox.letters == []


async def test_a_busy_server_is_a_fault_that_passes(company: SmallCompany, postbox: Postbox) -> None:
    postbox.mood = "busy"
    with pytest.raises(smtplib.SMTPResponseException):  # no error of ours: the step is tried again
        await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    postbox.mood = "kind"
    await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    assert len(postbox.letters) == 1


async def test_a_server_that_is_away_is_a_fault_that_passes(company: SmallCompany, postbox: Postbox) -> None:
    with serving(Postbox()) as gone:
        pass
    with use(mail=smtp(company, f"smtp://{gone}")), pytest.raises(OSError, match="refused"):
        await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
    assert len(postbox.letters) == 1


async def test_two_at_once_under_one_key_send_one_letter(company: SmallCompany, postbox: Postbox) -> None:
    permits = [permit(ACKNOWLEDGE, key="d-1") for _ in range(4)]
    found = await asyncio.gather(*(mail.send_letter(ACKNOWLEDGE, leave, about()) for leave in permits), return_exceptions=True)
    assert len(postbox.letters) == 1
    assert {type(each).__name__ for each in found} <= {"Sent", "FateUnknown"}


async def test_a_user_signs_in(company: SmallCompany) -> None:
    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=(data.login, data.password) == (b"baton", b"p@ss:word"), handled=False)

    options = {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    postbox = Postbox()
    with serving(postbox, **options) as address:
        with use(mail=smtp(company, f"smtp://baton:p%40ss%3Aword@{address}")):
            await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-1"), about())
        with use(mail=smtp(company, f"smtp://baton:wrong@{address}")), pytest.raises(smtplib.SMTPAuthenticationError):
            await mail.send_letter(ACKNOWLEDGE, permit(ACKNOWLEDGE, key="d-2"), about())
    assert len(postbox.letters) == 1


@pytest.mark.parametrize(
    ("url", "port", "tls", "starttls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtps://user:secret@mail.example", 465, True, False),
        ("smtp://user:secret@mail.example?starttls=1", 587, False, True),
        ("smtp://user:secret@mail.example:2525/?starttls=1", 2525, False, True),
    ],
)
def test_a_server_is_named_by_an_address(url: str, port: int, tls: bool, starttls: bool) -> None:
    server = Server.of(url)
    assert (server.host, server.port, server.tls, server.starttls) == ("mail.example", port, tls, starttls)


def test_a_password_never_travels_in_the_clear() -> None:
    with pytest.raises(Unencrypted, match="starttls"):
        Server.of("smtp://user:secret@mail.example")


def test_the_environment_chooses_between_server_and_outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BATON_COMPANY_SEED", str(write_files(tmp_path / "seed")))
    forget()
    assert type(chosen_mail()).__name__ == "Outbox"
    forget()
    monkeypatch.setenv("BATON_SMTP_URL", "smtp://127.0.0.1:2525")
    assert type(chosen_mail()).__name__ == "Smtp"
    forget()
