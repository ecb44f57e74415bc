"""A person who talks to the booking dialog through its queue's function, and reads what is said to him."""

from __future__ import annotations

import itertools
from typing import Any

from functions.booking import conversations
from shared import outbox
from shared.bus import Button, ChannelLimits, Contact, InboundKind, InboundMessage, OutboundMessage
from shared.clock import now
from tests.support.known_people import NAME

TELEGRAM = ChannelLimits(buttons=40, buttons_per_row=4, label=40, payload_bytes=64, may_edit=True)
_numbers = itertools.count(1)


class Person:
    """Somebody in a chat; `said` is the last message he was sent."""

    def __init__(self, chat: str = "", *, org_id: str = "org_lipa", language: str = "en", name: str = NAME) -> None:
        self.org_id = org_id
        self.language = language
        self.name = name
        self.contact = Contact(channel="telegram", account_id="bot_anna", chat=chat or str(next(_numbers)))

    def start(self, code: str = "anna", event_id: str = "") -> OutboundMessage:
        """Follows a master's link."""
        return self._do(event_id, kind=InboundKind.START, payload=code)

    def write(self, text: str, event_id: str = "") -> OutboundMessage:
        """Types something."""
        return self._do(event_id, kind=InboundKind.TEXT, text=text)

    def send_sticker(self) -> OutboundMessage:
        """Sends what is no text."""
        return self._do("", kind=InboundKind.OTHER)

    def tap(self, label: str | int, event_id: str = "") -> OutboundMessage:
        """Taps a button of the last message, by a part of its label or by its number."""
        return self.tap_payload(self.button(label).payload, event_id)

    def tap_payload(self, payload: str, event_id: str = "") -> OutboundMessage:
        """Taps a button that carries this."""
        return self._do(event_id, kind=InboundKind.TAP, payload=payload, tapped="77", receipt="cb")

    @property
    def said(self) -> OutboundMessage:
        """The last message."""
        return self.history()[-1]

    def history(self) -> list[OutboundMessage]:
        """All that was said to him, oldest first."""
        rows = outbox.history(self.contact, 500)
        return [OutboundMessage.model_validate_json(row.message) for row in rows]

    def buttons(self) -> list[Button]:
        """The buttons of the last message."""
        return [button for row in self.said.buttons for button in row]

    def button(self, label: str | int) -> Button:
        """One of them."""
        if isinstance(label, int):
            return self.buttons()[label]
        return next(button for button in self.buttons() if label in button.label)

    def labels(self) -> list[str]:
        """What the buttons say."""
        return [button.label for button in self.buttons()]

    def to_confirmation(self, service: str = "Маникюр ·", day: int = 1, time: int = 0) -> str:
        """Goes to the question whether to book; gives the payload that confirms."""
        self.start()
        self.tap(service)
        self.tap(day)
        self.tap(time)
        return self.button("Confirm").payload

    def book(self, **choice: Any) -> OutboundMessage:
        """Books a time in four taps."""
        return self.tap_payload(self.to_confirmation(**choice))

    def _do(self, event_id: str, **said: Any) -> OutboundMessage:
        message = InboundMessage(
            event_id=event_id or f"e{next(_numbers)}",
            contact=self.contact,
            name=self.name,
            language=self.language,
            limits=TELEGRAM,
            received_at=now(),
            **said,
        )
        conversations.take(self.org_id, message)
        return self.said
