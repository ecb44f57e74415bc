"""Reminders: a timer that has come due becomes a message to the client, once, and only while the booking stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from functions.booking.actions import Action, Step, payload
from functions.booking.dialog import wording
from functions.booking.models import Booking, BookingStatus
from functions.booking.tables import find_booking
from shared import idempotency, log, outbox
from shared.bus import Button, OutboundMessage, TimerDue
from shared.clock import now
from shared.i18n import words
from shared.ids import new_id
from shared.tables import Transaction


def remind(org_id: str, due: TimerDue) -> None:
    """Reminds a client of his visit.

    Shape: says nothing where the booking was cancelled or moved, has begun, or a later reminder is due as well.
    """
    booking = find_booking(org_id, due.subject["booking_id"])
    if booking is None or not _is_wanted(booking, due, now()):
        log.info("reminder.dropped", timer_id=due.timer_id)
        return
    transaction = Transaction()
    idempotency.once(transaction, "timer", due.timer_id)
    hints = outbox.add(transaction, org_id, [_message(booking)])
    try:
        transaction.commit()
    except idempotency.AlreadyDone:
        log.info("reminder.repeated", timer_id=due.timer_id)
        return
    outbox.announce(org_id, hints)
    log.count("ReminderSent")


def _is_wanted(booking: Booking, due: TimerDue, moment: datetime) -> bool:
    before_min = int(due.subject["before_min"])
    later_due = any(
        before < before_min and booking.start - timedelta(minutes=before) <= moment for before in booking.reminders_min
    )
    return (
        booking.contact is not None
        and booking.status is BookingStatus.BOOKED
        and booking.start == datetime.fromisoformat(due.subject["start"])
        and moment < booking.start
        and not later_due
    )


def _message(booking: Booking) -> OutboundMessage:
    if booking.contact is None:
        raise ValueError("nobody to remind")
    w = words(booking.language)
    text = w("A reminder of your visit:") + "\n\n" + wording.summary(booking, w)
    button = Button(
        label=w("Cancel the booking"),
        payload=payload(Action(Step.ASK_CANCEL, booking.code, subject=booking.id)),
    )
    return OutboundMessage(id=new_id("msg"), contact=booking.contact, text=text, buttons=((button,),))
