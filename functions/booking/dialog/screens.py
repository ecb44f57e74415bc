"""The screens of the dialog: what each says and which choices it offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from functions.booking.actions import Action, Step, payload
from functions.booking.dialog import wording
from functions.booking.dialog.turn import Choice, Screen
from functions.booking.models import Booking, Master, Offer, Place, Service
from shared.i18n import Words

DAY_COLUMNS = 2
TIME_COLUMNS = 4


def services(master: Master, words: Words, *, note: str = "", page: int = 0, may_change: bool = False) -> Screen:
    """Which service; the beginning of every booking."""
    head = words("{master}: what would you like to book?", master=master.catalogue.name)
    text = "\n\n".join(part for part in (note, head if note else _greeting(master, head)) if part)
    choices = tuple(
        (_service_label(service, words), payload(Action(Step.SERVICE, master.code, service=service.key)))
        for service in master.catalogue.services
    )
    footer = [(words("My bookings"), payload(Action(Step.BOOKINGS, master.code)))]
    if may_change:
        footer.append((words("Another master"), payload(Action(Step.MASTERS, master.code))))
    return Screen(text, choices, tuple(footer), page=page, turn_page=_turning(Action(Step.SERVICES, master.code)))


def places(master: Master, service: Service, words: Words) -> Screen:
    """Which place, for a service that is offered at several."""
    choices = tuple(
        (place.name, payload(Action(Step.DAYS, master.code, service=service.key, place=place.key)))
        for place in master.places_of(service)
    )
    text = "\n".join(
        [words("{service}. Where?", service=service.name), *(_where(p) for p in master.places_of(service))]
    )
    return Screen(text, choices, (_back(Action(Step.SERVICES, master.code), words),))


def days(  # each is shown
    master: Master, service: Service, place: Place, free: Sequence[date], words: Words, *, page: int = 0, note: str = ""
) -> Screen:
    """Which day, of those that have free time."""
    asked = Action(Step.DAYS, master.code, service=service.key, place=place.key)
    choices = tuple(
        (wording.short_day(day, words), payload(Action(Step.TIMES, master.code, service.key, place.key, day=day)))
        for day in free
    )
    question = words("{service}. Which day?", service=service.name) if free else words("There is no free time for now.")
    text = "\n\n".join(part for part in (note, question) if part)
    back = Action(Step.SERVICES, master.code)
    return Screen(text, choices, (_back(back, words),), DAY_COLUMNS, page, _turning(asked))


def times(  # noqa: PLR0913  # each is shown
    master: Master,
    service: Service,
    place: Place,
    day: date,
    free: Sequence[datetime],
    words: Words,
    *,
    page: int = 0,
    note: str = "",
) -> Screen:
    """Which time of a day."""
    asked = Action(Step.TIMES, master.code, service.key, place.key, day=day)
    choices = tuple(
        (
            wording.clock(start, place.zone),
            payload(Action(Step.OFFER, master.code, service.key, place.key, start=start)),
        )
        for start in free
    )
    when = wording.long_day(day, words)
    question = (
        words("{service}, {day}. Which time?", service=service.name, day=when)
        if free
        else words("Nothing is free any more on {day}.", day=when)
    )
    text = "\n\n".join(part for part in (note, question) if part)
    back = Action(Step.DAYS, master.code, service=service.key, place=place.key)
    return Screen(text, choices, (_back(back, words),), TIME_COLUMNS, page, _turning(asked))


def confirmation(master: Master, service: Service, place: Place, offer: Offer, words: Words) -> Screen:
    """Whether everything is right, before the time is taken."""
    zone = place.zone
    lines = [
        words("Shall I book this?"),
        "",
        f"{service.name}, {wording.duration(service.duration_min, words)}",
        wording.moment_words(offer.start, zone, words),
        _where(place),
        wording.price(service.price_kopecks),
    ]
    text = "\n".join([*lines[:2], *(line for line in lines[2:] if line)])
    day = offer.start.astimezone(wording.zone_of(zone)).date()
    choices = ((words("✅ Confirm"), payload(Action(Step.CONFIRM, master.code, subject=offer.token))),)
    return Screen(text, choices, (_back(Action(Step.TIMES, master.code, service.key, place.key, day=day), words),))


def card(booking: Booking, words: Words, *, note: str) -> Screen:
    """One booking with what can be done with it."""
    text = f"{note}\n\n{wording.summary(booking, words)}"
    choices = (
        (words("Cancel the booking"), payload(Action(Step.ASK_CANCEL, booking.code, subject=booking.id))),
        (words("Book another time"), payload(Action(Step.SERVICES, booking.code))),
    )
    return Screen(text, choices)


def bookings(master: Master, found: Sequence[Booking], words: Words, page: int = 0) -> Screen:
    """The client's bookings that are still ahead."""
    text = (
        words("Your bookings with {master}:", master=master.catalogue.name)
        if found
        else words("You have no bookings ahead.")
    )
    choices = tuple(
        (
            f"{wording.short_moment(booking.start, booking.zone, words)} · {booking.service_name}",
            payload(Action(Step.BOOKING, booking.code, subject=booking.id)),
        )
        for booking in found
    )
    back = _back(Action(Step.SERVICES, master.code), words)
    return Screen(text, choices, (back,), page=page, turn_page=_turning(Action(Step.BOOKINGS, master.code)))


def cancel_question(booking: Booking, words: Words) -> Screen:
    """Whether the booking shall really be cancelled."""
    text = words("Cancel this booking?") + "\n\n" + wording.summary(booking, words)
    choices = (
        (words("Yes, cancel"), payload(Action(Step.CANCEL, booking.code, subject=booking.id))),
        (words("No, keep it"), payload(Action(Step.BOOKING, booking.code, subject=booking.id))),
    )
    return Screen(text, choices)


def cancelled(booking: Booking, words: Words) -> Screen:
    """That the booking is over."""
    text = words("The booking is cancelled.") + "\n\n" + wording.summary(booking, words)
    return Screen(text, ((words("Book another time"), payload(Action(Step.SERVICES, booking.code))),))


def masters(names: Mapping[str, str], words: Words) -> Screen:
    """Which of the masters whose links the person has followed."""
    choices = tuple((name, payload(Action(Step.MASTER, code))) for code, name in names.items())
    return Screen(words("With whom shall we go on?"), choices)


def no_master(words: Words, *, note: str = "") -> Screen:
    """What to do for somebody who came without a link."""
    advice = words("I book visits. Open the link that your master has given you, and we begin.")
    return Screen("\n\n".join(part for part in (note, advice) if part))


def _greeting(master: Master, question: str) -> str:
    about = master.catalogue.about
    return f"{about}\n\n{question}" if about else question


def _service_label(service: Service, words: Words) -> str:
    parts = (service.name, wording.price(service.price_kopecks) or wording.duration(service.duration_min, words))
    return " · ".join(parts)


def _where(place: Place) -> str:
    return ", ".join(part for part in (place.name, place.address) if part)


def _back(action: Action, words: Words) -> Choice:
    return words("‹ Back"), payload(action)


def _turning(action: Action) -> str:
    """The payload of another page of the same screen, with a place for its number."""
    fields = payload(action).split(":")
    return ":".join([*fields, *[""] * (6 - len(fields)), "{page}"])
