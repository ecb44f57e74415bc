"""Checks that what every function needs can be reached."""

from __future__ import annotations

from shared import outbox, queues, timers
from shared.bus import Contact
from shared.keys import lookup_key
from shared.settings import settings
from shared.tables import find


def check() -> str:
    """The stage's name, when secrets, database and queues answer.

    Raises: SettingsInvalid, ProviderUnavailable, ProviderThrottled.
    """
    lookup_key("health", "check")
    find(timers.Cursor, "cursor", "0")
    outbox.history(Contact(channel="health", account_id="health", chat="health"), 1)
    queues.url("inbound-booking.fifo")
    return settings().stage
