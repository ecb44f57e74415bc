"""Everything that wakes functions, brought in line with the definitions at start and after every change of code."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.alarms import PERIOD_S, DeadLetterAlarms
from infra.local.aws.backend import REGION
from infra.local.aws_calls import AwsCalls
from infra.local.background import RETRY_PAUSES_S, BackgroundCalls, EventPoller
from infra.local.definitions import Definitions
from infra.local.functions import Functions
from infra.local.http_gateway import HttpGateway
from infra.local.local_clock import LocalClock
from infra.local.queues import QueuePoller
from infra.local.sockets import SocketLimits, Sockets
from infra.local.ticker import Ticker

STOP_GRACE_S = 2.0
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Paces:
    """How long things wait; tests are in more of a hurry than AWS."""

    retry_pauses_s: Sequence[float] = RETRY_PAUSES_S
    alarm_period_s: float = PERIOD_S
    socket_limits: SocketLimits = field(default_factory=SocketLimits)


class Wakers:
    """HTTP, WebSocket, queues, schedules and events."""

    def __init__(
        self, functions: Functions, aws: AwsCalls, clock: LocalClock, tell: Tell, paces: Paces, state_dir: Path
    ) -> None:
        self._functions = functions
        self._aws = aws
        self._tell = tell
        self.http = HttpGateway(functions, tell)
        self.sockets = Sockets(functions, tell, paces.socket_limits)
        self.calls = BackgroundCalls(functions, tell, paces.retry_pauses_s)
        self.ticker = Ticker(self.calls, clock, REGION, state_dir / "ticker.json")
        self._alarms = DeadLetterAlarms(aws, self.calls, clock, REGION, paces.alarm_period_s)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.definitions = Definitions()

    def use(self, definitions: Definitions) -> None:
        """Wakes these functions from now on.

        Raises: NotImitated for a schedule that cannot be followed.
        """
        self.ticker.use(definitions.schedules)
        self.definitions = definitions
        self.http.use(definitions)
        self.sockets.use(definitions.socket)
        self._alarms.use(definitions)

    def start(self) -> None:
        """Begins to poll what the definitions name, and ends to poll what they no longer do."""
        wanted = dict(self._work())
        for name in self._tasks.keys() - wanted.keys():
            self._tasks.pop(name).cancel()
        for name, work in wanted.items():
            if name in self._tasks:
                work.close()
            else:
                self._tasks[name] = asyncio.create_task(work, name=name)

    async def stop(self) -> None:
        """Returns when nothing wakes functions any more and what they had begun is done, or cut off."""
        for task in self._tasks.values():
            task.cancel()
        for task in self._tasks.values():
            with suppress(asyncio.CancelledError):
                await task
        await self.sockets.stop()
        await self.calls.stop(STOP_GRACE_S)

    def _work(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        work = [("schedules", self.ticker.run()), ("alarms", self._alarms.run()), ("lanes", self._functions.run())]
        for one in self.definitions.queue_triggers:
            poller = QueuePoller(one, self._aws, self._functions, REGION, self.calls.begin, self._tell)
            work.append((f"queue {one.model_dump_json()}", poller.run()))
        for function in self.definitions.event_functions().values():
            events = EventPoller(function, self._aws, self.calls)
            work.append((f"events {function.model_dump_json()}", events.run()))
        return work
