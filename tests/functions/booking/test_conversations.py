"""The dialog as people live it, on stored state."""

from __future__ import annotations

import pytest

from functions.booking.models import BookingStatus
from functions.booking.tables import bookings_of, find_conversation, find_days, find_master
from shared import idempotency, outbox
from shared.bus import OutboundMessage
from shared.outbox import conversation_key
from shared.tables import Transaction
from shared.timers import Timer
from tests.support.moto_aws import waiting
from tests.support.people import Person

pytestmark = pytest.mark.usefixtures("demo")


def _bookings(person: Person) -> list[str]:
    conversation, _ = find_conversation(conversation_key(person.contact), None)
    assert conversation is not None
    found = bookings_of(conversation.client_id, "0", 100)
    return [booking.status.value for booking in found]


def test_a_client_books_in_four_taps() -> None:
    """BOOK-11, BOOK-20: service, day, time, confirm."""
    person = Person()
    greeting = person.start()
    assert "Анна Светлова" in greeting.text
    person.tap("Маникюр ·")
    person.tap(0)
    person.tap(0)
    booked = person.tap("Confirm")
    assert booked.text.startswith("You are booked")
    assert "Маникюр" in booked.text
    assert _bookings(person) == [BookingStatus.BOOKED]


def test_a_link_shows_its_master_and_no_other() -> None:
    """BOOK-10."""
    person = Person()
    person.start("anna")
    assert not any("Boris" in text for text in (person.said.text, *person.labels()))
    assert "Another master" not in person.labels()
    forged = person.tap_payload("s:boris:1")
    assert "Boris" not in forged.text


def test_somebody_with_two_links_chooses_at_any_moment() -> None:
    """BOOK-10."""
    person = Person()
    person.start("anna")
    person.start("boris")
    assert "Boris Woodward" in person.said.text
    person.tap("Another master")
    person.tap("Анна Светлова")
    assert "Анна Светлова" in person.said.text


def test_a_service_of_two_places_asks_for_the_place() -> None:
    person = Person()
    person.start("boris")
    person.tap("Check-up")
    assert person.labels()[:2] == ["Workshop", "Market stall"]
    person.tap("Market stall")
    assert "Which day" in person.said.text
    person.start("boris")
    person.tap("Full service")
    assert "Which day" in person.said.text


def test_the_second_of_two_gets_other_times() -> None:
    """BOOK-12."""
    first, second = Person(), Person()
    late = second.to_confirmation()
    taken = second.said.text
    first.book()
    answer = second.tap_payload(late)
    assert "just taken" in answer.text
    assert "Which time" in answer.text
    assert taken.split("\n")[3] not in answer.text
    assert _bookings(second) == []
    second.tap(0)
    assert second.tap("Confirm").text.startswith("You are booked")


def test_a_redelivered_update_has_no_second_effect() -> None:
    """BOOK-21."""
    person = Person()
    confirm = person.to_confirmation()
    person.tap_payload(confirm, event_id="again")
    number = len(person.history())
    person.tap_payload(confirm, event_id="again")
    assert len(person.history()) == number
    assert _bookings(person) == [BookingStatus.BOOKED]


def test_a_double_tap_books_once_and_shows_the_booking() -> None:
    """BOOK-21."""
    person = Person()
    confirm = person.to_confirmation()
    person.tap_payload(confirm)
    answer = person.tap_payload(confirm)
    assert "booked already" in answer.text
    assert _bookings(person) == [BookingStatus.BOOKED]


def test_an_old_confirmation_says_so() -> None:
    """BOOK-21."""
    person = Person()
    old = person.to_confirmation()
    person.to_confirmation(day=2)
    answer = person.tap_payload(old)
    assert "too old" in answer.text
    assert _bookings(person) == []


def test_after_cancelling_the_old_confirmation_does_not_book_again() -> None:
    """BOOK-21."""
    person = Person()
    confirm = person.to_confirmation()
    person.tap_payload(confirm)
    person.tap("Cancel the booking")
    person.tap("Yes, cancel")
    person.tap_payload(confirm)
    assert _bookings(person) == [BookingStatus.CANCELLED]


def test_a_strangers_booking_cannot_be_seen_or_cancelled() -> None:
    owner, stranger = Person(), Person()
    owner.book()
    cancel = owner.button("Cancel the booking").payload
    stranger.start()
    assert "no longer stands" in stranger.tap_payload(cancel).text
    assert "no longer stands" in stranger.tap_payload(cancel.replace("x:", "y:", 1)).text
    assert _bookings(owner) == [BookingStatus.BOOKED]


def test_a_cancelled_time_is_free_again() -> None:
    person = Person()
    person.book()
    master = find_master("anna")
    conversation, _ = find_conversation(conversation_key(person.contact), None)
    assert conversation is not None
    booking = bookings_of(conversation.client_id, "0", 1)[0]
    day = booking.start.date()
    assert find_days(master, day, day, is_consistent=True)[0].visits
    person.tap("Cancel the booking")
    assert person.tap("Yes, cancel").text.startswith("The booking is cancelled")
    assert find_days(master, day, day, is_consistent=True)[0].visits == ()
    assert list(Timer.scan()) == []


def test_the_name_is_asked_where_the_messenger_tells_none() -> None:
    person = Person(name="")
    assert "your name" in person.book().text
    assert person.write("  Ольга \n П. ").text.startswith("Thank you, Ольга П.!")
    conversation, _ = find_conversation(conversation_key(person.contact), None)
    assert conversation is not None
    assert bookings_of(conversation.client_id, "0", 1)[0].client_name == "Ольга П."
    assert "your name" not in person.book(day=3).text


def test_own_bookings_are_listed() -> None:
    person = Person()
    person.start()
    assert "no bookings ahead" in person.tap("My bookings").text
    person.book()
    person.start()
    assert "Your bookings" in person.tap("My bookings").text
    assert "Маникюр" in person.tap(0).text


def test_strange_messages_get_a_helpful_answer() -> None:
    """BOOK-23: a sticker, a text, a start without a link, a link that leads nowhere."""
    person = Person()
    assert "Open the link" in person.start("").text
    assert "leads nowhere" in person.start("nobody").text
    assert "Open the link" in person.write("hello").text
    person.start()
    assert "cannot read" in person.send_sticker().text
    assert "choose with the buttons" in person.write("tomorrow at 7").text
    assert "too old" in person.tap_payload("no such button").text


def test_the_answer_is_in_the_persons_language() -> None:
    """PLAT-42."""
    assert "на что вас записать" in Person(language="ru-RU").start().text
    assert "what would you like" in Person(language="it").start().text


def test_a_tap_edits_the_message_it_was_made_on() -> None:
    person = Person()
    assert person.start().edits is None
    answer = person.tap(0)
    assert (answer.edits, answer.receipt) == ("77", "cb")


def test_every_answer_is_announced_with_its_lease() -> None:
    waiting("outgoing-telegram.fifo")
    person = Person()
    said = person.start()
    bodies = waiting("outgoing-telegram.fifo")
    assert len(bodies) == 1
    assert said.id in bodies[0]


def test_a_crash_after_the_commit_loses_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """BOOK-21: the hint is lost, the row is not, the repeated update changes nothing."""
    person = Person()

    def crash(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "announce", crash)
        with pytest.raises(RuntimeError):
            person.start(event_id="crash")
    person.start(event_id="crash")
    assert len(person.history()) == 1
    assert outbox.OutboxRow.query(conversation_key(person.contact)).next().status == "unsent"


def test_a_crash_before_the_commit_is_as_if_nothing_was(monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person()
    confirm = person.to_confirmation()

    def crash(_: Transaction) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "commit", crash)
        with pytest.raises(RuntimeError):
            person.tap_payload(confirm, event_id="crash")
    assert _bookings(person) == []
    assert person.tap_payload(confirm, event_id="crash").text.startswith("You are booked")


def test_events_are_remembered_for_eight_days() -> None:
    """PLAT-11."""
    person = Person()
    person.start(event_id="kept")
    done = next(iter(idempotency.Done.scan()))
    assert done.sk == "kept"
    assert done.expires_at is not None


def test_no_address_of_a_person_stands_in_a_key() -> None:
    """PLAT-22: chats are found by a keyed digest."""
    person = Person(chat="700000001")
    person.book()
    for row in outbox.OutboxRow.scan():
        assert "700000001" not in row.pk + row.sk
    assert isinstance(person.said, OutboundMessage)
