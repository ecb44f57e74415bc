"""A lane of worker processes: each does one call at a time; whoever hangs, dies or is of older code is replaced.

A lane grows when calls wait, and shrinks when nobody has needed it for a while.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from infra.local.forks import Worker
from infra.local.framing import Disconnected, encode

LOAD_TIMEOUT_S = 30
Fork = Callable[[], Awaitable[Worker]]


class Lane:
    """From `least` to `most` workers; a lane of fixed size takes them in turn, others the last one used."""

    def __init__(self, fork: Fork, *, least: int, most: int) -> None:
        self._fork = fork
        self._least = least
        self._most = most
        self.handlers: Sequence[str] = ()
        self._idle: asyncio.Queue[Worker] = asyncio.Queue() if least == most else asyncio.LifoQueue()
        self._count = 0
        self._waiting = 0
        self._generation = 0
        self._used_at = time.monotonic()
        self._is_stopping = False
        self._freed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_settled(self) -> bool:
        """Whether nothing is under way, neither calls nor replacements."""
        return self._idle.qsize() == self._count and not self._tasks

    async def until_free(self) -> None:
        """Returns when a call would begin at once."""
        while self._idle.empty() and self._count >= self._most:
            self._freed.clear()
            await self._freed.wait()

    async def call(self, message: bytes, timeout_s: float) -> dict[str, Any]:
        """A worker's answer.

        Raises: TimeoutError, Disconnected; the worker is then replaced.
        """
        worker, generation = await self._take(), self._generation
        is_done = False
        try:
            async with asyncio.timeout(timeout_s):
                answer = await worker.call(message)
            is_done = True
            return answer
        finally:
            self._used_at = time.monotonic()
            if is_done and generation == self._generation:
                self._offer(worker)
            else:
                self._lose(worker, is_hanging=not is_done)

    def renew(self) -> None:
        """Lets go all workers as soon as they are idle; new ones load the code as it is now."""
        self._generation += 1
        while not self._idle.empty():
            self._lose(self._idle.get_nowait())
        self._grow_to(self._least)

    def cool(self, idle_s: float) -> None:
        """Lets go workers beyond the least number if the lane was idle for so long."""
        is_idle = time.monotonic() - self._used_at > idle_s and self._idle.qsize() == self._count
        while is_idle and self._count > self._least:
            self._lose(self._idle.get_nowait())

    async def stop(self) -> None:
        """Adds no more workers."""
        self._is_stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self) -> Worker:
        self._waiting += 1
        try:
            while True:
                if self._idle.empty():
                    self._grow_to(min(self._most, self._count + 1))
                worker = await self._idle.get()
                if not worker.is_gone:
                    return worker
                self._lose(worker)
        finally:
            self._waiting -= 1

    def _offer(self, worker: Worker) -> None:
        self._idle.put_nowait(worker)
        self._freed.set()

    def _lose(self, worker: Worker, *, is_hanging: bool = False) -> None:
        self._begin(worker.end(is_hanging=is_hanging))
        self._shrink()

    def _shrink(self) -> None:
        self._count -= 1
        self._grow_to(min(self._most, max(self._least, self._count + (self._waiting > 0))))
        self._freed.set()

    def _grow_to(self, number: int) -> None:
        while self._count < number and not self._is_stopping:
            self._count += 1
            self._begin(self._add())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _add(self, *, is_first_try: bool = True) -> None:
        """Imports are done before the worker is offered: code that breaks later does not reach it."""
        generation = self._generation
        try:
            worker = await self._fork()
        except Disconnected:
            self._count -= 1
            return  # the fork server is gone: the product is about to stop
        if is_first_try and not await self._is_warm(worker):
            self._begin(self._add(is_first_try=False))
            await worker.end(is_hanging=True)
        elif generation == self._generation:
            self._offer(worker)
        else:
            self._lose(worker)

    async def _is_warm(self, worker: Worker) -> bool:
        try:
            async with asyncio.timeout(LOAD_TIMEOUT_S):
                await worker.call(encode({"load": self.handlers}))
        except (Disconnected, TimeoutError):
            return False
        return True
