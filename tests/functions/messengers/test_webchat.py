"""The web chat: tickets, frames, answers."""

from __future__ import annotations

from typing import Any

import pytest

from functions.messengers import socket as chat
from functions.messengers.channels import webchat, webchat_sender
from functions.platform import socket
from shared import revocations, sockets
from shared.bus import Button, Envelope, InboundMessage, OutboundMessage
from shared.identity import Caller
from shared.ids import new_id
from shared.sockets import Frame, Gone, Grant
from shared.tables import Transaction, find
from tests.support.moto_aws import waiting
from tests.support.people import Person
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("demo")
TICKETS = "/v1/messengers/chat/tickets"
QUEUE = "inbound-booking.fifo"


class Wire:
    """What was pushed to connections; those in `closed` are gone."""

    def __init__(self) -> None:
        self.frames: list[tuple[str, str, dict[str, Any], str | None]] = []
        self.closed: set[str] = set()

    def push(self, connection_id: str, action: str, data: dict[str, Any], *, reply_to: str | None, system: str) -> None:
        """Takes a frame."""
        assert system == "messengers"
        if connection_id in self.closed:
            raise Gone("closed")
        self.frames.append((connection_id, action, data, reply_to))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """In place of API Gateway's connections."""
    found = Wire()
    monkeypatch.setattr(sockets, "push", found.push)
    return found


def _ticket(**change: Any) -> tuple[int, Any, dict[str, str]]:
    headers = change.pop("headers", {})
    return call("POST", TICKETS, body={"master": "anna", "language": "ru", **change}, headers=headers)


def _connect(ticket: str, connection_id: str = "c1=") -> int:
    event = {
        "requestContext": {"eventType": "CONNECT", "routeKey": "$connect", "connectionId": connection_id},
        "queryStringParameters": {"ticket": ticket},
    }
    return socket.handle(event, None)["statusCode"]


def _open() -> Grant:
    assert _connect(_ticket()[1]["ticket"]) == 200
    return sockets.grant_of("c1=")


def _frame(action: str, number: int = 1, **data: Any) -> Frame:
    return Frame(v=1, system="messengers", action=action, id=f"f{number}", data=data)


def test_a_ticket_opens_one_connection() -> None:
    status, ticket, _ = _ticket()
    assert status == 201
    assert (ticket["master_name"], ticket["websocket_url"]) == ("Анна Светлова", "ws://127.0.0.1:8000/ws")
    assert [_connect(ticket["ticket"]), _connect(ticket["ticket"])] == [200, 401]


@pytest.mark.parametrize("ticket", ["", "made-up", "x" * 5000, "я"])
def test_a_made_up_ticket_opens_nothing(ticket: str) -> None:
    assert _connect(ticket) == 401


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:8000", 201),
        ("http://localhost:8000", 201),
        ("http://127.0.0.1:9000", 403),
        ("https://127.0.0.1:8000", 403),
        ("http://evil.example", 403),
        ("null", 403),
        ("http://127.0.0.1:port", 403),
    ],
)
def test_only_our_own_pages_get_tickets(origin: str, status: int) -> None:
    assert _ticket(headers={"origin": origin})[0] == status


def test_a_visitor_comes_back_to_his_own_chat() -> None:
    first = _ticket()[1]
    again = _ticket(visitor=first["visitor"])[1]
    _connect(first["ticket"], "c1=")
    _connect(again["ticket"], "c2=")
    assert sockets.grant_of("c1=").subject == sockets.grant_of("c2=").subject


def test_a_made_up_visitor_is_refused() -> None:
    assert _ticket(visitor="made-up")[0] == 422
    assert _ticket(master="boris", visitor=_ticket()[1]["visitor"])[0] == 422


@pytest.mark.parametrize("master", ["nobody", "bot_anna"])
def test_an_unknown_chat_is_not_found(master: str) -> None:
    assert _ticket(master=master)[0] == 404


OWN_TICKETS = "/v1/messengers/chat/own-tickets"
SIGNED_IN = Caller("user", "usr_1", "org_lipa", (), session_id="ses_1")


def _own_ticket(caller: Caller | None = SIGNED_IN, **change: Any) -> tuple[int, Any, dict[str, str]]:
    return call("POST", OWN_TICKETS, body={"master": "anna", "language": "ru", **change}, caller=caller)


def test_a_signed_in_person_gets_a_ticket_of_his_own() -> None:
    """PLAT-4: the chat is his on every device, for as long as he is signed in there."""
    status, ticket, _ = _own_ticket()
    assert (status, sorted(ticket)) == (201, ["expires_in_s", "master_name", "ticket", "websocket_url"])
    assert _connect(ticket["ticket"]) == 200
    grant = sockets.grant_of("c1=")
    assert (grant.subject, grant.session_id, grant.org_id, grant.resource) == ("usr_1", "ses_1", "org_lipa", "anna")


@pytest.mark.parametrize(
    ("caller", "status"),
    [(None, 401), (Caller("key", "key_1", "org_lipa", scopes=("sms.messages.send",)), 403)],
)
def test_only_a_person_gets_one(caller: Caller | None, status: int) -> None:
    assert _own_ticket(caller)[0] == status


def test_there_are_none_for_an_unknown_chat() -> None:
    assert [_own_ticket(master=each)[0] for each in ("nobody", "bot_anna")] == [404, 404]


def test_nobody_is_signed_in_as_a_visitor() -> None:
    assert _own_ticket(visitor="made-up")[0] == 422


def test_a_frame_after_the_session_has_ended_is_refused(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-31: the connection is forgotten, and only a new ticket opens another."""
    assert _connect(_own_ticket()[1]["ticket"]) == 200
    frames: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(sockets, "push", lambda _, action, data, **__: frames.append((action, data)))
    frame = _frame("chat.say", text="hi").model_dump_json()
    event = {"requestContext": {"eventType": "MESSAGE", "routeKey": "$default", "connectionId": "c1="}, "body": frame}
    assert socket.handle(event, None) == {"statusCode": 200}
    assert (len(waiting(QUEUE)), frames) == (1, [])
    transaction = Transaction()
    revocations.revoke(transaction, "ses_1")
    transaction.commit()
    revocations.forget()
    for _ in range(2):
        socket.handle(event, None)
    assert [(action, data["kind"]) for action, data in frames] == [("error", "unauthorized")] * 2
    assert [data["detail"] for _, data in frames] == ["This session has ended.", "This connection is not open."]
    assert (waiting(QUEUE), find(sockets.Connection, "connection#c1=", "connection")) == ([], None)


def test_hello_begins_a_new_conversation_once(wire: Wire) -> None:
    grant = _open()
    chat.receive("c1=", grant, _frame("chat.hello", 1))
    chat.receive("c1=", grant, _frame("chat.hello", 2))
    assert [frame[1] for frame in wire.frames] == ["chat.history", "chat.history"]
    (body,) = waiting(QUEUE)
    message = Envelope.model_validate_json(body).read(InboundMessage)
    assert (message.kind, message.payload, message.language) == ("start", "anna", "ru")


def test_hello_shows_what_was_said(wire: Wire) -> None:
    grant = _open()
    person = Person()
    person.contact = webchat.contact_of(grant)
    person.start()
    chat.receive("c1=", grant, _frame("chat.hello"))
    (shown,) = wire.frames[-1][2]["messages"]
    assert shown["text"] == person.said.text
    assert shown["at"].endswith("+00:00")
    assert waiting(QUEUE) == []


def test_texts_and_taps_go_to_the_booking(wire: Wire) -> None:
    grant = _open()
    chat.receive("c1=", grant, _frame("chat.say", 1, text="hi"))
    chat.receive("c1=", grant, _frame("chat.tap", 2, payload="s:anna:1", label="Маникюр"))
    found = [Envelope.model_validate_json(body).read(InboundMessage) for body in waiting(QUEUE)]
    assert [(each.kind.value, each.text or each.payload) for each in found] == [("text", "hi"), ("tap", "s:anna:1")]
    assert {each.contact.route for each in found} == {"c1="}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "{}",
        '{"v":2,"system":"messengers","action":"chat.say","id":"a"}',
        '{"v":1,"system":"booking","action":"chat.say","id":"a"}',
        '{"v":1,"system":"os","action":"x","id":"a"}',
        '{"v":1,"system":"messengers","action":"chat.say","id":"a","data":{"text":""}}',
        '{"v":1,"system":"messengers","action":"chat.dance","id":"a"}',
        '{"v":1,"system":"messengers","action":"chat.say","id":"a","data":{"text":"' + "x" * 33_000 + '"}}',
    ],
)
def test_a_frame_that_makes_no_sense_is_told(wire: Wire, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    _open()
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(sockets, "push", lambda _c, _a, data, **_kw: told.append(data))
    event = {
        "requestContext": {"eventType": "MESSAGE", "routeKey": "$default", "connectionId": "c1="},
        "body": body,
    }
    assert socket.handle(event, None) == {"statusCode": 200}
    assert len(told) == 1
    assert told[0]["kind"] in {"invalid-payload", "unauthorized"}
    assert waiting(QUEUE) == []


def test_a_closed_connection_is_forgotten() -> None:
    grant = _open()
    event = {"requestContext": {"eventType": "DISCONNECT", "routeKey": "$disconnect", "connectionId": "c1="}}
    socket.handle(event, None)
    assert sockets.connections_of(grant) == []
    socket.handle(event, None)


def _answer(grant: Grant, route: str | None = "c1=") -> OutboundMessage:
    return OutboundMessage(
        id=new_id("msg"),
        contact=webchat.contact_of(grant, route),
        text="Hello",
        buttons=((Button(label="Yes", payload="m:anna"),),),
        reply_to="f1",
    )


def test_an_answer_goes_to_the_socket_that_asked(wire: Wire) -> None:
    message = _answer(_open())
    assert webchat_sender.SENDER.send(message) == message.id
    ((connection, action, data, reply_to),) = wire.frames
    assert (connection, action, reply_to) == ("c1=", "chat.message", "f1")
    assert data["buttons"] == [[{"label": "Yes", "payload": "m:anna"}]]


def test_an_answer_to_a_closed_socket_goes_to_the_visitors_others(wire: Wire) -> None:
    first = _ticket()[1]
    _connect(first["ticket"], "c1=")
    _connect(_ticket(visitor=first["visitor"])[1]["ticket"], "c2=")
    wire.closed = {"c1="}
    webchat_sender.SENDER.send(_answer(sockets.grant_of("c2=")))
    assert [frame[0] for frame in wire.frames] == ["c2="]


def test_a_visitor_who_is_away_finds_it_later(wire: Wire) -> None:
    grant = _open()
    wire.closed = {"c1="}
    assert webchat_sender.SENDER.send(_answer(grant, None))
    assert wire.frames == []
