"""The loopback Telegram in a thread of its own, for tests of what calls it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from infra.local.fakes.telegram import Bot, TelegramServer

T = TypeVar("T")


class LoopbackTelegram:
    """A Telegram that knows one bot; `base_url` is where its Bot API listens."""

    def __init__(self, token: str, username: str) -> None:
        self.server = TelegramServer([Bot(token, username, "Test")], retry_pauses_s=(0.05,))
        self.username = username
        self.base_url = ""
        self._loop = asyncio.new_event_loop()
        self._is_ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What a coroutine gives that runs where the server does."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def messages(self, person_id: int) -> list[Any]:
        """The chat of a person with the bot."""
        return list(self.server.messages(person_id, self.username))

    def _serve(self) -> None:
        self._loop.run_until_complete(self._listen())
        self._loop.close()

    async def _listen(self) -> None:
        async with self.server.listening() as base_url:
            self.base_url = base_url
            self._is_ready.set()
            await self._stop.wait()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._is_ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)


@contextmanager
def loopback_telegram(token: str, username: str) -> Iterator[LoopbackTelegram]:
    """A Telegram that is there as long as the block."""
    with LoopbackTelegram(token, username) as found:
        yield found
