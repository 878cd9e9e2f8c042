"""The default mail: over SMTP when `BATON_SMTP_URL` is set, else into the outbox of home."""

import os

from activities.company import company
from activities.company.settings import home
from activities.mail.envelope import From
from activities.mail.letters import Letters
from activities.mail.outbox import Outbox
from activities.mail.port import Mail
from activities.mail.smtp import Server, Smtp


def adapter() -> Mail:
    """Outgoing mail as this process's environment says."""
    letters, sender = Letters(company()), From.from_environment()
    url = os.environ.get("BATON_SMTP_URL")
    return Smtp(Server.of(url), letters, sender) if url else Outbox(home() / "outbox", letters, sender)
