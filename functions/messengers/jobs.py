"""What wakes the messengers by itself: hints of the outbox, and the minute's sweep of what is unsent."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Rate

from functions.messengers import delivery
from shared import log, outbox, queues
from shared.bus import Envelope
from shared.entry import trigger
from shared.settings import resource_name

jobs = Blueprint(__name__)
TELEGRAM = outbox.outgoing_queue("telegram")
WEBCHAT = outbox.outgoing_queue("webchat")


@jobs.on_sqs_message(queue=resource_name(TELEGRAM), batch_size=10, name="messengers_send_telegram")
@queues.consumer(TELEGRAM)
def send_telegram(message: Envelope) -> None:
    """Sends one message to Telegram."""
    delivery.deliver(message)


@jobs.on_sqs_message(queue=resource_name(WEBCHAT), batch_size=10, name="messengers_send_webchat")
@queues.consumer(WEBCHAT)
def send_webchat(message: Envelope) -> None:
    """Sends one message to a visitor's page."""
    delivery.deliver(message)


@jobs.schedule(Rate(1, unit=Rate.MINUTES), name="messengers_sweep")
def sweep(event: Any) -> None:
    """Announces again what was written a minute ago and is not sent."""
    with trigger("cron", "messengers_sweep", event.event_id):
        log.info("outbox.swept", number=outbox.sweep())
