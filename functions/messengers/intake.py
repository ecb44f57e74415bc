"""Intake: what a messenger or page sends is verified, put into the conversation's queue, acknowledged."""

from __future__ import annotations

from collections.abc import Mapping

from functions.messengers.channels.base import Acknowledgement, channel
from functions.messengers.models import ChannelAccount
from functions.messengers.tables import find_account
from shared import log, queues
from shared.bus import InboundMessage
from shared.errors import SettingsInvalid, Unauthorized
from shared.outbox import conversation_key
from shared.secrets import document

RECEIVED = "message.received"


def take_webhook(channel_name: str, account_id: str, headers: Mapping[str, str], raw: bytes) -> Acknowledgement:
    """What the messenger wants to read, once its messages lie in their queue.

    Raises: NotFound, Unauthorized, InvalidPayload.
    """
    adapter = channel(channel_name)
    account = find_account(account_id)
    if account is None or account.channel != channel_name or not adapter.is_genuine(headers, raw, _secrets(account)):
        log.count("WebhookRefused", channel=channel_name)
        raise Unauthorized("The secret of this webhook is wrong.")
    for message in adapter.read(raw, account):
        enqueue(account, message)
    return adapter.acknowledgement


def enqueue(account: ChannelAccount, message: InboundMessage) -> None:
    """Puts a message into the queue of the system that the account serves, in its conversation's order."""
    conversation = conversation_key(message.contact)
    queues.send(
        f"inbound-{account.consumer}.fifo",
        queues.envelope(RECEIVED, message, org_id=account.org_id, actor=conversation),
        group=conversation,
        dedupe=f"{conversation}:{message.event_id}",
    )


def _secrets(account: ChannelAccount) -> list[str]:
    found = document(f"channels/{account.id}").get("webhook_secrets", [])
    if not found:
        raise SettingsInvalid(f"channels/{account.id}: webhook_secrets are missing")
    return [str(secret) for secret in found]
