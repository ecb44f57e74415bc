"""What stands already: the client's bookings, their cancelling, and the choice among masters."""

from __future__ import annotations

from functions.booking.actions import Action, Step
from functions.booking.dialog import screens
from functions.booking.dialog.menu import menu
from functions.booking.dialog.turn import Cancel, Reading, Situation, Turn
from functions.booking.models import Booking, BookingStatus, Master


def reading(action: Action) -> Reading:
    """The booking that an action names, or all of the client's."""
    if action.step is Step.BOOKINGS:
        return Reading(wants_bookings=True)
    return Reading(booking_id=action.subject)


def bookings(situation: Situation, master: Master, action: Action) -> Turn:
    """The bookings that are ahead with this master."""
    ahead = [each for each in situation.bookings if each.code == master.code and _stands(each, situation)]
    return Turn(screens.bookings(master, ahead, situation.words, action.page), situation.conversation)


def booking(situation: Situation, master: Master, _action: Action) -> Turn:
    """One booking."""
    found = _own(situation)
    if found is None:
        return _nothing(situation, master)
    return Turn(screens.card(found, situation.words, note=situation.words("Your booking:")), situation.conversation)


def ask_cancel(situation: Situation, master: Master, _action: Action) -> Turn:
    """The question before a booking is cancelled."""
    found = _own(situation)
    if found is None:
        return _nothing(situation, master)
    return Turn(screens.cancel_question(found, situation.words), situation.conversation)


def cancel(situation: Situation, master: Master, _action: Action) -> Turn:
    """The end of a booking; a second tap finds none that stands."""
    found = _own(situation)
    if found is None:
        return _nothing(situation, master)
    return Turn(screens.cancelled(found, situation.words), situation.conversation, Cancel(found))


def masters(situation: Situation, _master: Master, _action: Action) -> Turn:
    """The masters whose links the person has followed."""
    return Turn(screens.masters(situation.conversation.masters, situation.words), situation.conversation)


def master(situation: Situation, chosen: Master, _action: Action) -> Turn:
    """The chat goes on with the chosen master."""
    return menu(situation, chosen)


def _own(situation: Situation) -> Booking | None:
    """The booking that was asked for, where it is this client's and still ahead."""
    found = situation.booking
    is_own = found is not None and found.client_id == situation.conversation.client_id
    return found if found is not None and is_own and _stands(found, situation) else None


def _stands(found: Booking, situation: Situation) -> bool:
    return found.status is BookingStatus.BOOKED and found.end > situation.now


def _nothing(situation: Situation, master: Master) -> Turn:
    return menu(situation, master, note=situation.words("This booking no longer stands."))
