"""Functions, called by name of their handler in lanes of worker processes.

Functions behind HTTP and WebSocket share one lane, those woken by queues, time and events another; a function that
asks for much memory has a process of its own, so that its imports are paid once. In AWS every function has its own
processes, without limit.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from infra.local.definitions import Definitions, Function
from infra.local.framing import Disconnected, encode
from infra.local.lanes import Fork, Lane

HTTP_WORKERS = 4
BACKGROUND_WORKERS = 2
OWN_LANE_MB = 1024
IDLE_S = 60.0
LOOK_PERIOD_S = 5.0
MAX_EVENT_BYTES = 6 * 1024 * 1024
NAME_PREFIX = "svyaz-local-"
Tell = Callable[[str], None]


class CallFailed(Exception):
    """The function gave no answer: Lambda's or Python's name for why, and `message`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.message = message


class CallTimedOut(CallFailed):
    """The function took longer than it may; its process was killed."""


class EventTooLarge(CallFailed):
    """Lambda takes no event of this size."""


class Functions:
    """Calls functions; what goes wrong is told in one line."""

    def __init__(self, fork: Fork, region: str, tell: Tell) -> None:
        self._fork = fork
        self._region = region
        self._tell = tell
        self._http = Lane(fork, least=HTTP_WORKERS, most=HTTP_WORKERS)
        self._background = Lane(fork, least=BACKGROUND_WORKERS, most=BACKGROUND_WORKERS)
        self._own: dict[str, Lane] = {}
        self._http_names: frozenset[str] = frozenset()
        self.to_fail: Counter[str] = Counter()

    def use(self, definitions: Definitions) -> None:
        """Runs these from now on, with the code as it is now; calls under way end with the old."""
        self._http_names = frozenset(definitions.http_functions())
        every = definitions.http_functions() | definitions.background_functions()
        for name in (one.name for one in every.values() if one.memory_mb >= OWN_LANE_MB):
            self._own.setdefault(name, Lane(self._fork, least=0, most=1))
        for lane in self._lanes():
            lane.handlers = [one.handler for one in every.values() if self._lane(one) is lane]
            lane.renew()

    async def run(self) -> None:
        """Never returns by itself: lets workers go that nobody has needed for a while."""
        while True:
            await asyncio.sleep(LOOK_PERIOD_S)
            for lane in self._lanes():
                lane.cool(IDLE_S)

    async def stop(self) -> None:
        """Replaces nobody any more."""
        await asyncio.gather(*(lane.stop() for lane in self._lanes()))

    async def until_free(self, function: Function) -> None:
        """Returns when a call would begin at once."""
        await self._lane(function).until_free()

    async def call(self, function: Function, event: Any) -> Any:
        """What the function answers.

        Raises: CallFailed, CallTimedOut, EventTooLarge.
        """
        started = time.monotonic()
        try:
            return await self._call(function, event)
        except CallFailed as error:
            self._tell(f"{function.name} failed after {time.monotonic() - started:.1f} s: {error}")
            raise

    async def _call(self, function: Function, event: Any) -> Any:
        if self.to_fail[function.name] > 0:
            self.to_fail[function.name] -= 1
            raise CallFailed("Local.Fault", "asked for on the local page")
        message = encode(self._message(function, event))
        if len(message) > MAX_EVENT_BYTES:
            raise EventTooLarge("RequestTooLarge", f"the event is over {MAX_EVENT_BYTES} bytes")
        try:
            answer = await self._lane(function).call(message, function.timeout_s)
        except TimeoutError:
            raise CallTimedOut("Sandbox.Timedout", f"timed out after {function.timeout_s:g} seconds") from None
        except Disconnected:
            raise CallFailed("Runtime.ExitError", "the process died") from None
        if "error" in answer:
            raise CallFailed(answer["error"], answer["message"])
        return answer["result"]

    def _lanes(self) -> list[Lane]:
        return [self._http, self._background, *self._own.values()]

    def _lane(self, function: Function) -> Lane:
        if function.name in self._own:
            return self._own[function.name]
        return self._http if function.name in self._http_names else self._background

    def _message(self, function: Function, event: Any) -> dict[str, Any]:
        return {
            "handler": function.handler,
            "event": event,
            "function_name": NAME_PREFIX + function.name,
            "memory_mb": function.memory_mb,
            "timeout_s": function.timeout_s,
            "request_id": str(uuid.uuid4()),
            "region": self._region,
        }
