"""What wakes accounts by itself."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Rate

from functions.accounts import letters
from functions.accounts.tokens import keyring
from functions.accounts.watch import notices
from shared import log, queues, suspicion
from shared.bus import Envelope
from shared.entry import trigger
from shared.settings import resource_name

jobs = Blueprint(__name__)


@jobs.schedule(Rate(1, unit=Rate.DAYS), name="accounts_rotate_keys")
def rotate_keys(event: Any) -> None:
    """Gives access tokens a new key every month, and drops the one before it."""
    with trigger("cron", "accounts_rotate_keys", event.event_id):
        log.info("keys.rotated" if keyring.rotate() else "keys.kept")


@jobs.on_sqs_message(queue=resource_name(suspicion.QUEUE), batch_size=10, name="accounts_notices")
@queues.consumer(suspicion.QUEUE)
def take_notice(message: Envelope) -> None:
    """Tells the administrators of something suspicious."""
    notices.take(message)


@jobs.on_sqs_message(queue=resource_name(letters.QUEUE), batch_size=10, name="accounts_mail")
@queues.consumer(letters.QUEUE)
def send_letter(message: Envelope) -> None:
    """Sends one letter about an account."""
    letters.take(message)
