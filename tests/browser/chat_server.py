"""A loopback server that speaks the web chat's protocol with a scripted master, and can be made to misbehave."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

from aiohttp import WSMsgType, web
from chalice.app import Response

from shared.errors import NotFound
from shared.http.pages import SHARED_PAGES, serve
from tests.browser.script import Script

FUNCTIONS = Path(__file__).parents[2] / "functions"
FOLDERS = {
    "shared": SHARED_PAGES,
    "messengers": FUNCTIONS / "messengers" / "pages",
    "console": FUNCTIONS / "console" / "pages",
}
PAGES = {"/": "home.html", "/docs": "docs.html", "/openapi.json": "openapi.json"}
CLOSING_S = 0.05
MASTERS = {"anna": "Анна Орлова", "bob": "Bob"}


@dataclass
class Faults:
    """How the server misbehaves: each is counted down or switched back by the test."""

    unanswered: int = 0
    ignored: int = 0
    refusals: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    error: dict[str, str] | None = None
    stage: str = "prod"
    is_held: bool = False


class ChatServer:
    """The server; what it got is in `frames`, `tickets` and `visitors`."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.faults = Faults()
        self.frames: list[dict[str, Any]] = []
        self.tickets: list[dict[str, Any]] = []
        self.sockets: set[web.WebSocketResponse] = set()
        self.origin = ""
        self._answered: dict[str, dict[str, Any]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        self.run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def run(self, work: Awaitable[Any]) -> Any:
        """The result of work done in the server's loop."""

        async def awaited() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result(10)

    def said(self, action: str) -> list[dict[str, Any]]:
        """The frames of one action that came in."""
        return [frame for frame in self.frames if frame["action"] == action]

    def drop(self) -> None:
        """Closes every socket, as a deployment or a lost network does."""
        self.run(self._drop())

    def push(self, message: dict[str, Any]) -> None:
        """Sends a message that nobody asked for."""
        self.script.messages.append(message)
        self.run(self._push(message))

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_post("/v1/messengers/chat/tickets", self._ticket)
        app.router.add_get("/ws", self._socket)
        app.router.add_get("/health", self._health)
        app.router.add_get("/_local/start.json", self._local_start)
        app.router.add_get("/chat/{master}", self._page(partial(_named, "messengers", "chat.html")))
        app.router.add_get("/assets/{system}/{file}", self._page(self._asset))
        for path, name in PAGES.items():
            app.router.add_get(path, self._page(partial(_named, "console", name)))
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.origin = f"http://{host}:{port}"

    async def _stop(self) -> None:
        await self._drop()
        await self._runner.cleanup()
        await asyncio.sleep(CLOSING_S)

    async def _drop(self) -> None:
        for socket in tuple(self.sockets):
            await socket.close(code=1001)

    async def _push(self, message: dict[str, Any]) -> None:
        for socket in tuple(self.sockets):
            await _tell(socket, "chat.message", None, message)

    @staticmethod
    def _asset(request: web.Request) -> Response:
        return serve(FOLDERS[request.match_info["system"]], request.match_info["file"])

    @staticmethod
    def _page(
        found: Callable[[web.Request], Response],
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                response = found(request)
            except NotFound:
                return web.Response(status=404)
            headers = {name: str(value) for name, value in response.headers.items()}
            return web.Response(body=str(response.body).encode(), status=response.status_code, headers=headers)

        return answer

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "stage": self.faults.stage})

    async def _local_start(self, _request: web.Request) -> web.Response:
        return web.json_response({"entries": self.script.entries})

    async def _ticket(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.tickets.append(asked)
        if self.faults.refusals:
            status, headers, title = self.faults.refusals.pop(0)
            return web.json_response({"title": title, "status": status}, status=status, headers=headers)
        if asked["master"] not in MASTERS:
            return web.json_response({"title": "Not found", "status": 404}, status=404)
        answer = {
            "ticket": f"ticket/{len(self.tickets)}",
            "websocket_url": f"{self.origin.replace('http', 'ws', 1)}/ws",
            "visitor": asked.get("visitor") or f"visitor-{len(self.tickets)}",
            "master_name": MASTERS[asked["master"]],
            "expires_in_s": 30,
        }
        return web.json_response(answer, status=201)

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.add(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._frame(socket, json.loads(message.data))
        self.sockets.discard(socket)
        return socket

    async def _frame(self, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        if self.faults.is_held:
            return
        if frame["action"] == "chat.hello":
            await self._hello(socket, frame)
            return
        if self.faults.ignored > 0:
            self.faults.ignored -= 1
            return
        if self.faults.error:
            error, self.faults.error = self.faults.error, None
            await _tell(socket, "error", frame["id"], error)
            return
        await self._answer(socket, frame)

    async def _hello(self, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        await _tell(socket, "chat.history", frame["id"], {"messages": self.script.messages[-50:]})
        if not self.script.messages:
            await _tell(socket, "chat.message", None, self.script.greet())

    async def _answer(self, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        if frame["id"] not in self._answered:
            self._answered[frame["id"]] = self.script.answer(frame)
        if self.faults.unanswered > 0:
            self.faults.unanswered -= 1
            return
        await _tell(socket, "chat.message", frame["id"], self._answered[frame["id"]])


def _named(system: str, name: str, _request: web.Request) -> Response:
    return serve(FOLDERS[system], name)


async def _tell(socket: web.WebSocketResponse, action: str, answered: str | None, data: dict[str, Any]) -> None:
    frame = {"v": 1, "system": "messengers", "action": action, "id": answered, "data": data}
    await socket.send_json(frame)
