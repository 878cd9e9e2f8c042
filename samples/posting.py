"""Sample stories as e-mail messages (RFC 5322), the same bytes for the same day."""

from base64 import b64encode
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from string import Template

from samples.attachments import File, attached
from samples.records import Sales
from samples.story import INBOX, Attachment, Story, load_story
from samples.wording import month, printed_amount, spoken_date

CARE = "Wrenfield & Oake Care <care@wrenfield-oake.example>"
_REPLIED_AT = time(23, 10)


def message_id(story: Story, today: date, part: str = "") -> str:
    """The Message-ID of a story's message; with `part="reply"`, of the reply."""
    domain = parseaddr(story.sender)[1].rpartition("@")[2]
    return f"<{story.name}{'.' + part if part else ''}.{today:%Y%m%d}@{domain}>"


def first_message(story: Story, today: date, sales: Sales) -> bytes:
    """The message that opens the case."""
    if story.same_as:
        return _again(story, first_message(load_story(INBOX / f"{story.same_as}.toml"), today, sales))
    mail = _envelope(story, _filled(story, story.subject, sales), _on(today, story.at), message_id(story, today))
    if story.threads:
        mail["In-Reply-To"] = mail["References"] = message_id(load_story(INBOX / f"{story.threads}.toml"), today)
    return _sealed(mail, story, story.body, story.attachments, sales)


def reply_message(story: Story, today: date, sales: Sales) -> bytes:
    """What the customer writes back when asked; it answers the first message's thread."""
    assert story.reply is not None
    subject = _filled(story, story.reply.subject or f"Re: {story.subject}", sales)
    mail = _envelope(story, subject, _on(today, _REPLIED_AT), message_id(story, today, "reply"))
    mail["In-Reply-To"] = mail["References"] = message_id(story, today)
    return _sealed(mail, story, story.reply.body, story.reply.attachments, sales)


def _again(story: Story, mail: bytes) -> bytes:
    """The very same message, as a second mail server hands it on."""
    return f"Received: from relay.example by mx.wrenfield-oake.example with ESMTP id {story.name}\r\n".encode() + mail


def _envelope(story: Story, subject: str, at: datetime, identifier: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = story.sender, CARE
    if subject:
        mail["Subject"] = subject
    mail["Date"], mail["Message-ID"] = format_datetime(at), identifier
    return mail


def _sealed(mail: EmailMessage, story: Story, body: str, specs: tuple[Attachment, ...], sales: Sales) -> bytes:
    mail.set_content(_filled(story, body, sales))
    files = [attached(spec, story.order, sales, story.deal) for spec in specs]
    for file in files:
        kind, _, subtype = file.media_type.partition("/")
        mail.add_attachment(_mark(file), maintype=kind, subtype=subtype, filename=file.name)
    if files:
        mail.set_boundary(f"=_{story.name}_=")  # a random one would make every run another file
    return _with_contents(mail.as_bytes(), files)


def _with_contents(mail: bytes, files: list[File]) -> bytes:
    """The files in place of their marks: the standard library takes seconds over the lines of 30 MB."""
    for file in files:
        mail = mail.replace(b64encode(_mark(file)), _in_lines(b64encode(file.content)))
    return mail


def _mark(file: File) -> bytes:
    return f"content of {file.name}"[:57].encode()


def _in_lines(text: bytes) -> bytes:
    return b"\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))


def _filled(story: Story, text: str, sales: Sales) -> str:
    """The text with `${purchased}`, `${month}`, `${serial}`, `${product}`, `${paid}` and `${receipt}` of its order."""
    if story.order is None:
        return text
    sale = sales.of(story.order)
    return Template(text).substitute(
        purchased=spoken_date(sale.purchased, story.language),
        month=month(sale.purchased, story.language),
        serial=sale.serial,
        product=sale.product,
        paid=printed_amount(sale.paid, story.language),
        receipt=sale.receipt_number,
    )


def _on(today: date, at: time) -> datetime:
    """The evening before: the mail that waits when the day begins."""
    return datetime.combine(today - timedelta(days=1), at, tzinfo=UTC)
