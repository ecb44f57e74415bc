"""A signed-in person through the running product: the authorizer before the routes, and a socket of his own."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from infra.local.product import Product
from tests.support import signed_session

pytestmark = pytest.mark.xdist_group("product")
TICKETS = "/v1/messengers/chat/own-tickets"
HELLO = json.dumps({"v": 1, "system": "messengers", "action": "chat.hello", "id": "f1", "seq": 1, "data": {}})


@pytest.fixture(scope="module")
def person(product: Product) -> dict[str, Any]:
    """Somebody with a session."""
    return signed_session.run(product.environment)


def ask(product: Product, authorization: str | None) -> httpx.Response:
    """The answer to the wish for a ticket."""
    headers = {} if authorization is None else {"Authorization": authorization}
    return httpx.post(product.base_url + TICKETS, json={"master": "anna"}, headers=headers, timeout=30)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Bearer nonsense",
        "Basic b2xnYTpzZWNyZXQ=",
        "Bearer svz_live_0190000000007000800000000000000f_" + "k" * 43,
        "Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.e30.",
    ],
)
def test_nobody_else_gets_in(product: Product, authorization: str | None) -> None:
    """PLAT-33."""
    answer = ask(product, authorization)
    assert (answer.status_code, answer.json()["type"]) == (401, "/docs#unauthorized")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_signed_in_person_opens_a_chat_of_his_own(product: Product, person: dict[str, Any]) -> None:
    """PLAT-4, PLAT-31."""
    ticket = ask(product, f"Bearer {person['access_token']}").json()
    address = f"{ticket['websocket_url']}?ticket={ticket['ticket']}"
    with connect(address) as socket:
        socket.send(HELLO)
        assert json.loads(socket.recv(timeout=20))["action"] == "chat.history"
    with pytest.raises(InvalidStatus, match="401"), connect(address):
        raise AssertionError("a ticket opened two connections")


@pytest.mark.deep
def test_what_a_session_gave_out_ends_within_a_minute_of_it(product: Product) -> None:
    """PLAT-31."""
    person = signed_session.run(product.environment)
    bearer = f"Bearer {person['access_token']}"
    ticket = ask(product, bearer).json()
    with connect(f"{ticket['websocket_url']}?ticket={ticket['ticket']}") as socket:
        signed_session.run(product.environment, person["user_id"], person["session_id"])
        began = time.monotonic()
        while ask(product, bearer).status_code != 401:
            assert time.monotonic() - began < 60
            time.sleep(0.5)
        time.sleep(16)  # another process of the product may just have read the list
        socket.send(HELLO)
        assert json.loads(socket.recv(timeout=20))["data"]["kind"] == "unauthorized"
