"""The whole product on one machine: the embedded AWS, the workers, and the gateway in this process."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from infra.demo_logins import VK_CALLBACK, VK_CLIENT_ID
from infra.local import state_dir as folder
from infra.local.aws.backend import REGION
from infra.local.aws.process import AwsNotStarted, EmbeddedAws
from infra.local.aws_calls import AwsCalls
from infra.local.bots import demo_bots
from infra.local.connections import Connections
from infra.local.definitions import PRODUCT, Definitions
from infra.local.environment import (
    MAIL_FROM,
    SOCKET_PATH,
    TELEGRAM_PATH,
    VK_ID_PATH,
    bare_environment,
    function_environment,
)
from infra.local.fakes.telegram import TelegramServer
from infra.local.fakes.vkid import Application, VkIdServer
from infra.local.forks import Forks
from infra.local.framing import Disconnected
from infra.local.functions import CallFailed, Functions
from infra.local.http_gateway import MAX_BODY_BYTES
from infra.local.local_clock import LocalClock
from infra.local.local_page import LocalPage
from infra.local.origin import KnownHost
from infra.local.schedules import NotImitated
from infra.local.state_dir import DEMO, CannotStart
from infra.local.terminal import FunctionsLog, Terminal
from infra.local.tool import Tool
from infra.local.wakers import Paces, Wakers

LOOPBACK = "127.0.0.1"
ENSURE_RESOURCES = "infra.local.resources.ensure"
SHUTDOWN_S = 3.0
BACKLOG = 256
FOR_THE_GATEWAY = {signal.SIGINT, signal.SIGHUP}


@dataclass(frozen=True)
class Options:
    """What may be chosen; `definitions` is the handler string that tells what there is to run."""

    state_dir: Path
    port: int = 8000
    definitions: str = PRODUCT
    paces: Paces = field(default_factory=Paces)


def listen(port: int) -> socket.socket:
    """The socket that the product serves on.

    Raises: CannotStart.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        raise CannotStart(
            f"Port {port} of {LOOPBACK} cannot be used ({reason}): choose another, as in PORT=8001 make run."
        ) from None
    return listener


class Runtime:
    """Starts and stops all of it."""

    def __init__(self, options: Options, terminal: Terminal) -> None:
        self.options = options
        self.terminal = terminal
        self._ending = AsyncExitStack()

    async def start(self) -> None:
        """Returns when the product serves.

        Raises: CannotStart; nothing is left running then.
        """
        try:
            await self._start()
        except (OSError, AwsNotStarted, Disconnected, CallFailed, NotImitated) as error:
            await self.stop()
            raise self._explained(error) from error
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Returns when everything is stopped and saved."""
        await self._ending.aclose()

    def trouble(self) -> str:
        """What has ended that should not have; an empty text as long as all is well."""
        if self.aws.child.poll() is not None:
            return f"The embedded AWS has ended by itself: see {self.aws.log_path}"
        if not self._forks.is_running:
            return f"The fork server has ended by itself: see {self._functions_log}"
        return ""

    def tool(self) -> Any:
        """A worker for work of the runtime's own, to be awaited."""
        return Tool.start(self._forks, self.environment)

    async def read_definitions(self) -> Definitions:
        """What there is to run, by the code as it is now; the resources for it are there.

        Raises: CallFailed, Disconnected.
        """
        async with await self.tool() as tool:
            found = Definitions.model_validate(await tool.call(self.options.definitions, {}))
            asked = {"definitions": found.model_dump(mode="json"), "senders": [MAIL_FROM]}
            await tool.call(ENSURE_RESOURCES, asked)
        return found

    def use(self, definitions: Definitions) -> None:
        """Runs these from now on, with the code as it is now.

        Raises: NotImitated.
        """
        self.wakers.use(definitions)
        self.functions.use(definitions)

    def announce(self) -> None:
        """Tells other programs that the product is ready, and how to reach it.

        Raises: CannotStart.
        """
        told = {
            "pid": os.getpid(),
            "base_url": f"http://{LOOPBACK}:{self.port}",
            "websocket_url": f"ws://{LOOPBACK}:{self.port}{SOCKET_PATH}",
            "environment": dict(self.environment),
        }
        self._ending.callback(folder.forget_running, self.options.state_dir)
        folder.write(self.options.state_dir, folder.RUNNING, told)

    async def _start(self) -> None:
        held = folder.lock(self.options.state_dir)
        self._ending.callback(held.close)
        folder.forget_running(self.options.state_dir)
        listener = listen(self.options.port)
        self._ending.callback(listener.close)
        self.port: int = listener.getsockname()[1]
        with self.terminal.step("the embedded AWS, the fork server"):
            await self._start_children()
        with self.terminal.step("triggers and resources"):
            definitions = await self.read_definitions()
        with self.terminal.step("workers and triggers"):
            await self._start_wakers(definitions)
            await self._serve(listener)
            self.wakers.start()

    async def _start_children(self) -> None:
        state_dir = self.options.state_dir
        self._functions_log = state_dir / "logs" / "functions.log"
        reading, writing = os.pipe()
        with os.fdopen(writing, "wb") as output:
            self._forks = Forks.start(output, bare_environment())
        self._ending.push_async_callback(asyncio.sleep, 0)  # lets the log close
        log = FunctionsLog(self._functions_log)
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: log, os.fdopen(reading, "rb"))
        self._ending.callback(pipe.close)
        self._ending.push_async_callback(self._forks.stop)
        self.aws = await asyncio.to_thread(_start_aws, state_dir / folder.AWS)
        self._ending.push_async_callback(asyncio.to_thread, self.aws.stop)
        self._ending.push_async_callback(self._forks.stop)  # no worker may miss the database
        self.clock = LocalClock((state_dir / "clock").resolve())
        self.environment: Mapping[str, str] = function_environment(self.aws.environment(), self.port, self.clock.path)

    async def _start_wakers(self, definitions: Definitions) -> None:
        self.aws_calls = AwsCalls(self.aws)
        self._ending.push_async_callback(self.aws_calls.close)
        self.functions = Functions(lambda: self._forks.fork(self.environment), REGION, self.terminal.tell)
        self._ending.push_async_callback(self.functions.stop)
        self.wakers = Wakers(
            self.functions, self.aws_calls, self.clock, self.terminal.tell, self.options.paces, self.options.state_dir
        )
        self.use(definitions)

    async def _serve(self, listener: socket.socket) -> None:
        self.bots = demo_bots(self.options.state_dir)
        kept_in = self.options.state_dir / "fakes" / "telegram.json"
        telegram = TelegramServer(self.bots, state_path=kept_in, clock=self.clock)
        application = web.Application(middlewares=[KnownHost(self.port)], client_max_size=MAX_BODY_BYTES)
        Connections(self.wakers.sockets, self.aws).add_routes(application)
        application.add_subapp(TELEGRAM_PATH, telegram.application())
        application.add_subapp(VK_ID_PATH, self._vk_id().application())
        demo_path = self.options.state_dir / DEMO
        local_page = LocalPage(self.wakers, self.functions, self.aws_calls, self.clock, demo_path)
        application.add_subapp("/_local", local_page.application())
        application.router.add_get(SOCKET_PATH, self.wakers.sockets.serve, allow_head=False)
        application.router.add_route("*", r"/{path:[\s\S]*}", self.wakers.http.serve)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_S)
        await runner.setup()
        self._ending.push_async_callback(runner.cleanup)
        self._ending.push_async_callback(self.wakers.stop)
        await web.SockSite(runner, listener).start()

    def _vk_id(self) -> VkIdServer:
        """VK ID, where this product is an application."""
        callback = self.environment["SVYAZ_PUBLIC_BASE_URL"] + VK_CALLBACK
        return VkIdServer([Application(VK_CLIENT_ID, (callback,))], clock=self.clock)

    def _explained(self, error: Exception) -> CannotStart:
        if isinstance(error, OSError):
            return folder.explain(error, self.options.state_dir)
        hint = f"\nSee {self._functions_log}" if isinstance(error, CallFailed) else ""
        return CannotStart(f"{error}{hint}")


def _start_aws(state_dir: Path) -> EmbeddedAws:
    """Ctrl-C is for the gateway alone: the database must still be there while everything else stops."""
    signal.pthread_sigmask(signal.SIG_BLOCK, FOR_THE_GATEWAY)
    try:
        return EmbeddedAws.start(state_dir)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FOR_THE_GATEWAY)
