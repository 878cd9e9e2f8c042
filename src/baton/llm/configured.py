"""Whether a language model is configured, asked without importing one."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from baton.llm.settings import ModelSettings, model_settings

if TYPE_CHECKING:
    from baton.llm.gateway import Gateway


def wanted() -> bool:
    """Whether the environment names a model at all."""
    return bool(os.environ.get("BATON_MODEL"))


def gateway() -> "Gateway | None":
    """This process's gateway, or None when no model is configured: then the offline readers do the work.

    Raises `ModelUnavailable`, naming the key, when what is configured makes no sense.
    """
    if not wanted():
        return None
    return _opened(model_settings())


@lru_cache(maxsize=8)
def _opened(settings: ModelSettings) -> "Gateway":
    # Here, because the client takes a second to import and most installations run without a model.
    from baton.llm.gateway import Gateway
    from baton.llm.scratch import scratch

    return Gateway(settings, scratch().answers)
