"""The answer to anything that a person says or taps.

Choosing is free of effects, so buttons of old messages go on working; what takes or frees time happens once: a
confirmation works for the offer it was drawn for, a cancellation for a booking that stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from functions.booking.actions import Action, Step, read
from functions.booking.dialog import choosing, screens, standing
from functions.booking.dialog.menu import menu
from functions.booking.dialog.turn import Reading, Rename, Situation, Turn
from functions.booking.models import Conversation, Master
from shared.bus import InboundKind, InboundMessage

MAX_NAME = 60
Answer = Callable[[Situation, Master, Action], Turn]

ANSWERS: dict[Step, Answer] = {
    Step.SERVICES: choosing.services,
    Step.SERVICE: choosing.service,
    Step.DAYS: choosing.days,
    Step.TIMES: choosing.times,
    Step.OFFER: choosing.offer,
    Step.CONFIRM: choosing.confirm,
    Step.BOOKINGS: standing.bookings,
    Step.BOOKING: standing.booking,
    Step.ASK_CANCEL: standing.ask_cancel,
    Step.CANCEL: standing.cancel,
    Step.MASTERS: standing.masters,
    Step.MASTER: standing.master,
}


def code_in(message: InboundMessage) -> str:
    """The code of the master that a message names by itself, empty where it names none."""
    if message.kind is InboundKind.START:
        return message.payload
    action = read(message.payload) if message.kind is InboundKind.TAP else None
    return action.code if action else ""


def may_enter(conversation: Conversation, message: InboundMessage) -> bool:
    """Whether a message may lead to the master that it names: a link may, a button only where his link was followed."""
    return message.kind is InboundKind.START or code_in(message) in conversation.masters


def reading(conversation: Conversation, master: Master | None, message: InboundMessage, now: datetime) -> Reading:
    """What has to be read before `answer` can decide."""
    if message.kind is InboundKind.TEXT and conversation.is_asked_name:
        return Reading(booking_id=conversation.last_booking)
    action = read(message.payload) if message.kind is InboundKind.TAP else None
    if action is None or master is None or action.code not in conversation.masters:
        return Reading()
    if action.step in {Step.SERVICE, Step.DAYS, Step.TIMES, Step.OFFER, Step.CONFIRM}:
        return choosing.reading(conversation, master, action, now)
    return standing.reading(action)


def answer(situation: Situation, message: InboundMessage) -> Turn:
    """What we say to a message, and what is to be done."""
    if message.kind is InboundKind.START:
        return _start(situation, message)
    if message.kind is InboundKind.TAP:
        return _tap(situation, message)
    if message.kind is InboundKind.TEXT and situation.conversation.is_asked_name and message.text.strip():
        return _name(situation, message.text)
    words = situation.words
    if message.kind is InboundKind.OTHER:
        return _menu(situation, words("I cannot read that. Please use the buttons."))
    return _menu(situation, words("Please choose with the buttons."))


def _start(situation: Situation, message: InboundMessage) -> Turn:
    master, conversation = situation.master, situation.conversation
    if master is None and message.payload and not conversation.active:
        return _menu(situation, situation.words("This link leads nowhere. Ask your master for a new one."))
    if master is None:
        return _menu(situation, "")
    known = {**conversation.masters, master.code: master.catalogue.name}
    entered = conversation.model_copy(update={"masters": known, "active": master.code, "is_asked_name": False})
    return menu(_with(situation, entered), master)


def _tap(situation: Situation, message: InboundMessage) -> Turn:
    action = read(message.payload)
    master = situation.master
    if action is None or master is None or action.code not in situation.conversation.masters:
        return _menu(situation, situation.words("This button is too old. Let us begin anew."))
    entered = situation.conversation.model_copy(update={"active": master.code})
    return ANSWERS[action.step](_with(situation, entered), master, action)


def _name(situation: Situation, text: str) -> Turn:
    name = " ".join(text.split())[:MAX_NAME]
    named = situation.conversation.model_copy(update={"name": name, "is_asked_name": False})
    turn = _menu(_with(situation, named), situation.words("Thank you, {name}!", name=name))
    if situation.booking is None:
        return turn
    return Turn(turn.screen, turn.conversation, Rename(situation.booking, name))


def _menu(situation: Situation, note: str) -> Turn:
    if situation.master is None:
        return Turn(screens.no_master(situation.words, note=note), situation.conversation)
    return menu(situation, situation.master, note=note)


def _with(situation: Situation, conversation: Conversation) -> Situation:
    return replace(situation, conversation=conversation)
