"""WebSockets: one ticket opens one connection, frames are what was agreed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from shared import sockets
from shared.errors import InvalidPayload, NotFound, ProviderThrottled, ProviderUnavailable, Unauthorized
from shared.ids import new_secret
from shared.sockets import Connection, Frame, Gone, Grant, Presence, Ticket
from shared.tables import find
from tests.support.aws_calls import answering, refusing, watched
from tests.support.clock import Clock
from tests.support.hostile import texts
from tests.support.moto_aws import forget

pytestmark = pytest.mark.usefixtures("aws")
GRANT = Grant(system="messengers", subject="vis_1", org_id="org_a", resource="anna", language="ru")
SERVICE, POST = "apigatewaymanagementapi", "PostToConnection"
FRAME: dict[str, Any] = {
    "v": 1,
    "system": "messengers",
    "action": "chat.say",
    "id": "f1",
    "seq": 3,
    "data": {"text": "ё"},
}


def opened(connection_id: str = "c1", grant: Grant = GRANT) -> str:
    """A connection that stands."""
    sockets.open_connection(sockets.issue_ticket(grant), connection_id)
    return connection_id


# tickets


def test_a_ticket_opens_one_connection_for_its_grant() -> None:
    ticket = sockets.issue_ticket(GRANT)
    assert sockets.open_connection(ticket, "c1") == GRANT
    assert sockets.grant_of("c1") == GRANT
    assert sockets.connections_of(GRANT) == ["c1"]
    with pytest.raises(Unauthorized):
        sockets.open_connection(ticket, "c2")
    assert sockets.connections_of(GRANT) == ["c1"]


def test_one_of_two_who_come_at_once_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the ticket before either has used it up."""
    ticket = sockets.issue_ticket(GRANT)
    read = find(Ticket, sockets.ticket_key(ticket), "ticket")
    sockets.open_connection(ticket, "c1")
    monkeypatch.setattr(sockets, "find", lambda *_: read)
    with pytest.raises(Unauthorized):
        sockets.open_connection(ticket, "c2")


@pytest.mark.parametrize(("age_s", "is_good"), [(0, True), (30, True), (31, False), (86_400, False)])
def test_a_ticket_lives_half_a_minute(clock: Clock, age_s: int, *, is_good: bool) -> None:
    """Also while DynamoDB has not cleaned it up."""
    ticket = sockets.issue_ticket(GRANT)
    clock.forward(seconds=age_s)
    assert find(Ticket, sockets.ticket_key(ticket), "ticket") is not None
    if is_good:
        assert sockets.open_connection(ticket, "c1") == GRANT
    else:
        with pytest.raises(Unauthorized):
            sockets.open_connection(ticket, "c1")


@pytest.mark.parametrize(
    "ticket", ["", " ", "x", "\ud800", "п" * 43, "a" * 10_000, "ticket", "\0" * 43, "a" * 42 + "\n"]
)
def test_what_is_no_ticket_is_refused_without_a_look(ticket: str) -> None:
    with watched("dynamodb") as calls, pytest.raises(Unauthorized):
        sockets.open_connection(ticket, "c1")
    assert calls == []


def test_an_unknown_ticket_is_refused() -> None:
    with pytest.raises(Unauthorized):
        sockets.open_connection(new_secret(), "c1")
    with pytest.raises(Unauthorized):
        sockets.grant_of("c1")


# connections


def test_connections_of_a_subject_are_found() -> None:
    opened("c1")
    opened("c2", GRANT.model_copy(update={"language": "en"}))
    opened("c3", GRANT.model_copy(update={"subject": "vis_2"}))
    opened("c4", GRANT.model_copy(update={"resource": "boris"}))
    opened("c5", GRANT.model_copy(update={"system": "robot"}))
    assert sorted(sockets.connections_of(GRANT)) == ["c1", "c2"]


def test_a_closed_connection_is_forgotten() -> None:
    opened("c1")
    opened("c2")
    assert sockets.close_connection("c1") == GRANT
    assert sockets.connections_of(GRANT) == ["c2"]
    assert find(Connection, "connection#c1", "connection") is None
    assert sockets.close_connection("c1") is None
    with pytest.raises(Unauthorized):
        sockets.grant_of("c1")


def test_a_grant_is_asked_for_once_a_process() -> None:
    opened()
    forget()
    with watched("dynamodb") as calls:
        assert [sockets.grant_of("c1") for _ in range(3)] == [GRANT] * 3
    assert len(calls) == 1


def test_unknown_connections_are_not_remembered() -> None:
    with pytest.raises(Unauthorized):
        sockets.grant_of("c1")
    opened()
    assert sockets.grant_of("c1") == GRANT


def test_what_a_process_remembers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "KNOWN_MOST", 3)
    for number in range(8):
        assert sockets.grant_of(opened(f"c{number}")) == GRANT
        assert len(sockets._known()) <= 3


def test_a_connection_is_older_than_any_that_stands(clock: Clock) -> None:
    """API Gateway ends every connection after two hours; what is left of one is no right to speak."""
    opened()
    clock.forward(hours=2)
    assert sockets.connections_of(GRANT) == ["c1"]
    assert sockets.grant_of("c1") == GRANT
    forget()
    clock.forward(minutes=11)
    assert sockets.connections_of(GRANT) == []
    with pytest.raises(Unauthorized):
        sockets.grant_of("c1")
    assert find(Presence, "presence#messengers#vis_1#anna", "c1") is not None


# pushing


def test_a_frame_is_pushed() -> None:
    with answering(SERVICE, POST, {}), watched(SERVICE) as calls:
        sockets.push("c1", "chat.message", {"text": "Привет"}, reply_to="f1", system="messengers")
    ((name, given_),) = calls
    assert (name, given_["ConnectionId"]) == (POST, "c1")
    assert json.loads(given_["Data"]) == {
        "v": 1,
        "system": "messengers",
        "action": "chat.message",
        "id": "f1",
        "data": {"text": "Привет"},
    }


def test_a_frame_takes_no_more_room_than_its_words() -> None:
    """128 KB is all that API Gateway takes, and escapes would treble Russian."""
    with answering(SERVICE, POST, {}), watched(SERVICE) as calls:
        sockets.push("c1", "a", {"text": "ё" * 4096}, system="messengers")
    assert len(calls[0][1]["Data"]) < 2 * 4096 + 100


@pytest.mark.parametrize("code", ["GoneException", "410"])
def test_a_closed_connection_is_gone(code: str) -> None:
    with refusing(SERVICE, POST, code, 410), pytest.raises(Gone):
        sockets.push("c1", "a", {}, system="messengers")
    assert issubclass(Gone, NotFound)


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("LimitExceededException", 429, ProviderThrottled),
        ("InternalServerException", 500, ProviderUnavailable),
    ],
)
def test_a_plane_that_fails_is_tried_later(code: str, status: int, error: type[Exception]) -> None:
    with refusing(SERVICE, POST, code, status), pytest.raises(error):
        sockets.push("c1", "a", {}, system="messengers")


# frames


def test_a_frame_is_read() -> None:
    assert sockets.read_frame(json.dumps(FRAME)) == Frame(**FRAME)
    short = {name: FRAME[name] for name in ("v", "system", "action", "id")}
    assert sockets.read_frame(json.dumps(short)) == Frame(**short, seq=0, data={})


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": 0},
        {"v": "one"},
        {"v": None},
        {"system": ""},
        {"system": "../platform"},
        {"system": "Messengers"},
        {"system": "messengers\n"},
        {"system": "a" * 21},
        {"action": ""},
        {"action": "chat say"},
        {"action": "a" * 41},
        {"id": ""},
        {"id": "i" * 65},
        {"id": "я"},
        {"id": 7},
        {"seq": -1},
        {"seq": 1.5},
        {"data": []},
        {"data": "text"},
        {"data": None},
        {"surplus": 1},
    ],
)
def test_a_malformed_frame_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidPayload):
        sockets.read_frame(json.dumps({**FRAME, **change}))


@pytest.mark.parametrize("missing", ["v", "system", "action", "id"])
def test_a_frame_without_a_part_is_refused(missing: str) -> None:
    with pytest.raises(InvalidPayload):
        sockets.read_frame(json.dumps({name: value for name, value in FRAME.items() if name != missing}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "ping",
        "null",
        "[]",
        "{",
        "{}",
        "[" * 30_000,
        '{"v":' * 6000,
        '{"v":1e400}',
        '{"v":' + "1" * 20_000 + "}",
        "\ud800",
        '{"v":1,"system":"messengers","action":"a","id":"1","data":{"text":"\\ud800"}}',
        "\0",
    ],
)
def test_hostile_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidPayload):
        sockets.read_frame(text)


@given(text=texts(200))
def test_any_text_is_a_frame_or_refused(text: str) -> None:
    with pytest.raises(InvalidPayload):
        sockets.read_frame(text)


@pytest.mark.parametrize(("letter", "most"), [("a", 32_768), ("ё", 16_384)])
def test_a_frame_is_measured_in_bytes(letter: str, most: int) -> None:
    def frame(length: int) -> str:
        return json.dumps({**FRAME, "data": {"text": letter * length}}, ensure_ascii=False)

    room = most - len(frame(0).encode()) // len(letter.encode())
    sockets.read_frame(frame(room - 1))
    with pytest.raises(InvalidPayload, match="too large"):
        sockets.read_frame(frame(room + 1))
