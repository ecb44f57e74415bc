"""What wakes the platform by itself: the minute's tick that fires timers, alarms, and requests for people's data."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Rate

from functions.platform import alarms
from shared import log, queues, timers
from shared.bus import Envelope
from shared.entry import trigger
from shared.settings import resource_name

jobs = Blueprint(__name__)
PERSONAL = "personal"


@jobs.schedule(Rate(1, unit=Rate.MINUTES), name="platform_tick")
def tick(event: Any) -> None:
    """Sends every timer that has come due to its system."""
    with trigger("cron", "platform_tick", event.event_id):
        fired = timers.fire_due()
        log.info("timers.fired", number=fired)


@jobs.on_cw_event(alarms.PATTERN, name="platform_alarm")
def alarm(event: Any) -> None:
    """Tells the operator by mail that an alarm changed its state."""
    with trigger("event", "platform_alarm", event.event_id):
        alarms.tell(event.detail)


@jobs.on_sqs_message(queue=resource_name(PERSONAL), batch_size=5, name="platform_personal")
@queues.consumer(PERSONAL)
def personal(message: Envelope) -> None:
    """Tells or takes away a person's data."""
    from functions.platform.personal import take  # noqa: PLC0415  # rare, and the tick need not load ciphers

    take(message)
