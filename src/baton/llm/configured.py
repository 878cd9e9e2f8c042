"""Whether a language model is configured, asked without importing one."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from baton.llm.redaction.table import Privacy
from baton.llm.settings import ModelSettings, model_settings

if TYPE_CHECKING:
    from baton.llm.gateway import Gateway
    from baton.llm.scratch import Scratch


def wanted() -> bool:
    """Whether the environment names a model at all."""
    return bool(os.environ.get("BATON_MODEL"))


def gateway() -> "Gateway | None":
    """This process's gateway, or None when no model is configured: then the offline readers do the work.

    Raises `ModelUnavailable`, naming the key, when what is configured makes no sense.
    """
    if not wanted():
        return None
    # Here, because these take a second to import and most installations run without a model.
    from baton.llm.scratch import scratch

    settings = model_settings()
    return _opened(settings, Privacy.at(settings.privacy), scratch())


@lru_cache(maxsize=8)
def _opened(settings: ModelSettings, privacy: Privacy, kept_in: "Scratch") -> "Gateway":
    """One for each endpoint, table of privacy and scratch store: answers of one project are no answers of another's."""
    from baton.llm.gateway import Gateway

    return Gateway(settings, privacy, kept_in.answers, kept_in.calls, kept_in.tokens)
