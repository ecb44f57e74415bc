"""What booking tells of a client, and what is left of his visits when he is gone."""

from __future__ import annotations

from typing import Any

import pytest

from functions.booking import personal
from functions.booking.bookings import write_nameless
from functions.booking.models import Booking
from functions.booking.tables import bookings_of, find_booking, find_conversation, find_days, find_master
from shared.errors import Contended
from shared.outbox import conversation_key
from shared.personal import Person as Somebody
from shared.timers import Timer
from tests.support.known_people import COMMENT, NAME
from tests.support.people import Person
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("demo")
ORG, OTHER_ORG = "org_lipa", "org_wheel"


def _client_id(person: Person) -> str:
    conversation, _ = find_conversation(conversation_key(person.contact), None)
    assert conversation is not None
    return conversation.client_id


def _only_booking(person: Person) -> Booking:
    [booking] = bookings_of(_client_id(person), "0", 10)
    return booking


def _known(**named: Any) -> Somebody:
    found = personal.find(Somebody(org_id=ORG, **named))
    assert found is not None
    return found


def test_a_client_is_found_by_his_id_and_by_his_booking() -> None:
    person = Person()
    person.book(day=3)
    booking = _only_booking(person)
    for named in ({"client_id": booking.client_id}, {"booking_id": booking.id}):
        found = _known(**named)
        assert (found.client_id, found.contacts) == (booking.client_id, (person.contact,))


def test_nobody_is_found_by_ids_of_another_organisation() -> None:
    """PLAT-33."""
    person = Person()
    person.book(day=3)
    booking = _only_booking(person)
    strangers = (
        Somebody(org_id=OTHER_ORG, client_id=booking.client_id),
        Somebody(org_id=OTHER_ORG, booking_id=booking.id),
        Somebody(org_id=ORG, client_id="cli_0"),
        Somebody(org_id=ORG, client_id="cli_0", booking_id=booking.id),
        Somebody(org_id=ORG),
        Somebody(user_id="usr_1"),
        Somebody(client_id=booking.client_id),
    )
    for stranger in strangers:
        assert personal.find(stranger) is None
        assert (list(personal.export(stranger)), personal.remove(stranger)) == ([], 0)
    assert _only_booking(person) == booking


def test_his_bookings_and_conversations_are_told() -> None:
    """PLAT-23."""
    person = Person()
    person.book(day=3)
    bookings, conversations = personal.export(_known(client_id=_client_id(person)))
    [told] = bookings.items
    assert (told["client_name"], told["contact"]["chat"], told["status"]) == (NAME, person.contact.chat, "booked")
    assert told["start"].endswith("Z")
    assert conversations.items == ({"name": NAME, "language": "en", "masters": {"anna": "Анна Светлова"}},)


def test_a_removed_clients_visits_have_no_person_and_still_take_place() -> None:
    """PLAT-23: time, service and money stay, and the time stays taken."""
    person = Person()
    person.book(day=3)
    before = _only_booking(person)
    assert personal.remove(_known(client_id=before.client_id)) == 2
    after = find_booking(ORG, before.id)
    assert after == before.model_copy(update={"client_name": "", "comment": "", "contact": None})
    master = find_master("anna")
    days = find_days(master, before.start.date(), before.end.date(), is_consistent=True)
    assert before.id in [visit.booking_id for day in days for visit in day.visits]
    assert find_conversation(conversation_key(person.contact), None)[0] is None


def test_nobody_is_reminded_of_a_removed_clients_visit() -> None:
    """PLAT-23, BOOK-14."""
    person = Person()
    person.book(day=6)
    booking = _only_booking(person)
    assert booking.id in _timed()
    personal.remove(_known(booking_id=booking.id))
    assert booking.id not in _timed()


def test_a_removal_may_be_repeated_and_leaves_others_alone() -> None:
    person, other = Person(), Person()
    person.book(day=3)
    other.book(day=4)
    kept, found = _only_booking(other), _known(client_id=_client_id(person))
    assert [personal.remove(found) for _ in range(3)] == [2, 0, 0]
    assert personal.remove(_known(client_id=found.client_id)) == 0
    assert _only_booking(other) == kept


def test_whoever_comes_back_begins_anew() -> None:
    person = Person()
    person.book(day=3)
    was = _client_id(person)
    personal.remove(_known(client_id=was))
    person.start()
    assert _client_id(person) != was


def test_a_booking_made_over_http_is_its_own_client() -> None:
    """PLAT-23: without a chat, with name and comment."""
    slots = "/v1/booking/masters/anna/slots"
    start = call("GET", slots, query={"service": "1", "place": "1", "days": "10"})[1]["items"][-1]["start"]
    body = {"service": "1", "place": "1", "start": start, "client_name": NAME, "comment": COMMENT}
    _, made, _ = call("POST", "/v1/booking/masters/anna/bookings", body=body)
    found = _known(booking_id=made["id"])
    [section] = personal.export(found)
    assert [(item["client_name"], item["comment"]) for item in section.items] == [(NAME, COMMENT)]
    assert personal.remove(found) == 1
    [section] = personal.export(found)
    assert "comment" not in section.items[0] or not section.items[0]["comment"]


def test_a_booking_that_changes_meanwhile_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-21."""
    person = Person()
    person.book(day=3)
    booking, tries = _only_booking(person), list[Booking]()

    def busy(transaction: Any, given: Booking) -> Booking:
        tries.append(given)
        stale = given.model_copy(update={"language": "xx"}) if len(tries) == 1 else given
        return write_nameless(transaction, stale)

    monkeypatch.setattr(personal, "write_nameless", busy)
    personal.remove(_known(client_id=booking.client_id))
    after = find_booking(ORG, booking.id)
    assert after is not None
    assert (len(tries), after.client_name) == (2, "")


def test_a_booking_that_never_rests_is_left_for_another_try(monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person()
    person.book(day=3)
    found = _known(client_id=_client_id(person))
    stale = _only_booking(person).model_copy(update={"language": "xx"})
    monkeypatch.setattr(personal, "write_nameless", lambda transaction, _: write_nameless(transaction, stale))
    monkeypatch.setattr(personal, "give_way", lambda *_: None)
    with pytest.raises(Contended):
        personal.remove(found)


def _timed() -> str:
    return " ".join(row.sk for row in Timer.scan())


def test_somebody_with_a_login_is_known_by_his_own_chats() -> None:
    """PLAT-23: first his bookings lose their person, then the chat goes that they are found by."""
    person = Person()
    person.book(day=3)
    booking = _only_booking(person)
    somebody = Somebody(user_id="usr_1", contacts=(person.contact,))
    assert personal.find(somebody) is None
    assert [section.name for section in personal.export(somebody)] == ["bookings", "conversations"]
    assert personal.remove(somebody) == 2
    left = find_booking(ORG, booking.id)
    assert left is not None
    assert (left.client_name, left.contact, left.start) == ("", None, booking.start)
    assert personal.remove(somebody) == 0
