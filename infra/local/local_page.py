"""The page of the local runtime: sent mail, queues, dead letters, the clock, faults on demand. AWS has none."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from aiohttp import web

from infra.local.alarms import queue_counts
from infra.local.aws_calls import AwsCallFailed, AwsCalls
from infra.local.entrance import NotEntered, enter
from infra.local.functions import Functions
from infra.local.local_clock import LocalClock
from infra.local.origin import Handler, own_page
from infra.local.queues import MOST_MESSAGES, queue_url
from infra.local.start_entries import entries
from infra.local.wakers import Wakers

MAX_FAULTS = 1000
_FILES = {
    "": ("index.html", "text/html"),
    "style.css": ("style.css", "text/css"),
    "page.js": ("page.js", "text/javascript"),
}


class Wrong(Exception):
    """The page asks for what cannot be done."""


@web.middleware
async def explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The handler's answer; what is wrong, as JSON."""
    try:
        return await handler(request)
    except (Wrong, NotEntered) as error:
        return web.json_response({"error": str(error)}, status=422)
    except (AwsCallFailed, OSError) as error:
        return web.json_response({"error": str(error)}, status=503)


class LocalPage:
    """Serves the page and what it asks for."""

    def __init__(self, wakers: Wakers, functions: Functions, aws: AwsCalls, clock: LocalClock, demo_path: Path) -> None:
        self._wakers = wakers
        self._functions = functions
        self._aws = aws
        self._clock = clock
        self._demo_path = demo_path

    def application(self) -> web.Application:
        """The application to mount."""
        application = web.Application(middlewares=[own_page, explained])
        for name in _FILES:
            application.router.add_get(f"/{name}", self._file)
        application.router.add_get("", self._to_folder)
        application.router.add_get("/state", self._state)
        application.router.add_get("/start.json", self._start)
        application.router.add_get("/mail", self._mail)
        application.router.add_get("/dead-letters/{queue}", self._dead_letters)
        application.router.add_post("/clock", self._move_clock)
        application.router.add_post("/faults", self._set_faults)
        application.router.add_post("/enter", self._enter)
        return application

    async def _to_folder(self, _: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": "/_local/"})

    async def _file(self, request: web.Request) -> web.Response:
        name, content_type = _FILES[request.path.rpartition("/")[2]]
        content = files("infra.local").joinpath("pages", name).read_bytes()
        return web.Response(body=content, content_type=content_type, charset="utf-8")

    async def _start(self, _: web.Request) -> web.Response:
        return web.json_response({"entries": entries(self._demo_path)})

    async def _enter(self, request: web.Request) -> web.Response:
        return await enter(await _read(request), request.host, request.headers, self._demo_path)

    async def _state(self, _: web.Request) -> web.Response:
        return web.json_response(await self._described())

    async def _described(self) -> dict[str, Any]:
        definitions = self._wakers.definitions
        every = definitions.http_functions() | definitions.background_functions()
        return {
            "clock": {"now": self._clock().isoformat(), "offset_s": self._clock.offset.total_seconds()},
            "queues": [await self._queue(queue.name, queue.dead_letters) for queue in definitions.queues],
            "connections": len(self._wakers.sockets.open),
            "functions": sorted(every),
            "to_fail": {name: times for name, times in self._functions.to_fail.items() if times > 0},
        }

    async def _queue(self, name: str, dead_letters: str) -> dict[str, Any]:
        waiting, handled, delayed = await queue_counts(self._aws, name)
        dead = sum(await queue_counts(self._aws, dead_letters))
        return {"name": name, "waiting": waiting, "handled": handled, "delayed": delayed, "dead": dead}

    async def _mail(self, _: web.Request) -> web.Response:
        shown = ("id", "time", "from", "to", "subject", "text", "html")
        found = [{name: mail.get(name) for name in shown} for mail in await self._aws.mail()]
        return web.json_response({"mail": found[::-1]})

    async def _dead_letters(self, request: web.Request) -> web.Response:
        names = {queue.name: queue.dead_letters for queue in self._wakers.definitions.queues}
        name = names.get(request.match_info["queue"])
        if name is None:
            raise Wrong("there is no such queue")
        asked = {"MaxNumberOfMessages": MOST_MESSAGES, "VisibilityTimeout": 0, "AttributeNames": ["All"]}
        found = await self._aws.call("sqs", "ReceiveMessage", QueueUrl=await queue_url(self._aws, name), **asked)
        messages = [
            {"id": one["MessageId"], "body": one["Body"], **one["Attributes"]} for one in found.get("Messages") or ()
        ]
        return web.json_response({"messages": messages})

    async def _move_clock(self, request: web.Request) -> web.Response:
        asked = await _read(request)
        if asked.get("reset") is True:
            self._clock.reset()
        else:
            self._advance(asked.get("advance_s"))
        self._wakers.ticker.tick()
        return await self._state(request)

    def _advance(self, seconds: Any) -> None:
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise Wrong("advance_s must be a number")
        try:
            self._clock.advance(timedelta(seconds=seconds))
        except (ValueError, OverflowError) as error:
            raise Wrong(str(error)) from None

    async def _set_faults(self, request: web.Request) -> web.Response:
        asked = await _read(request)
        name, times = asked.get("function"), asked.get("times")
        definitions = self._wakers.definitions
        known = definitions.http_functions() | definitions.background_functions()
        if not isinstance(name, str) or name not in known:
            raise Wrong("there is no such function")
        if type(times) is not int or not 0 <= times <= MAX_FAULTS:
            raise Wrong(f"times must be a whole number up to {MAX_FAULTS}")
        self._functions.to_fail[name] = times
        return await self._state(request)


async def _read(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Wrong("send application/json")
    try:
        found = json.loads(await request.text() or "{}")
    except (ValueError, RecursionError):
        raise Wrong("this is not JSON") from None
    if not isinstance(found, dict):
        raise Wrong("send a JSON object")
    return found
