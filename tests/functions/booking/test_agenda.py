"""What is ahead: of the organisation for who may see all, of one master for himself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.booking import agenda
from functions.booking.agreement import Client, new_booking
from functions.booking.api import api
from functions.booking.bookings import write_cancelled, write_new
from functions.booking.models import Booking
from functions.booking.reservation import dates_around
from functions.booking.tables import find_days, find_master, owner_of
from functions.booking.views import AgendaQuery
from shared.clock import now
from shared.identity import Caller
from shared.ids import new_id
from shared.rights import Role
from shared.tables import Transaction
from tests.support.aws_calls import watched
from tests.support.clock import START, Clock, stopped
from tests.support.signed_in import ask

pytestmark = pytest.mark.usefixtures("demo")
ALL, OWN = "/v1/booking/bookings", "/v1/booking/own-bookings"
DAY = START.replace(hour=10, minute=0, second=0)
SUPPORT = Caller("user", "usr_1", "org_lipa", (Role.SUPPORT.value,))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time stands still."""
    return stopped(monkeypatch)


def _master(code: str) -> Caller:
    org_id, master_id = owner_of(code)
    return Caller("user", f"usr_{code}", org_id, (Role.MASTER.value,), master_id=master_id)


def _booked(code: str, hours: float, name: str = "Ольга") -> Booking:
    master = find_master(code)
    service = master.catalogue.services[0]
    start = DAY + timedelta(hours=hours)
    first, last = dates_around(start, start + timedelta(minutes=service.duration_min), master.zone)
    days = find_days(master, first, last, is_consistent=True)
    client = Client(new_id("cli"), name)
    place = master.places_of(service)[0]
    booking = new_booking(master, service, place, start, client, booking_id=new_id("bkg"), now=now())
    transaction = Transaction()
    write_new(transaction, master, days, booking)
    transaction.commit()
    return booking


def _cancelled(booking: Booking) -> None:
    master = find_master(booking.code)
    days = find_days(master, *dates_around(booking.start, booking.end, master.zone), is_consistent=True)
    transaction = Transaction()
    write_cancelled(transaction, days, booking)
    transaction.commit()


def _names(who: Caller, resource: str, *query: tuple[str, str]) -> list[str]:
    answer = ask(api, who, "GET", resource, query=query)
    assert answer.status == 200
    return [item["id"] for item in answer.json["items"]]


def test_a_booking_is_told_with_who_what_where_and_when() -> None:
    booking = _booked("anna", 24)
    (item,) = ask(api, SUPPORT, "GET", ALL).json["items"]
    assert item == {
        "id": booking.id,
        "status": "booked",
        "master_id": booking.master_id,
        "client_name": "Ольга",
        "comment": "",
        "service": booking.service_name,
        "place": booking.place_name,
        "start": "2026-03-03T13:00:00+03:00",
        "end": booking.end.astimezone(ZoneInfo("Europe/Moscow")).isoformat(),
    }
    assert ask(api, _master("anna"), "GET", OWN).json["items"] == [item]


def test_a_master_sees_his_own_and_no_others() -> None:
    """PLAT-33."""
    own, foreign = _booked("anna", 24), _booked("boris", 24)
    assert _names(_master("anna"), OWN) == [own.id]
    assert _names(_master("boris"), OWN) == [foreign.id]
    assert _names(SUPPORT, ALL) == [own.id]
    assert ask(api, _master("anna"), "GET", ALL).status == 403


def test_a_masters_id_opens_nothing_in_another_organisation() -> None:
    """PLAT-33: a membership that names a foreign master shows nothing."""
    _booked("anna", 24)
    stranger = Caller("user", "usr_1", "org_wheel", (Role.MASTER.value,), master_id=owner_of("anna")[1])
    assert _names(stranger, OWN) == []
    assert _names(Caller("user", "usr_1", "org_lipa", (Role.ADMINISTRATOR.value,)), OWN) == []


@pytest.mark.parametrize("resource", [ALL, OWN])
def test_pages_follow_each_other_in_the_order_of_starts(resource: str) -> None:
    who = SUPPORT if resource == ALL else _master("anna")
    hours = (240.0, 24.0, 8.0, 10.5, 26.5, 600.0, 13.0, 48.0)  # one of them ends after its master's midnight
    booked = {each: _booked("anna", each).id for each in hours}
    seen: list[str] = []
    query: list[tuple[str, str]] = [("limit", "3")]
    while True:
        page: Any = ask(api, who, "GET", resource, query=query).json
        seen += [item["id"] for item in page["items"]]
        if "next_cursor" not in page:
            break
        assert len(page["items"]) == 3
        query = [("limit", "3"), ("cursor", page["next_cursor"])]
    assert seen == [booked[each] for each in sorted(hours)]


@pytest.mark.parametrize("resource", [ALL, OWN])
def test_the_list_begins_with_the_day_that_is_asked_for(resource: str) -> None:
    who = SUPPORT if resource == ALL else _master("anna")
    earlier, night, later = _booked("anna", -24), _booked("anna", 11.5), _booked("anna", 48)
    assert _names(who, resource) == [night.id, later.id]
    assert _names(who, resource, ("from", "2026-03-01")) == [earlier.id, night.id, later.id]
    assert _names(who, resource, ("from", "2026-03-03")) == [later.id]
    assert _names(who, resource, ("from", "2026-03-03"), ("zone", "Europe/Moscow")) == [night.id, later.id]


@pytest.mark.parametrize("resource", [ALL, OWN])
def test_what_is_cancelled_is_gone(resource: str) -> None:
    who = SUPPORT if resource == ALL else _master("anna")
    gone, kept = _booked("anna", 24), _booked("anna", 48)
    _cancelled(gone)
    assert _names(who, resource) == [kept.id]


@pytest.mark.parametrize("resource", [ALL, OWN])
def test_a_cursor_of_another_list_is_refused(resource: str) -> None:
    who = SUPPORT if resource == ALL else _master("anna")
    _booked("anna", 24)
    _booked("anna", 48)
    given = ask(api, who, "GET", resource, query=[("limit", "1")]).json["next_cursor"]
    stranger = Caller("user", "usr_2", "org_wheel", (Role.ADMINISTRATOR.value,), master_id=owner_of("boris")[1])
    for query in ([("cursor", given)], [("cursor", "made up")]):
        assert ask(api, stranger, "GET", resource, query=query).status == 422


@pytest.mark.parametrize("resource", [ALL, OWN])
@pytest.mark.parametrize("query", [("limit", "0"), ("limit", "101"), ("from", "soon"), ("zone", "Moon"), ("page", "2")])
def test_an_impossible_question_is_refused(resource: str, query: tuple[str, str]) -> None:
    administrator = Caller("user", "usr_1", "org_lipa", (Role.ADMINISTRATOR.value,))
    assert ask(api, administrator, "GET", resource, query=[query]).status == 422


def test_nobody_is_shown_anything_without_the_right() -> None:
    for resource in (ALL, OWN):
        assert ask(api, None, "GET", resource).status == 401
        assert ask(api, Caller("user", "usr_1", "org_lipa", (Role.CLIENT.value,)), "GET", resource).status == 403
        assert ask(api, Caller("user", "usr_1"), "GET", resource).status == 403


def test_a_page_costs_the_same_however_much_lies_behind_it() -> None:
    """PLAT-20: no scan, and no more requests with more bookings."""
    org_id, master_id = owner_of("anna")
    query = AgendaQuery(limit=2)
    costs = []
    for more in (3, 20):
        for number in range(more):
            _booked("anna", 24 * (1 + more + number))
        with watched("dynamodb") as calls:
            agenda.of_organisation(org_id, query)
            agenda.of_master(org_id, master_id, query)
        costs.append([name for name, _ in calls])
    assert costs == [["Query", "Query", "BatchGetItem"]] * 2
