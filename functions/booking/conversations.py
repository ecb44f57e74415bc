"""Conversations: an inbound message is read, decided on, and answered in one transaction."""

from __future__ import annotations

from functions.booking import dialog, reservation
from functions.booking.bookings import write_cancelled, write_new, write_renamed
from functions.booking.dialog.layout import rows, shortened
from functions.booking.models import Booking, Conversation, Day, Master
from functions.booking.tables import (
    CONVERSATION_KEPT,
    bookings_of,
    find_booking,
    find_conversation,
    find_days,
    find_master,
    write_conversation,
)
from shared import audit, idempotency, log, outbox, timers
from shared.audit import Actor
from shared.bus import InboundMessage, OutboundMessage
from shared.clock import epoch_s, now
from shared.contention import ATTEMPTS, give_way
from shared.errors import Contended, NotFound
from shared.i18n import words
from shared.ids import new_id
from shared.outbox import conversation_key
from shared.tables import Transaction
from shared.timers import Timer

LISTED_MOST = 20


def take(org_id: str, message: InboundMessage) -> None:
    """Answers one message, once; where others change the same things it is decided anew.

    Raises: Contended after many attempts.
    """
    for attempt in range(ATTEMPTS):
        try:
            _turn(org_id, message)
        except Contended:
            give_way("conversation", attempt)
        except idempotency.AlreadyDone:
            log.info("message.repeated", channel=message.contact.channel)
            return
        else:
            return
    raise Contended("Too many change the same things.", retry_after_s=1)


def _turn(org_id: str, message: InboundMessage) -> None:
    situation = _situation(message)
    turn = dialog.answer(situation, message)
    transaction = Transaction()
    idempotency.once(transaction, situation.conversation.key, message.event_id)
    if turn.conversation != situation.conversation or not situation.conversation.version:
        write_conversation(transaction, turn.conversation, epoch_s(situation.now + CONVERSATION_KEPT))
    with audit.acting(_client(org_id, situation, message)):
        made = _write(transaction, situation, turn.effect)
        _note_first_contact(transaction, situation, turn.conversation)
    hints = outbox.add(transaction, org_id, [_said(situation, turn.screen, message)])
    transaction.commit()
    if turn.effect is not None:
        log.count("BookingChanged", effect=type(turn.effect).__name__)
    outbox.announce(org_id, hints)
    timers.announce(made)


def _client(org_id: str, situation: dialog.Situation, message: InboundMessage) -> Actor:
    way: audit.Way = "socket" if message.contact.route else "bot"
    return Actor("client", situation.conversation.client_id, way, org_id)


def _note_first_contact(transaction: Transaction, situation: dialog.Situation, after: Conversation) -> None:
    """Notes that a client has followed a master's link for the first time."""
    master = situation.master
    if master is not None and after.masters.keys() - situation.conversation.masters.keys():
        audit.add(transaction, "booking.link.followed", master.id, org_id=master.org_id, way="link")


def _situation(message: InboundMessage) -> dialog.Situation:
    code = dialog.code_in(message)
    key = conversation_key(message.contact)
    conversation, master = find_conversation(key, code)
    if conversation is None:
        conversation = Conversation(
            key=key, client_id=new_id("cli"), language=words(message.language).language, name=message.name
        )
    if master is not None and not dialog.may_enter(conversation, message):
        master = None
    if master is None and conversation.active:
        master = _active(conversation)
    moment = now()
    reading = dialog.reading(conversation, master, message, moment)
    return dialog.Situation(
        conversation=conversation,
        master=master,
        now=moment,
        limits=message.limits,
        words=words(conversation.language),
        contact=message.contact.model_copy(update={"route": None}),
        fresh_id=new_id("bkg"),
        days=_days(master, reading),
        booking=find_booking(master.org_id, reading.booking_id) if master and reading.booking_id else None,
        bookings=tuple(bookings_of(conversation.client_id, moment.isoformat(), LISTED_MOST))
        if reading.wants_bookings
        else (),
    )


def _active(conversation: Conversation) -> Master | None:
    try:
        return find_master(conversation.active)
    except NotFound:
        return None


def _days(master: Master | None, reading: dialog.Reading) -> tuple[Day, ...]:
    if master is None or reading.first is None or reading.last is None:
        return ()
    return find_days(master, reading.first, reading.last, is_consistent=True)


def _write(transaction: Transaction, situation: dialog.Situation, effect: dialog.Effect | None) -> list[Timer]:
    """Adds what a turn does to the transaction; gives the timers to announce after it."""
    master = situation.master
    if effect is None or master is None:
        return []
    if isinstance(effect, dialog.Book):
        return write_new(transaction, master, situation.days, effect.booking)
    if isinstance(effect, dialog.Cancel):
        write_cancelled(transaction, _days_of(master, effect.booking), effect.booking)
    else:
        write_renamed(transaction, effect.booking, effect.name)
    return []


def _days_of(master: Master, booking: Booking) -> tuple[Day, ...]:
    first, last = reservation.dates_around(booking.start, booking.end, master.zone)
    return find_days(master, first, last, is_consistent=True)


def _said(situation: dialog.Situation, screen: dialog.Screen, message: InboundMessage) -> OutboundMessage:
    limits = message.limits
    return OutboundMessage(
        id=new_id("msg"),
        contact=message.contact,
        text=shortened(screen.text, limits.text),
        buttons=rows(screen, limits, situation.words),
        edits=message.tapped if limits.may_edit else None,
        receipt=message.receipt,
        answers=message.label or message.text,
        reply_to=message.event_id,
    )
