"""The web chat: what a visitor's page sends over the WebSocket."""

from __future__ import annotations

from functools import cache
from typing import Any

from shared.bus import ChannelLimits, Contact, InboundMessage
from shared.clock import now
from shared.sockets import Grant

NAME = "webchat"


@cache
def limits() -> ChannelLimits:
    """What the page can show; made on first use, for whoever only wants the channel's name needs none."""
    return ChannelLimits(buttons=60, buttons_per_row=4, label=40, payload_bytes=64)


def contact_of(grant: Grant, connection_id: str | None = None) -> Contact:
    """Where the visitor of a grant is reached."""
    return Contact(channel=NAME, account_id=grant.resource, chat=grant.subject, route=connection_id)


def grant_of(contact: Contact, org_id: str) -> Grant:
    """The grant under which a visitor's connections are found."""
    return Grant(system="messengers", subject=contact.chat, org_id=org_id, resource=contact.account_id)


def inbound(event_id: str, grant: Grant, connection_id: str, said: dict[str, Any]) -> InboundMessage:
    """What a visitor said or did."""
    return InboundMessage(
        event_id=event_id,
        contact=contact_of(grant, connection_id),
        language=grant.language,
        limits=limits(),
        received_at=now(),
        **said,
    )
