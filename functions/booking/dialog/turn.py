"""What one turn of the dialog is given and gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from functions.booking.models import Booking, Conversation, Day, Master
from shared.bus import ChannelLimits, Contact
from shared.i18n import Words

Choice = tuple[str, str]
"""A button's label and payload."""


@dataclass(frozen=True)
class Reading:
    """What has to be read before a turn: days of the master, one booking, or the client's bookings."""

    first: date | None = None
    last: date | None = None
    booking_id: str = ""
    wants_bookings: bool = False


@dataclass(frozen=True)
class Situation:
    """What is known when a person says something.

    Shape: `fresh_id` is the id that a booking made in this turn will have.
    """

    conversation: Conversation
    master: Master | None
    now: datetime
    limits: ChannelLimits
    words: Words
    contact: Contact
    fresh_id: str
    days: tuple[Day, ...] = ()
    booking: Booking | None = None
    bookings: tuple[Booking, ...] = ()


@dataclass(frozen=True)
class Book:
    """The effect that takes the time of a booking."""

    booking: Booking


@dataclass(frozen=True)
class Cancel:
    """The effect that ends a booking."""

    booking: Booking


@dataclass(frozen=True)
class Rename:
    """The effect that gives a booking its client's name."""

    booking: Booking
    name: str


Effect = Book | Cancel | Rename


@dataclass(frozen=True)
class Screen:
    """A message with its choices, before it is fitted to a channel.

    Shape: `choices` are paged where there are too many; `footer` stands under every page.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    footer: tuple[Choice, ...] = ()
    columns: int = 1
    page: int = 0
    turn_page: str = ""


@dataclass(frozen=True)
class Turn:
    """What we say, how the conversation stands then, and the one thing that is to be done."""

    screen: Screen
    conversation: Conversation
    effect: Effect | None = None
