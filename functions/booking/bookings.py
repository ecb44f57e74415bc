"""Making and cancelling bookings: the writes that go together into one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from functions.booking.models import Booking, BookingStatus, Day, Master
from functions.booking.reservation import freed, taken
from functions.booking.tables import master_key, write_booking, write_days
from shared import audit, timers
from shared.clock import now
from shared.tables import Transaction
from shared.timers import Timer

TIMERS_QUEUE = "timers-booking"
REMINDER = "booking.reminder"


def write_new(transaction: Transaction, master: Master, days: Sequence[Day], booking: Booking) -> list[Timer]:
    """Writes a booking, its time and its reminders with the transaction; gives the timers to announce then."""
    write_days(transaction, master_key(master.org_id, master.id), taken(days, booking, master.zone))
    write_booking(transaction, booking)
    audit.add(transaction, "booking.booking.created", booking.id, org_id=booking.org_id)
    made = _reminders(booking)
    for reminder in made:
        timers.add(transaction, reminder)
    return made


def write_cancelled(transaction: Transaction, days: Sequence[Day], booking: Booking) -> Booking:
    """Writes a booking's end, frees its time and takes its reminders back with the transaction."""
    cancelled = booking.model_copy(update={"status": BookingStatus.CANCELLED})
    write_days(transaction, master_key(booking.org_id, booking.master_id), freed(days, booking))
    write_booking(transaction, cancelled, was=booking)
    audit.add(transaction, "booking.booking.cancelled", booking.id, org_id=booking.org_id)
    for reminder in _reminders(booking):
        timers.take_back(transaction, reminder)
    return cancelled


def write_renamed(transaction: Transaction, booking: Booking, client_name: str) -> Booking:
    """Writes the name of a booking's client with the transaction."""
    renamed = booking.model_copy(update={"client_name": client_name})
    write_booking(transaction, renamed, was=booking)
    audit.add(transaction, "booking.booking.renamed", booking.id, org_id=booking.org_id)
    return renamed


def write_nameless(transaction: Transaction, booking: Booking) -> Booking:
    """Writes a booking without its person, and takes its reminders back, with the transaction."""
    nameless = booking.model_copy(update={"client_name": "", "comment": "", "contact": None})
    write_booking(transaction, nameless, was=booking)
    for reminder in _reminders(booking):
        timers.take_back(transaction, reminder)
    return nameless


def _reminders(booking: Booking) -> list[Timer]:
    """The reminders of a booking that are still ahead; nobody is reminded where no chat is known."""
    if booking.contact is None:
        return []
    moments = {before: booking.start - timedelta(minutes=before) for before in booking.reminders_min}
    return [
        timers.timer(
            TIMERS_QUEUE,
            REMINDER,
            due_at,
            org_id=booking.org_id,
            timer_id=f"{booking.id}#{before}",
            subject={"booking_id": booking.id, "start": booking.start.isoformat(), "before_min": str(before)},
        )
        for before, due_at in moments.items()
        if due_at > now()
    ]
