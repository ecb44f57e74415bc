"""A loopback server in a thread of its own, for tests of what calls it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, Protocol, Self, TypeVar

T = TypeVar("T")


class Server(Protocol):
    """Something that listens as long as a block lasts, and says where."""

    def listening(self) -> AbstractAsyncContextManager[str]:
        """The base URL."""
        ...


S = TypeVar("S", bound=Server)


class Loopback(Generic[S]):
    """A server that is there as long as the block; `base_url` is where it listens."""

    def __init__(self, server: S) -> None:
        self.server = server
        self.base_url = ""
        self._loop = asyncio.new_event_loop()
        self._is_ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What a coroutine gives that runs where the server does."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

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
