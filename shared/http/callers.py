"""Who a request comes from: whether he may call the route, and his address behind our edge."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from shared.errors import Forbidden, SecondFactorRequired, SettingsInvalid
from shared.http.operations import Operation
from shared.identity import Caller
from shared.rights import SIGNED_IN

EDGE_HEADER = "x-svyaz-edge"
EDGE_KEY = "keys/edge"
FORWARDED_HEADER = "x-forwarded-for"
HOPS = 2


def address(source_ip: str, headers: Mapping[str, str]) -> str:
    """The caller's address: what our own edge saw, where its key proves that it was ours, else what API Gateway saw.

    Shape: the edge writes the caller last into `X-Forwarded-For`, API Gateway adds the edge behind it.
    """
    given = headers.get(EDGE_HEADER)
    if given is None or not _is_edge(given):
        return source_ip
    hops = [hop.strip() for hop in headers.get(FORWARDED_HEADER, "").split(",")]
    return hops[-HOPS] if len(hops) >= HOPS else source_ip


def admitted(operation: Operation, context: Mapping[str, Any]) -> Caller | None:
    """The caller of a route, as the authorizer told of him; None where the route is public.

    Raises: Unauthorized without one, SecondFactorRequired, Forbidden without the right that the route needs.
    """
    if operation.is_public:
        return None
    caller = Caller.from_context(context)
    if caller.needs_second_factor and operation.access != SIGNED_IN:
        raise SecondFactorRequired(
            "Your role here needs a second factor. Set it up in your profile, then sign in anew."
        )
    if not caller.may(operation.access):
        raise Forbidden("You may not do this.")
    return caller


def _is_edge(given: str) -> bool:
    """Whether the key is that of our edge; a stage without an edge has none."""
    from shared.secrets import secret  # noqa: PLC0415  # needs AWS's library, which a function of pages never loads

    try:
        key = secret(EDGE_KEY)
    except SettingsInvalid:
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), key.encode())
