"""The web chat's answers: to the socket that asked, else to all of the visitor's; the outbox keeps them."""

from __future__ import annotations

from typing import Any

from functions.messengers.channels.webchat import grant_of
from shared import sockets
from shared.bus import OutboundMessage
from shared.ids import moment_of

ACTION = "chat.message"


class WebChatSender:
    """How we speak to a visitor's page."""

    def send(self, message: OutboundMessage) -> str:
        """Our own id of the message: a page that is closed reads it from the history when it opens."""
        route = message.contact.route
        if route is None or not _is_pushed(route, message):
            for connection_id in sockets.connections_of(grant_of(message.contact, "")):
                if connection_id != route:
                    _is_pushed(connection_id, message)
        return message.id


def shown(message: OutboundMessage) -> dict[str, Any]:
    """A message as the page takes it."""
    return {
        "id": message.id,
        "text": message.text,
        "buttons": [[button.model_dump() for button in row] for row in message.buttons],
        "answers": message.answers,
        "at": moment_of(message.id).isoformat(),
    }


def _is_pushed(connection_id: str, message: OutboundMessage) -> bool:
    try:
        sockets.push(connection_id, ACTION, shown(message), reply_to=message.reply_to, system="messengers")
    except sockets.Gone:
        return False
    return True


SENDER = WebChatSender()
