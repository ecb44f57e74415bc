"""Whose address a request comes from: behind CloudFront API Gateway sees only the edge's."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from shared.errors import SettingsInvalid
from shared.secrets import secret

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


def _is_edge(given: str) -> bool:
    """Whether the key is that of our edge; a stage without an edge has none."""
    try:
        key = secret(EDGE_KEY)
    except SettingsInvalid:
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), key.encode())
