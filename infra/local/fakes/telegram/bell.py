"""A bell that wakes all who wait for news."""

import asyncio
from contextlib import suppress

_STOPPED_PAUSE_S = 0.05


class Bell:
    """Wakes every waiter at each `fire`; after `stop` nobody waits for long."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.is_stopped = False

    def fire(self) -> None:
        """Wake all who wait now."""
        self._event.set()
        self._event = asyncio.Event()

    def start(self) -> None:
        """Let waiters wait again."""
        self.is_stopped = False

    def stop(self) -> None:
        """Wake all, for the end is near."""
        self.is_stopped = True
        self.fire()

    async def wait(self, timeout_s: float | None = None) -> None:
        """Return at the next `fire`, or after the time-out."""
        if self.is_stopped:
            await asyncio.sleep(_STOPPED_PAUSE_S)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), timeout_s)
