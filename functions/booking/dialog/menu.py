"""The menu of a master's services: where every conversation begins, and where it returns to."""

from __future__ import annotations

from functions.booking.dialog import screens
from functions.booking.dialog.turn import Situation, Turn
from functions.booking.models import Master


def menu(situation: Situation, master: Master, *, note: str = "", page: int = 0) -> Turn:
    """The master's services, below a note; with a way to another master where the person knows several."""
    may_change = len(situation.conversation.masters) > 1
    screen = screens.services(master, situation.words, note=note, page=page, may_change=may_change)
    return Turn(screen, situation.conversation)
