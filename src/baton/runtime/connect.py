"""A client of the Temporal server that this project uses: the embedded one, or a cluster."""

import asyncio
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

from baton.errors import BatonError
from baton.runtime.lock import running_at
from baton.runtime.settings import Settings


class NotRunning(BatonError):
    """Nothing answers: Baton is not up."""


def where(settings: Settings, address: str | None = None) -> dict[str, Any]:
    """What to connect to: `address` when given, else the cluster of the settings, else the `baton up` of this home."""
    if settings.uses_cluster:
        return {**_profile(settings), **({"target_host": address} if address else {})}
    found = None if address else running_at(settings.home)
    if not address and not found:
        raise NotRunning(f"Baton is not running on `{settings.home}`: start it with `baton up`")
    return {"target_host": address or (found and found.address), "namespace": settings.temporal_namespace or "default"}


async def connect(settings: Settings, address: str | None = None, **more: Any) -> Client:
    """A connected client. Raises `NotRunning` saying what to do."""
    target = where(settings, address)
    try:
        return await asyncio.wait_for(
            Client.connect(**target, data_converter=pydantic_data_converter, **more), settings.start_seconds
        )
    except (RuntimeError, TimeoutError, RPCError) as error:
        raise NotRunning(
            f"no Temporal server answers on `{target['target_host']}`: {str(error)[:200]}; run `baton doctor`"
        ) from error


def _profile(settings: Settings) -> dict[str, Any]:
    """The profile of temporal.toml, under the variables that Temporal's own tools read."""
    try:
        profile = ClientConfig.load_client_connect_config(profile=settings.temporal_profile)
    except RuntimeError as error:
        raise NotRunning(f"Temporal profile `{settings.temporal_profile or 'default'}` cannot be read: {error}") from error
    target: dict[str, Any] = {"namespace": "default", **profile}
    if settings.temporal_address:
        target["target_host"] = settings.temporal_address
    if settings.temporal_namespace:
        target["namespace"] = settings.temporal_namespace
    if not target.get("target_host"):
        raise NotRunning(f"Temporal profile `{settings.temporal_profile}` names no address: set TEMPORAL_ADDRESS")
    return target
