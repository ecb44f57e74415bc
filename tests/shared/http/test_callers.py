"""Whose address a request comes from."""

from __future__ import annotations

import pytest

from shared import aws as clients
from shared import secrets
from shared.http.callers import address
from shared.secrets import secret

pytestmark = pytest.mark.usefixtures("aws")
EDGE = "198.51.100.9"


def test_our_edge_tells_the_callers_address() -> None:
    """PLAT-34: strangers behind one edge do not share a limit."""
    headers = {"x-svyaz-edge": secret("keys/edge"), "x-forwarded-for": f"6.6.6.6, 203.0.113.7, {EDGE}"}
    assert address(EDGE, headers) == "203.0.113.7"


@pytest.mark.parametrize("key", ["", "made-up", "я"])
def test_nobody_else_does(key: str) -> None:
    """A caller cannot choose the address that he is limited by."""
    assert address(EDGE, {"x-svyaz-edge": key, "x-forwarded-for": "203.0.113.7, 1.1.1.1"}) == EDGE
    assert address(EDGE, {"x-forwarded-for": "203.0.113.7, 1.1.1.1"}) == EDGE


def test_an_edge_that_tells_nothing_is_the_caller() -> None:
    assert address(EDGE, {"x-svyaz-edge": secret("keys/edge")}) == EDGE


def test_a_stage_without_an_edge_believes_nobody() -> None:
    secrets.forget()
    clients.client("ssm").delete_parameter(Name=secrets.path("keys/edge"))
    try:
        assert address(EDGE, {"x-svyaz-edge": "any", "x-forwarded-for": "203.0.113.7, 1.1.1.1"}) == EDGE
    finally:
        clients.client("ssm").put_parameter(
            Name=secrets.path("keys/edge"), Value="a test's keys/edge", Type="SecureString"
        )
