"""The booking dialog: what was said and is known goes in, what to say and to do comes out. Pure, for every channel."""

from functions.booking.dialog.answer import answer, code_in, may_enter, reading
from functions.booking.dialog.turn import Book, Cancel, Effect, Reading, Rename, Screen, Situation, Turn

__all__ = [
    "Book",
    "Cancel",
    "Effect",
    "Reading",
    "Rename",
    "Screen",
    "Situation",
    "Turn",
    "answer",
    "code_in",
    "may_enter",
    "reading",
]
