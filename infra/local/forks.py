"""Worker processes as the gateway sees them: forked, asked one event at a time, killed when they hang."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from infra.local.framing import Disconnected, encode, read, read_from

ROOT = Path(__file__).resolve().parents[2]
END_TIMEOUT_S = 3


class Worker:
    """One process that answers one call at a time."""

    def __init__(self, pid: int, forks: Forks, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self._forks = forks
        self._reader = reader
        self._writer = writer

    @property
    def is_gone(self) -> bool:
        """Whether the process has ended by itself."""
        return self._reader.at_eof()

    async def call(self, message: bytes) -> dict[str, Any]:
        """The worker's answer.

        Raises: Disconnected when it died.
        """
        try:
            self._writer.write(message)
            await self._writer.drain()
        except ConnectionError:
            raise Disconnected from None
        answer: dict[str, Any] = await read_from(self._reader)
        return answer

    def close(self) -> None:
        """Says no more; the process ends when it next listens."""
        self._forks.workers.discard(self)
        self._writer.close()

    async def end(self, *, is_hanging: bool = False) -> None:
        """Lets the process go; one that hangs is killed."""
        self.close()
        if is_hanging:
            await self._forks.kill(self.pid)
        with suppress(ConnectionError):
            await self._writer.wait_closed()


class Forks:
    """The fork server's process, and what it is asked."""

    def __init__(self, child: subprocess.Popen[bytes], control: socket.socket) -> None:
        self.pid = child.pid
        self._child = child
        self._control = control
        self.workers: set[Worker] = set()
        self._turn = threading.Lock()

    @classmethod
    def start(cls, output: IO[bytes], environment: Mapping[str, str]) -> Forks:
        """The fork server, still busy with its imports; all that workers print goes to `output`."""
        ours, theirs = socket.socketpair()
        with theirs:
            child = subprocess.Popen(
                [sys.executable, "-m", "infra.local.fork_server", str(theirs.fileno())],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        return cls(child, ours)

    async def fork(self, environment: Mapping[str, str]) -> Worker:
        """A fresh worker with this environment.

        Raises: Disconnected when the fork server is gone.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                answer = await self._ask({"environment": dict(environment)}, [theirs.fileno()])
        except BaseException:
            ours.close()
            raise
        reader, writer = await asyncio.open_connection(sock=ours)
        worker = Worker(answer["pid"], self, reader, writer)
        self.workers.add(worker)
        return worker

    async def kill(self, pid: int) -> None:
        """Ends a worker that does not listen."""
        with suppress(Disconnected):
            await self._ask({"kill": pid}, [])

    @property
    def is_running(self) -> bool:
        """Whether the fork server is still there."""
        return self._child.poll() is None

    async def stop(self) -> None:
        """Returns when the fork server and all its workers have ended."""
        self._control.close()
        for worker in set(self.workers):
            worker.close()
        try:
            await asyncio.to_thread(self._child.wait, END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            await asyncio.to_thread(self._child.wait)

    async def _ask(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        return await asyncio.to_thread(self._exchange, request, descriptors)

    def _exchange(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        try:
            with self._turn:
                socket.send_fds(self._control, [b"r"], descriptors)
                self._control.sendall(encode(request))
                answer: dict[str, Any] = read(self._control)
        except OSError:
            raise Disconnected from None
        return answer
