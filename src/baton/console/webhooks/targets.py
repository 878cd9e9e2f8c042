"""Where a webhook may lead: by HTTPS to a public address, which is looked up anew for every attempt and then held to."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from baton.errors import BatonError

_WRAPPED: Final = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"), ip_network("2001::/32"))
"""IPv6 that leads to an IPv4 address of somebody's choice."""


class BadTarget(BatonError):
    """A webhook may not lead there."""


class Target(NamedTuple):
    """One address to send to, and the name it has."""

    url: str
    """With the address instead of the name: nobody can change where it leads between the look and the call."""
    host: str
    name: str


def parsed(url: str, inside: bool) -> SplitResult:
    """The parts of a URL. Raises `BadTarget` for one that cannot be used."""
    try:
        parts = urlsplit(url)
        known = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        raise BadTarget("this is no address of a webhook: write it as in `https://shop.example/baton`") from None
    if parts.scheme != "https" and not (inside and parts.scheme == "http"):
        raise BadTarget("a webhook leads to an `https://` address; `BATON_WEBHOOKS_INSIDE=true` allows `http://`")
    if not known or parts.username is not None or parts.password is not None or parts.fragment or not url.isprintable():
        raise BadTarget("a webhook's address has a host, no name and password, and nothing after a `#`")
    return parts


async def resolved(url: str, inside: bool) -> Target:
    """Where it leads now. Raises `BadTarget` for a name that is not known or leads inside."""
    parts = parsed(url, inside)
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BadTarget(f"nobody knows the host `{host}`") from None
    addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not inside and not all(map(_public, addresses)):
        raise BadTarget(f"`{host}` leads to this machine or a private network: `BATON_WEBHOOKS_INSIDE=true` allows that")
    first = addresses[0]
    place = f"[{first}]:{port}" if first.version == 6 else f"{first}:{port}"
    name = parts.netloc if parts.port else host if ":" not in host else f"[{host}]"
    return Target(url=parts._replace(netloc=place).geturl(), host=name, name=host)


def _public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return _public(address.ipv4_mapped)
        if any(address in wrapped for wrapped in _WRAPPED):
            return False
    return address.is_global and not address.is_multicast
