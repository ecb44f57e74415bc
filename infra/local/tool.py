"""One-off work of the runtime that needs the product's code: done in a worker of its own, which then ends."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from infra.local.aws.backend import REGION
from infra.local.forks import Forks, Worker
from infra.local.framing import Disconnected, encode
from infra.local.functions import CallFailed, CallTimedOut

MEMORY_MB = 512


class Tool:
    """A worker for calls by handler string."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._is_hanging = False

    @classmethod
    async def start(cls, forks: Forks, environment: Mapping[str, str]) -> Self:
        """A fresh one.

        Raises: Disconnected.
        """
        return cls(await forks.fork(environment))

    async def call(self, handler: str, event: Any, timeout_s: float = 60) -> Any:
        """What the handler answers.

        Raises: CallFailed, CallTimedOut.
        """
        name = handler.rpartition(".")[2]
        call = {"handler": handler, "event": event, "function_name": name, "region": REGION}
        call |= {"memory_mb": MEMORY_MB, "timeout_s": timeout_s, "request_id": str(uuid.uuid4())}
        self._is_hanging = True
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._worker.call(encode(call))
        except TimeoutError:
            raise CallTimedOut("Sandbox.Timedout", f"{handler} took over {timeout_s:g} s") from None
        except Disconnected:
            raise CallFailed("Runtime.ExitError", f"{handler}: the process died") from None
        self._is_hanging = False
        if "error" in answer:
            raise CallFailed(answer["error"], answer["message"])
        return answer["result"]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._worker.end(is_hanging=self._is_hanging)
