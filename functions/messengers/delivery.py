"""Delivery: a hint from the outbox becomes a call of the channel's sender, and the row learns how it ended."""

from __future__ import annotations

from datetime import timedelta

from functions.messengers.channels import base
from shared import log, outbox
from shared.bus import Envelope, OutboundHint, OutboundMessage
from shared.clock import now
from shared.errors import Conflict, ProviderRejected

MARGIN = timedelta(seconds=15)


def deliver(message: Envelope) -> None:
    """Sends what a hint holds, unless somebody else has; what a test says is kept instead.

    Raises: ProviderThrottled, ProviderUnavailable: the queue brings the hint back.
    """
    hint = message.read(OutboundHint)
    if now() > hint.lease_until - MARGIN:
        hint = outbox.claim(hint)
    channel = hint.message.contact.channel
    if hint.message.is_test:
        _keep(message.org_id, hint.message)
        _record(hint, "sent")
        return
    try:
        provider_id = base.sender(channel).send(hint.message)
    except ProviderRejected as error:
        log.warning("message.undeliverable", channel=channel, message_id=hint.message.id)
        log.count("MessageUndeliverable", channel=channel)
        _record(hint, "failed", reason=error.detail[:200])
        return
    _record(hint, "sent", provider_id=provider_id)
    log.info("message.sent", channel=channel, message_id=hint.message.id)


def _keep(org_id: str, message: OutboundMessage) -> None:
    from shared.kept_messages import keep  # noqa: PLC0415  # a message that leaves needs none of it

    to = f"{message.contact.channel} {message.contact.chat}"
    keep(org_id, "message", to, message.text, message_id=message.id)


def _record(hint: OutboundHint, status: str, *, provider_id: str | None = None, reason: str | None = None) -> None:
    try:
        outbox.record(hint, status, provider_id=provider_id, reason=reason)
    except Conflict:
        log.warning("message.lease_lost", message_id=hint.message.id)
