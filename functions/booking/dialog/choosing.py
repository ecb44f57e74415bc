"""The way to a booking: service, place, day, time, confirmation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from functions.booking import reservation
from functions.booking.actions import Action, Step
from functions.booking.agreement import Client, new_booking
from functions.booking.dialog import screens
from functions.booking.dialog.menu import menu
from functions.booking.dialog.turn import Book, Reading, Screen, Situation, Turn
from functions.booking.models import Conversation, Master, Offer, Place, Service
from functions.booking.slots import Availability

ONE_DAY = timedelta(days=1)
TOKEN_LENGTH = 8


def reading(conversation: Conversation, master: Master, action: Action, now: datetime) -> Reading:
    """The days that decide about an action; for a confirmation that has worked before, its booking."""
    today = now.astimezone(ZoneInfo(master.zone)).date()
    if action.step is Step.CONFIRM:
        if action.subject == conversation.last_offer:
            return Reading(booking_id=conversation.last_booking)
        return _around(conversation.offer.start if conversation.offer else now, master)
    if action.start is not None:
        return _around(action.start, master)
    if action.day is not None:
        return Reading(first=action.day - ONE_DAY, last=action.day + ONE_DAY)
    return Reading(first=today - ONE_DAY, last=today + timedelta(days=master.catalogue.rules.horizon_days + 1))


def services(situation: Situation, master: Master, action: Action) -> Turn:
    """The master's services."""
    return menu(situation, master, page=action.page)


def service(situation: Situation, master: Master, action: Action) -> Turn:
    """The places of a service, or at once its days where there is one place."""
    chosen = master.service(action.service)
    if chosen is None:
        return _changed(situation, master)
    places = master.places_of(chosen)
    if len(places) > 1:
        return Turn(screens.places(master, chosen, situation.words), situation.conversation)
    return _days(situation, master, chosen, places[0])


def days(situation: Situation, master: Master, action: Action) -> Turn:
    """The days that have free time."""
    chosen = _chosen(master, action.service, action.place)
    return _days(situation, master, *chosen, page=action.page) if chosen else _changed(situation, master)


def times(situation: Situation, master: Master, action: Action) -> Turn:
    """The free times of a day."""
    chosen = _chosen(master, action.service, action.place)
    if chosen is None or action.day is None:
        return _changed(situation, master)
    return Turn(_times(situation, master, *chosen, action.day, page=action.page), situation.conversation)


def offer(situation: Situation, master: Master, action: Action) -> Turn:
    """A time to confirm, while it is free."""
    chosen = _chosen(master, action.service, action.place)
    if chosen is None or action.start is None:
        return _changed(situation, master)
    if not _availability(situation, master, *chosen).fits(action.start):
        return _taken(situation, master, *chosen, action.start)
    made = Offer(
        token=situation.fresh_id[-TOKEN_LENGTH:],
        service_key=chosen[0].key,
        place_key=chosen[1].key,
        start=action.start,
    )
    screen = screens.confirmation(master, *chosen, made, situation.words)
    return Turn(screen, situation.conversation.model_copy(update={"offer": made}))


def confirm(situation: Situation, master: Master, action: Action) -> Turn:
    """The booking of the offered time; a second tap shows what the first has made."""
    words, conversation = situation.words, situation.conversation
    if situation.booking is not None and action.subject == conversation.last_offer:
        return Turn(screens.card(situation.booking, words, note=words("This is booked already.")), conversation)
    made = conversation.offer
    chosen = _chosen(master, made.service_key, made.place_key) if made and made.token == action.subject else None
    if made is None or chosen is None:
        return menu(situation, master, note=words("This button is too old. Let us begin anew."))
    if not _availability(situation, master, *chosen).fits(made.start):
        return _taken(situation, master, *chosen, made.start)
    return _booked(situation, master, chosen, made)


def _booked(situation: Situation, master: Master, chosen: tuple[Service, Place], made: Offer) -> Turn:
    words, conversation = situation.words, situation.conversation
    name = conversation.name or words("Guest")
    client = Client(conversation.client_id, name, situation.contact, conversation.language)
    booking = new_booking(master, *chosen, made.start, client, booking_id=situation.fresh_id, now=situation.now)
    asks_name = not conversation.name
    after = conversation.model_copy(
        update={"offer": None, "last_offer": made.token, "last_booking": booking.id, "is_asked_name": asks_name}
    )
    note = words("You are booked ✅")
    screen = screens.card(booking, words, note=note)
    if asks_name:
        question = words("What is your name? Write it here, so that the master knows who comes.")
        screen = Screen(f"{screen.text}\n\n{question}", screen.choices)
    return Turn(screen, after, Book(booking))


def _days(situation: Situation, master: Master, service: Service, place: Place, *, page: int = 0) -> Turn:
    today = situation.now.astimezone(ZoneInfo(place.zone)).date()
    horizon = master.catalogue.rules.horizon_days
    free = _availability(situation, master, service, place).free_days(today, horizon + 1)
    return Turn(screens.days(master, service, place, free, situation.words, page=page), situation.conversation)


def _times(  # each is shown
    situation: Situation,
    master: Master,
    service: Service,
    place: Place,
    day: date,
    *,
    page: int = 0,
    note: str = "",
) -> Screen:
    free = _availability(situation, master, service, place).free_starts(day)
    return screens.times(master, service, place, day, free, situation.words, page=page, note=note)


def _taken(situation: Situation, master: Master, service: Service, place: Place, start: datetime) -> Turn:
    """Other times of the same day, for somebody who came second."""
    day = start.astimezone(ZoneInfo(place.zone)).date()
    note = situation.words("Somebody has just taken this time.")
    return Turn(_times(situation, master, service, place, day, note=note), situation.conversation)


def _changed(situation: Situation, master: Master) -> Turn:
    return menu(situation, master, note=situation.words("The master has changed what he offers. Let us begin anew."))


def _availability(situation: Situation, master: Master, service: Service, place: Place) -> Availability:
    return reservation.availability(master, service, place, situation.days, situation.now)


def _chosen(master: Master, service_key: str, place_key: str) -> tuple[Service, Place] | None:
    service = master.service(service_key)
    place = master.place(place_key)
    return (service, place) if service and place and place.key in service.places else None


def _around(start: datetime, master: Master) -> Reading:
    first, last = reservation.dates_around(start, start + ONE_DAY, master.zone)
    return Reading(first=first, last=last)
