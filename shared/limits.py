"""Limits of how often somebody may ask, counted in DynamoDB in fixed windows of time."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from pynamodb.attributes import NumberAttribute

from shared.clock import epoch_s, now
from shared.errors import TooManyRequests
from shared.keys import lookup_key
from shared.tables import Table

IPV6_NETWORK_BITS: Final = 64


class Counter(Table):
    """How often something happened in one window."""

    class Meta:
        """The shared table."""

        name = "counters"

    number = NumberAttribute(default=0)


def source(address: str) -> str:
    """Whom a network address stands for: an IPv6 user has a whole network of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network((found, IPV6_NETWORK_BITS), strict=False)) if isinstance(found, IPv6Address) else str(found)


def spend(what: str, address: str, calls: int, per_s: int) -> None:
    """Counts one call of an address.

    Units: `per_s` is the length of the window in seconds.
    Raises: TooManyRequests with the seconds until the window ends.
    """
    moment = epoch_s(now())
    window = moment // per_s
    counter = Counter(f"limit#{what}#{lookup_key('address', address)}", str(window))
    ends = (window + 1) * per_s
    counter.update([Counter.number.add(1), Counter.expires_at.set(ends + per_s)])
    if counter.number > calls:
        raise TooManyRequests("Too many requests from this address.", retry_after_s=max(1, ends - moment))
