"""The queues and the body that tests send."""

from __future__ import annotations

from shared.bus import Body

STANDARD = "timers-booking"

DEAD_STANDARD = "timers-booking-dead"

FIFO = "outgoing-telegram.fifo"

DEAD_FIFO = "outgoing-telegram-dead.fifo"


class Note(Body):
    """A body of the tests: `text` says what its consumer is to do."""

    text: str
