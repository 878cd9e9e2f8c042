"""An e-mail that brings a file."""

from email.message import EmailMessage


def mail_with(data: bytes, name: str) -> bytes:
    """The e-mail as it came."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = "ann@home.example", "care@shop.example", "Broken", "<1@home>"
    made.set_content("My toaster broke.")
    made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(made)
