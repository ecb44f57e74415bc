"""Reminders come once, and only for a visit that stands."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from functions.booking import jobs, reminders
from functions.booking.models import Booking
from functions.booking.tables import bookings_of, find_conversation
from shared import clock, timers
from shared.bus import TimerDue
from shared.clock import now
from shared.outbox import conversation_key
from tests.support.moto_aws import waiting
from tests.support.people import Person

pytestmark = pytest.mark.usefixtures("demo")


def _booking(person: Person) -> Booking:
    conversation, _ = find_conversation(conversation_key(person.contact), None)
    assert conversation is not None
    return bookings_of(conversation.client_id, "0", 1)[0]


@pytest.fixture
def booked() -> Person:
    """Somebody who has booked for about a week ahead."""
    person = Person()
    person.book(day=6)
    return person


def _due(booking: Booking, before_min: int = 1440) -> TimerDue:
    return TimerDue(
        timer_id=f"{booking.id}#{before_min}",
        name="booking.reminder",
        due_at=booking.start - timedelta(minutes=before_min),
        subject={"booking_id": booking.id, "start": booking.start.isoformat(), "before_min": str(before_min)},
    )


def test_a_day_and_two_hours_before_the_visit(booked: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """BOOK-14: the timers that a booking sets come due then, and each becomes one message."""
    booking = _booking(booked)
    before = len(booked.history())
    for hours, expected in ((25, 0), (23, 1), (1.9, 2)):
        moment = booking.start - timedelta(hours=hours)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        monkeypatch.setattr(reminders, "now", lambda moment=moment: moment)
        timers.fire_due(moment)
        _consume()
        assert len(booked.history()) == before + expected
    assert "reminder of your visit" in booked.said.text
    assert booked.labels() == ["Cancel the booking"]


def test_the_same_timer_twice_reminds_once(booked: Person) -> None:
    """BOOK-14: never twice."""
    before = len(booked.history())
    for _ in range(3):
        reminders.remind("org_lipa", _due(_booking(booked)))
    assert len(booked.history()) == before + 1


def test_a_cancelled_booking_is_not_reminded_of(booked: Person) -> None:
    """BOOK-14."""
    due = _due(_booking(booked))
    booked.tap("Cancel the booking")
    booked.tap("Yes, cancel")
    before = len(booked.history())
    reminders.remind("org_lipa", due)
    assert len(booked.history()) == before


def test_a_timer_of_another_start_is_dropped(booked: Person) -> None:
    """BOOK-14: what was moved is not reminded of at its old time."""
    due = _due(_booking(booked))
    moved = due.model_copy(update={"subject": {**due.subject, "start": "2026-01-01T00:00:00+00:00"}})
    before = len(booked.history())
    reminders.remind("org_lipa", moved)
    assert len(booked.history()) == before


def test_late_reminders_do_not_come_in_a_heap(booked: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    booking = _booking(booked)
    monkeypatch.setattr(reminders, "now", lambda: booking.start - timedelta(hours=1))
    before = len(booked.history())
    reminders.remind("org_lipa", _due(booking, 1440))
    reminders.remind("org_lipa", _due(booking, 120))
    assert len(booked.history()) == before + 1
    monkeypatch.setattr(reminders, "now", lambda: booking.start)
    reminders.remind("org_lipa", _due(booking, 120))
    assert len(booked.history()) == before + 1


def test_an_unknown_booking_is_no_failure() -> None:
    due = TimerDue(
        timer_id="bkg_none#120",
        name="booking.reminder",
        due_at=now(),
        subject={"booking_id": "bkg_none", "start": now().isoformat(), "before_min": "120"},
    )
    reminders.remind("org_lipa", due)


def _consume() -> None:
    records = [
        {"messageId": str(at), "receiptHandle": "r", "body": body, "attributes": {}}
        for at, body in enumerate(waiting("timers-booking"))
    ]
    assert json.dumps(jobs.timers({"Records": records}, None)) == '{"batchItemFailures": []}'
