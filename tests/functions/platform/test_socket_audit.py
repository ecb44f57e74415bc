"""Sockets are audited like HTTP: who opened one, who was refused, and frames that were."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.platform import socket
from shared import sockets
from shared.audit import AuditRow
from shared.sockets import Grant
from tests.support import stored
from tests.support.clock import stopped

VISITOR = Grant(system="messengers", subject="vis_1", org_id="org_lipa", resource="anna")
USER = Grant(system="robot", subject="usr_1", org_id="org_lipa", resource="dialogs")


@pytest.fixture(autouse=True)
def _quiet(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's chats, and nobody at the other end."""
    stored.demo()
    stopped(monkeypatch)
    monkeypatch.setattr(sockets, "push", lambda *_, **__: None)


def _context(kind: str, address: str = "203.0.113.7") -> dict[str, Any]:
    route = "$default" if kind == "MESSAGE" else "$connect"
    return {"eventType": kind, "routeKey": route, "connectionId": "c1=", "identity": {"sourceIp": address}}


def _connect(ticket: str, address: str = "203.0.113.7") -> int:
    event = {"requestContext": _context("CONNECT", address), "queryStringParameters": {"ticket": ticket}}
    return socket.handle(event, None)["statusCode"]


def _say(system: str, action: str, data: dict[str, Any]) -> None:
    frame = {"v": 1, "system": system, "action": action, "id": "f1", "seq": 1, "data": data}
    socket.handle({"requestContext": _context("MESSAGE"), "body": json.dumps(frame)}, None)


def _entries() -> list[AuditRow]:
    return sorted(AuditRow.scan(AuditRow.actor_kind != "system"), key=lambda row: row.sk)


@pytest.mark.parametrize(("grant", "kind"), [(VISITOR, "guest"), (USER, "user")])
def test_an_opened_connection_names_whose_it_is(grant: Grant, kind: str) -> None:
    """PLAT-37."""
    assert _connect(sockets.issue_ticket(grant)) == 200
    (row,) = _entries()
    assert (row.action, row.thing, row.result) == (
        "platform.socket.opened",
        f"{grant.system}/{grant.resource}",
        "done",
    )
    assert (row.org_id, row.actor_kind, row.actor_id, row.way) == ("org_lipa", kind, grant.subject, "socket")
    assert row.network == "203.0.113.0/24"


def test_a_refused_one_is_folded_by_place_and_minute() -> None:
    """PLAT-37: guessing tickets costs no write each."""
    for address in ("203.0.113.7", "203.0.113.8"):
        assert [_connect("made up", address) for _ in range(10)] == [401] * 10
    rows = _entries()
    assert [(row.action, row.result, row.reason) for row in rows] == [
        ("platform.socket.opened", "refused", "unauthorized")
    ] * 2
    assert {row.org_id for row in rows} == {"org_none"}


def test_a_refused_frame_is_whose_connection_it_is() -> None:
    """PLAT-37."""
    _connect(sockets.issue_ticket(VISITOR))
    for _ in range(5):
        _say("robot", "dialog.take", {})
    row = next(row for row in _entries() if row.action == "platform.socket.frame")
    assert (row.actor_id, row.org_id, row.result, row.reason) == ("vis_1", "org_lipa", "refused", "unauthorized")
    assert len(_entries()) == 2


def test_what_a_frame_leads_to_is_audited_there() -> None:
    _connect(sockets.issue_ticket(VISITOR))
    _say("messengers", "chat.say", {"text": "hello"})
    assert [row.action for row in _entries()] == ["platform.socket.opened"]
