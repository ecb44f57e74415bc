"""What people do through bots, pages, links and files is audited like what they do over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from functions.booking import conversations, imports, jobs
from functions.booking.tables import bookings_of, find_conversation
from infra.demo_data import ORGANISATIONS
from shared import storage
from shared.audit import AuditRow, thing_key
from shared.bus import InboundKind, InboundMessage
from shared.clock import now
from shared.errors import Contended
from shared.outbox import conversation_key
from tests.support.aws_calls import refusing, watched
from tests.support.events import sample
from tests.support.people import TELEGRAM, Person
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("demo")
SLOTS = "/v1/booking/masters/anna/slots"
BOOKINGS = "/v1/booking/masters/anna/bookings"


def entries(action: str = "") -> list[AuditRow]:
    """What people did, in order of time."""
    rows = sorted(AuditRow.scan(AuditRow.actor_kind != "system"), key=lambda row: row.sk)
    return [row for row in rows if row.action.startswith(action)]


def told() -> list[tuple[str, str, str]]:
    """Action, who and how of each."""
    return [(row.action, row.actor_kind, row.way) for row in entries()]


def _client(person: Person) -> str:
    found, _ = find_conversation(conversation_key(person.contact), None)
    assert found is not None
    return found.client_id


def test_a_bots_effects_leave_entries_in_the_clients_name() -> None:
    """PLAT-37."""
    olga = Person(name="")
    olga.book()
    olga.write("Olga")
    olga.tap("My bookings")
    olga.tap(0)
    olga.tap("Cancel the booking")
    olga.tap("Yes, cancel")
    followed, *others = entries()
    assert (followed.action, followed.way, followed.org_id) == ("booking.link.followed", "link", "org_lipa")
    assert followed.thing.startswith("mst_")
    assert [row.action.rpartition(".")[2] for row in others] == ["created", "renamed", "cancelled"]
    (booking_id,) = {row.thing for row in others}
    for row in others:
        assert (row.org_id, row.actor_kind, row.actor_id, row.way) == ("org_lipa", "client", _client(olga), "bot")
    assert booking_id.startswith("bkg_")


def test_choosing_leaves_none() -> None:
    olga = Person()
    olga.start()
    olga.start()
    olga.tap("Маникюр ·")
    olga.tap(1)
    assert [row.action for row in entries()] == ["booking.link.followed"]


def test_a_page_is_told_from_a_bot_by_its_socket() -> None:
    """PLAT-37."""
    olga = Person()
    payload = olga.to_confirmation()
    contact = olga.contact.model_copy(update={"route": "c1="})
    message = InboundMessage(
        event_id="e-socket",
        contact=contact,
        kind=InboundKind.TAP,
        payload=payload,
        limits=TELEGRAM,
        received_at=now(),
    )
    conversations.take("org_lipa", message)
    assert told()[-1] == ("booking.booking.created", "client", "socket")


def test_entry_and_booking_stand_or_fall_together() -> None:
    """PLAT-35: a turn that breaks off leaves neither, one that is repeated leaves one."""
    olga = Person()
    payload = olga.to_confirmation()
    with refusing("dynamodb", "TransactWriteItems", "TransactionConflictException"), pytest.raises(Contended):
        olga.tap_payload(payload, event_id="e-once")
    assert entries("booking.booking") == []
    for _ in range(3):
        olga.tap_payload(payload, event_id="e-once")
    assert [row.action for row in entries("booking.booking")] == ["booking.booking.created"]
    assert len(bookings_of(_client(olga), "2026", 10)) == 1


def test_an_effect_is_one_request_as_before() -> None:
    """The entry costs no request of its own: a tap stays within its budget."""
    olga = Person()
    payload = olga.to_confirmation()
    with watched("dynamodb") as calls:
        olga.tap_payload(payload)
    writes = [(name, params) for name, params in calls if name not in {"BatchGetItem", "Query"}]
    assert [name for name, _ in writes] == ["TransactWriteItems"]
    tables = [next(iter(item.values()))["TableName"] for item in writes[0][1]["TransactItems"]]
    assert tables.count("svyaz-test-audit") == 1


def _request(**more: Any) -> dict[str, Any]:
    _, page, _ = call("GET", SLOTS, query={"service": "1"})
    return {"service": "1", "start": page["items"][0]["start"], "client_name": "Olga", **more}


def test_a_booking_over_http_is_a_guests() -> None:
    """PLAT-37."""
    status, made, headers = call("POST", BOOKINGS, body=_request(), address="203.0.113.9")
    assert status == 201
    (row,) = entries()
    assert (row.action, row.thing, row.actor_kind, row.way) == ("booking.booking.created", made["id"], "guest", "http")
    assert (row.org_id, row.network, row.correlation_id) == ("org_lipa", "203.0.113.0/24", headers["X-Correlation-Id"])
    assert row.thing_key == thing_key("org_lipa", made["id"])


def test_a_time_that_is_taken_is_the_masters_organisations_refusal() -> None:
    body = _request()
    assert call("POST", BOOKINGS, body=body)[0] == 201
    assert call("POST", BOOKINGS, body=body)[0] == 409
    refused = entries()[-1] if entries()[-1].result == "refused" else entries()[0]
    assert (refused.action, refused.result, refused.reason) == ("booking.create_booking", "refused", "slot-taken")
    assert (refused.org_id, refused.thing) == ("org_lipa", "anna")


def test_a_repeated_key_makes_one_booking_and_both_requests_are_there() -> None:
    body = _request()
    for _ in range(2):
        assert call("POST", BOOKINGS, body=body, headers={"idempotency-key": "order-1"})[0] == 201
    assert sorted(row.action for row in entries()) == ["booking.booking.created", "booking.create_booking"]


def _upload(content: bytes, key: str, sequencer: str = "0055AED6DCD90281E5") -> None:
    storage.write("imports", key, content, "application/json")
    event = sample("booking/import__catalogue.json")
    event["Records"][0]["s3"]["object"] |= {"key": key, "sequencer": sequencer}
    jobs.import_catalogue(event, None)


def imported() -> list[tuple[str, str, str | None, str]]:
    """Organisation, result, reason and way of what files did."""
    rows = AuditRow.scan((AuditRow.action == "booking.catalogue.imported") & (AuditRow.actor_id == "booking_import"))
    return [(row.org_id, row.result, row.reason, row.way) for row in sorted(rows, key=lambda row: row.sk)]


def test_a_catalogue_by_file_is_audited_taken_or_refused() -> None:
    """PLAT-37."""
    good, key = ORGANISATIONS[0].catalogue.model_dump_json().encode(), "catalogues/org_lipa/anna.json"
    _upload(good, key)
    _upload(good, key)
    _upload(b"{}", key, sequencer="0055AED6DCD90281E6")
    _upload(good, "catalogues/org_wheel/anna.json", sequencer="0055AED6DCD90281E7")
    _upload(good, "anna.json", sequencer="0055AED6DCD90281E8")
    assert imported() == [
        ("org_lipa", "done", None, "link"),
        ("org_lipa", "refused", "invalid-payload", "link"),
        ("org_wheel", "refused", "conflict", "link"),
        ("org_none", "refused", "invalid-payload", "link"),
    ]


def test_what_is_stored_by_ourselves_is_the_systems() -> None:
    later = "9" * imports.SEQUENCER_LENGTH
    imports.store("org_lipa", ORGANISATIONS[0].catalogue, later)
    found = list(AuditRow.scan(AuditRow.action == "booking.catalogue.imported"))
    assert {(row.actor_kind, row.actor_id) for row in found} == {("system", "svyaz")}
