"""What wakes booking by itself: messages of people, timers that come due, catalogues that are uploaded."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, S3Event

from functions.booking import conversations, imports, reminders
from functions.booking.bookings import REMINDER, TIMERS_QUEUE
from shared import queues
from shared.bus import Envelope, InboundMessage, TimerDue
from shared.entry import trigger
from shared.errors import InvalidPayload
from shared.settings import resource_name

jobs = Blueprint(__name__)
INBOUND = "inbound-booking.fifo"


@jobs.on_sqs_message(queue=resource_name(INBOUND), batch_size=10, name="booking_inbound")
@queues.consumer(INBOUND)
def inbound(message: Envelope) -> None:
    """Answers one message of a person."""
    conversations.take(message.org_id, message.read(InboundMessage))


@jobs.on_sqs_message(queue=resource_name(TIMERS_QUEUE), batch_size=10, name="booking_timers")
@queues.consumer(TIMERS_QUEUE)
def timers(message: Envelope) -> None:
    """Does what a timer was set for."""
    due = message.read(TimerDue)
    if due.name != REMINDER:
        raise InvalidPayload("There is no such timer.")
    reminders.remind(message.org_id, due)


@jobs.lambda_function(name="booking_import")
def import_catalogue(event: dict[str, Any], context: Any) -> None:
    """Takes catalogues that were uploaded."""
    with trigger("s3", "booking_import"):
        for record in S3Event(event, context).to_dict()["Records"]:
            imports.take(record["s3"])
