"""The loopback Telegram in a thread of its own, for tests of what calls it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from infra.local.fakes.telegram import Bot, TelegramServer
from tests.support.loopback import Loopback


class LoopbackTelegram(Loopback[TelegramServer]):
    """A Telegram that knows one bot; `base_url` is where its Bot API listens."""

    def __init__(self, token: str, username: str) -> None:
        super().__init__(TelegramServer([Bot(token, username, "Test")], retry_pauses_s=(0.05,)))
        self.username = username

    def messages(self, person_id: int) -> list[Any]:
        """The chat of a person with the bot."""
        return list(self.server.messages(person_id, self.username))


@contextmanager
def loopback_telegram(token: str, username: str) -> Iterator[LoopbackTelegram]:
    """A Telegram that is there as long as the block."""
    with LoopbackTelegram(token, username) as found:
        yield found
