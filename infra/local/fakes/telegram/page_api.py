"""The page of the messenger, and the JSON endpoints by which it and others act as people."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from importlib.resources import files
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from infra.local.fakes.telegram.bell import Bell
from infra.local.fakes.telegram.faults import Fault, Faults
from infra.local.fakes.telegram.people import ActError, People
from infra.local.fakes.telegram.state import Chat, Json

MAX_WAIT_S = 25
MAX_DIGITS = 16
ACTS: Mapping[str, Callable[..., Awaitable[Any]]] = {
    "start": People.start,
    "text": People.send_text,
    "tap": People.tap,
    "sticker": People.send_sticker,
    "voice": People.send_voice,
    "photo": People.send_photo,
    "location": People.send_location,
    "contact": People.send_contact,
    "block": People.block,
    "unblock": People.unblock,
}

_CONTENT_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@web.middleware
async def explain_refusals(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """The handler's answer; a refusal as JSON with its status."""
    try:
        return await handler(request)
    except ActError as error:
        return web.json_response({"error": str(error)}, status=error.status)
    except ValidationError as error:
        fields = [".".join(map(str, found["loc"])) for found in error.errors()]
        return web.json_response({"error": f"not acceptable: {', '.join(fields)}"}, status=422)


class PageApi:
    """Serves the page and its endpoints; all addresses are relative to where it is mounted."""

    def __init__(self, people: People, faults: Faults, bell: Bell) -> None:
        self._people = people
        self._faults = faults
        self._bell = bell

    def add_routes(self, application: web.Application) -> None:
        """Serve the page, `people`, `bots` and `faults`."""
        router = application.router
        for asset in files("infra.local.fakes.telegram").joinpath("page").iterdir():
            addresses = ("", "/") if asset.name == "index.html" else (f"/{asset.name}",)
            for address in addresses:
                router.add_get(address, _asset_handler(asset.name, asset.read_bytes()))
        chat = r"/people/{person_id:\d{1,16}}/chats/{bot}"
        router.add_get("/people", self._list)
        router.add_post("/people", self._create)
        router.add_get(chat, self._view)
        router.add_post(chat + "/{act}", self._act)
        router.add_post("/bots/{bot}/redeliver", self._redeliver)
        router.add_get("/faults", self._list_faults)
        router.add_post("/faults", self._add_fault)
        router.add_delete("/faults", self._clear_faults)

    async def _list(self, _: web.Request) -> web.Response:
        people = [person.model_dump(exclude_none=True) for person in self._people.state.people.values()]
        bots = [{"username": bot.username, "name": bot.name} for bot in self._people.bots.values()]
        return web.json_response({"people": people, "bots": bots})

    async def _create(self, request: web.Request) -> web.Response:
        fields = await _read(request)
        person = await self._people.create_person(fields.pop("first_name", ""), **fields)
        return web.json_response(person.model_dump(exclude_none=True), status=201)

    async def _act(self, request: web.Request) -> web.Response:
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise ActError(404, "no such act")
        person_id, bot = int(request.match_info["person_id"]), request.match_info["bot"]
        return web.json_response({"result": await act(self._people, person_id, bot, **await _read(request))})

    async def _view(self, request: web.Request) -> web.Response:
        person_id, bot = int(request.match_info["person_id"]), request.match_info["bot"]
        if person_id not in self._people.state.people or bot not in self._people.bots:
            raise ActError(404, "no such chat")
        known, wait_s = _number(request.query.get("after", "")), _number(request.query.get("wait_s", ""))
        now_s = asyncio.get_running_loop().time
        deadline_s = now_s() + min(wait_s, MAX_WAIT_S)
        while self._chat(person_id, bot).revision == known and now_s() < deadline_s and not self._bell.is_stopped:
            await self._bell.wait(deadline_s - now_s())
        return web.json_response(self._show(person_id, bot))

    def _chat(self, person_id: int, bot: str) -> Chat:
        return self._people.state.bots[bot].chats.get(person_id) or Chat()

    def _show(self, person_id: int, bot: str) -> Json:
        chat, bot_state = self._chat(person_id, bot), self._people.state.bots[bot]
        now = self._people.clock().timestamp()
        return chat.model_dump(include={"revision", "is_blocked", "reply_keyboard", "answers"}) | {
            "is_started": person_id in bot_state.chats,
            "typing_for_s": max(0, chat.typing_until - now),
            "commands": bot_state.commands,
            "messages": [entry.message for entry in chat.entries if not entry.is_deleted],
        }

    async def _redeliver(self, request: web.Request) -> web.Response:
        await _read(request)
        return web.json_response({"update_id": await self._people.redeliver(request.match_info["bot"])})

    async def _list_faults(self, _: web.Request) -> web.Response:
        return web.json_response({"faults": [fault.model_dump() for fault in self._faults.waiting]})

    async def _add_fault(self, request: web.Request) -> web.Response:
        self._faults.add(Fault.model_validate(await _read(request)))
        return await self._list_faults(request)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._faults.waiting.clear()
        return await self._list_faults(request)


async def _read(request: web.Request) -> Json:
    if request.content_type != "application/json":
        raise ActError(415, "send application/json")
    try:
        body = json.loads(await request.text() or "{}")
    except (ValueError, LookupError, RecursionError) as error:
        raise ActError(400, "this is not JSON") from error
    if not isinstance(body, dict) or "self" in body:  # the names become keyword arguments of methods
        raise ActError(422, "send a JSON object with the arguments of the act")
    return body


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < MAX_DIGITS else -1


def _asset_handler(name: str, content: bytes) -> Callable[[web.Request], Awaitable[web.Response]]:
    content_type = _CONTENT_TYPES[name.rpartition(".")[2]]

    async def send(request: web.Request) -> web.Response:
        if content_type == "text/html" and not request.path.endswith("/"):
            return _to_folder(request)
        return web.Response(body=content, content_type=content_type, charset="utf-8")

    return send


def _to_folder(request: web.Request) -> web.Response:
    """Relative addresses in the page need the slash at the end of its own."""
    query = f"?{request.query_string}" if request.query_string else ""
    return web.Response(status=308, headers={"Location": f"{request.path.rpartition('/')[2]}/{query}"})
