"""What the first page would otherwise wait for: the nets that read, and what the token reader learned."""

import logging
import threading

from baton.documents.engine import ready
from baton.errors import BatonError
from baton.readers.tokens.home import shipped_model

_log = logging.getLogger("baton.documents")


def warm_up() -> threading.Thread:
    """Gets ready to read, aside; who needs a page meanwhile waits no longer than without it. Ends with the process."""
    aside = threading.Thread(target=_get_ready, name="warm-up", daemon=True)
    aside.start()
    return aside


def _get_ready() -> None:
    try:
        ready()
        shipped_model()
    except (BatonError, OSError) as error:  # the first page will say so to whom it concerns
        _log.warning("not ready to read: %s", error)
