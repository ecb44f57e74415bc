"""WebSockets through the gateway."""

from __future__ import annotations

import json
import socket
import struct
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from infra.local.frame_sizes import MAX_FRAME_BYTES
from infra.local.sockets import MAX_MESSAGE_BYTES, SocketLimits
from tests.infra.local.conftest import PATIENCE_S, Local


class Page:
    """A connection with a mark by which its events are found."""

    def __init__(self, local: Local, **query: str) -> None:
        self.local = local
        self.mark = uuid.uuid4().hex
        pairs = "&".join(f"{name}={value}" for name, value in {"mark": self.mark, **query}.items())
        self._opening = connect(f"{local.socket_url}?{pairs}", compression=None, max_size=None)
        self.wire: ClientConnection = self._opening.__enter__()

    @property
    def connection_id(self) -> str:
        """Its id."""
        opened = self.local.until_noted(
            "socket", lambda one: one.get("queryStringParameters", {}).get("mark") == self.mark
        )
        return str(opened[0]["requestContext"]["connectionId"])

    def close(self) -> None:
        """Closes the connection, if it is open."""
        self._opening.__exit__(None, None, None)

    def say(self, **frame: Any) -> None:
        """Sends a frame."""
        self.wire.send(json.dumps(frame))

    def hear(self) -> Any:
        """The next frame."""
        return json.loads(self.wire.recv(timeout=PATIENCE_S))

    def events(self, kind: str, number: int = 1) -> list[Any]:
        """Its events of a kind, as soon as there are so many."""
        wanted = self.connection_id

        def is_mine(one: Any) -> bool:
            context = one["requestContext"]
            return bool(context["connectionId"] == wanted and context["eventType"] == kind)

        return self.local.until_noted("socket", is_mine, number)

    def end_code(self) -> int:
        """The code that the server closes with."""
        with suppress(ConnectionClosed):
            while True:
                self.wire.recv(timeout=PATIENCE_S)
        assert self.wire.close_code is not None
        return self.wire.close_code


@pytest.fixture
def page(local: Local) -> Iterator[Page]:
    """An open connection."""
    opened = Page(local)
    yield opened
    opened.close()


def test_the_connect_event_has_the_documented_shape(page: Page) -> None:
    event = page.events("CONNECT")[0]
    context = event["requestContext"]
    assert event["queryStringParameters"] == {"mark": page.mark}
    assert event["multiValueQueryStringParameters"] == {"mark": [page.mark]}
    assert event["headers"]["Upgrade"] == "websocket"
    assert event["isBase64Encoded"] is False
    assert context.keys() == {
        *("routeKey", "eventType", "extendedRequestId", "requestTime", "requestTimeEpoch", "messageDirection", "stage"),
        *("connectedAt", "identity", "requestId", "domainName", "connectionId", "apiId"),
    }
    assert (context["routeKey"], context["messageDirection"]) == ("$connect", "IN")
    assert len(context["connectionId"]) == 16
    assert context["connectionId"].endswith("=")
    assert context["identity"]["sourceIp"] == "127.0.0.1"


def test_a_frame_goes_to_the_function_and_its_answer_comes_back(page: Page) -> None:
    page.say(n=1)
    assert page.hear() == {"heard": {"n": 1}}
    event = page.events("MESSAGE")[0]
    assert event["body"] == '{"n": 1}'
    assert event["requestContext"]["routeKey"] == "$default"
    assert event["requestContext"]["messageId"]
    assert "headers" not in event


def test_frames_of_a_connection_are_handled_in_order(page: Page) -> None:
    for number in range(20):
        page.say(n=number)
    assert [page.hear()["heard"]["n"] for _ in range(20)] == list(range(20))


def test_connections_reach_each_other(local: Local, page: Page) -> None:
    other = Page(local)
    page.say(to=other.connection_id)
    assert other.hear()["heard"]["to"] == other.connection_id
    other.close()


def test_a_closed_connection_is_gone(local: Local, page: Page) -> None:
    other = Page(local)
    other_id = other.connection_id
    other.close()
    other.events("DISCONNECT")
    page.say(to=other_id)
    assert page.hear() == {"gone": True}


def test_the_disconnect_event_tells_code_and_reason(local: Local) -> None:
    page = Page(local)
    page.wire.close(4001, "enough")
    event = page.events("DISCONNECT")[0]
    context = event["requestContext"]
    assert (context["routeKey"], context["disconnectStatusCode"], context["disconnectReason"]) == (
        "$disconnect",
        4001,
        "enough",
    )
    assert event["headers"].keys() == {"Host", "x-api-key", "X-Forwarded-For", "x-restapi"}


def test_a_connection_that_breaks_is_a_disconnect_too(local: Local) -> None:
    page = Page(local)
    page.wire.socket.close()
    assert page.events("DISCONNECT")[0]["requestContext"]["disconnectStatusCode"] == 1006


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_refused_connection_gets_the_functions_status(local: Local, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Page(local, status=str(status))
    assert refused.value.response.status_code == status


def test_a_connection_whose_function_fails_is_refused(local: Local) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Page(local, status="none")
    assert refused.value.response.status_code == 502


def test_a_function_that_fails_is_told_to_the_page_without_its_words(page: Page) -> None:
    page.say(**{"raise": True})
    told = page.hear()
    assert told.keys() == {"message", "connectionId", "requestId"}
    assert (told["message"], told["connectionId"]) == ("Internal server error", page.connection_id)
    page.say(n=2)
    assert page.hear() == {"heard": {"n": 2}}


def test_messages_up_to_the_limits_pass(page: Page) -> None:
    text = json.dumps({"pad": "x" * (MAX_FRAME_BYTES - 20)})
    page.wire.send(text)
    assert page.hear()["heard"]["pad"]
    room = MAX_MESSAGE_BYTES - 40
    pieces = ['{"pad": "'] + ["x" * 30_000] * (room // 30_000) + ['"}']
    page.wire.send(iter(pieces))
    assert len(page.hear()["heard"]["pad"]) == 30_000 * (room // 30_000)


def test_a_frame_over_the_limit_closes_the_connection(page: Page) -> None:
    page.wire.send("x" * (MAX_FRAME_BYTES + 1))
    assert page.end_code() == 1009


def test_frames_sent_before_the_handshake_is_answered_count_too(local: Local) -> None:
    port = local.runtime.port
    head = f"GET /ws?mark=early HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    frames = (
        struct.pack("!BB4s", 0x81, 0x82, b"\0\0\0\0") + b"{}" + struct.pack("!BBQ", 0x81, 0xFF, MAX_FRAME_BYTES + 1)
    )
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as raw:
        raw.sendall((head + key).encode() + frames)
        heard = b""
        while piece := raw.recv(4096):
            heard += piece
            if b"\x88" in heard:
                break
    assert heard.partition(b"\x88")[2][1:3] == struct.pack("!H", 1009)


def test_a_message_over_the_limit_closes_the_connection(page: Page) -> None:
    with suppress(ConnectionClosed):  # it may come while the rest is still being sent
        page.wire.send(iter(["x" * 30_000] * 5))
    assert page.end_code() == 1009


def test_binary_frames_are_refused(page: Page) -> None:
    page.wire.send(b"\x00")
    assert page.end_code() == 1003


def test_pings_are_answered(page: Page) -> None:
    assert page.wire.ping(b"there?").wait(PATIENCE_S)


def test_an_idle_connection_is_closed(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local.runtime.wakers.sockets, "_limits", SocketLimits(idle_s=0.2))
    page = Page(local)
    assert page.end_code() == 1001
    assert page.events("DISCONNECT")[0]["requestContext"]["disconnectReason"] == "Going away"


def test_a_connection_that_is_used_stands_until_its_time_is_over(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local.runtime.wakers.sockets, "_limits", SocketLimits(idle_s=0.6, life_s=1.2))
    page = Page(local)
    page.connection_id  # noqa: B018  # the handshake is over
    started = time.monotonic()
    with suppress(ConnectionClosed):
        while True:
            page.say(n=1)
            page.hear()
            time.sleep(0.1)
    assert page.end_code() == 1001
    assert 0.6 < time.monotonic() - started < 5


def test_a_plain_request_is_told_to_upgrade(http: httpx.Client) -> None:
    assert http.get("/ws").status_code == 426
