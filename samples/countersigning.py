"""Plays the customers who sign by a personal link: they find it in the letter, as people do, and say what their story says.

The demo calls `countersign(runtime, home)` again and again; whoever has signed is left alone.
"""

import re
from email import message_from_bytes, policy
from functools import lru_cache
from pathlib import Path
from typing import Any

from baton.countersigning import Countersigning
from baton.links import LinkOver
from baton.runtime.bootstrap import Runtime
from baton.runtime.connect import connect
from samples.story import Story, load_stories

_LINK = re.compile(r"/sign/([0-9a-f]{64}\.[A-Za-z0-9_-]{43})")
_answered: set[Path] = set()


async def countersign(runtime: Runtime, home: Path) -> None:
    """Answer every link that has come since the last call."""
    for letter in sorted(set((home / "outbox").glob("*.eml")) - _answered):
        _answered.add(letter)
        found, recipient = _link_in(letter)
        story = _signer(recipient) if found else None
        if found and story and story.countersign:
            desk = Countersigning(runtime.database, runtime.documents, home, lambda: connect(runtime.settings))
            said = story.countersign
            try:
                await desk.say(found, said.says, said.name, said.reason)
            except LinkOver:
                continue  # signed already, or the case has ended: a reminder came late


def _link_in(letter: Path) -> tuple[str, str]:
    """The link in a letter, empty where there is none, and whom it was sent to."""
    mail: Any = message_from_bytes(letter.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    match = _LINK.search(body.get_content()) if body is not None else None
    return match[1] if match else "", mail["To"].addresses[0].addr_spec.lower()


@lru_cache(maxsize=64)
def _signer(address: str) -> Story | None:
    """Whose story it is."""
    stories = (story for story in load_stories() if story.countersign)
    return next((story for story in stories if f"<{address}>" in story.sender.lower()), None)
