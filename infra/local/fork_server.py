"""The fork server: imports the third-party packages once and forks workers that share them.

`python -m infra.local.fork_server <fd>`: requests come over that socket, each answered before the next. When the
socket closes, by whatever end of the gateway, all workers are killed.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from infra.local import worker
from infra.local.framing import Disconnected, encode, read

PREIMPORTED = (
    *("boto3.session", "botocore.auth", "botocore.httpsession", "botocore.parsers", "chalice.app"),
    *(
        "pydantic",
        "pydantic.deprecated.decorator",
        "pydantic.networks",
        "pynamodb.connection",
        "pynamodb.models",
        "gettext",
    ),
)


class ForkServer:
    """Forks and ends workers on request."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: set[int] = set()

    def serve(self) -> None:
        """Answers requests until the gateway is gone, then ends every worker."""
        signal.signal(signal.SIGCHLD, self._reap)
        try:
            while True:
                self._answer()
        except (Disconnected, ConnectionError):
            for pid in set(self._children):
                self._kill(pid)

    def _answer(self) -> None:
        _, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
        request = read(self._control)
        if "kill" in request:
            self._kill(request["kill"])
            self._control.sendall(encode({}))
            return
        pid = self._fork(socket.socket(fileno=descriptors[0]), request["environment"])
        self._control.sendall(encode({"pid": pid}))

    def _fork(self, connection: socket.socket, environment: dict[str, str]) -> int:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        pid = os.fork()
        if pid == 0:
            self._become_worker(connection, environment)
        self._children.add(pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        connection.close()
        return pid

    def _become_worker(self, connection: socket.socket, environment: dict[str, str]) -> NoReturn:
        try:
            self._control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            os.environ.clear()
            os.environ.update(environment)
            worker.serve(connection)
        finally:
            os._exit(0)

    def _kill(self, pid: int) -> None:
        if pid in self._children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _reap(self, _number: int, _frame: FrameType | None) -> None:
        with suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                self._children.discard(pid)


def main(arguments: list[str]) -> None:
    """Runs until the gateway is gone."""
    for name in PREIMPORTED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    ForkServer(socket.socket(fileno=int(arguments[0]))).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
