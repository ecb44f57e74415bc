"""The Bot API over HTTP: tokens, envelopes, flood limits and faults round the methods."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from infra.local.fakes.telegram.arguments import Arguments, read_arguments
from infra.local.fakes.telegram.errors import ApiError, blocked, too_many_requests
from infra.local.fakes.telegram.faults import CALL_FAULTS, Fault, Faults
from infra.local.fakes.telegram.flood import FloodGate, FloodLimits
from infra.local.fakes.telegram.methods import METHODS, Call
from infra.local.fakes.telegram.state import Bot, Clock, Json, State
from infra.local.fakes.telegram.webhooks import delete_webhook, get_webhook_info, set_webhook

ALL_METHODS: Mapping[str, Callable[[Call], Any]] = {
    **METHODS,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}


class BotApi:
    """Answers the calls of bots."""

    def __init__(
        self,
        bots: Sequence[Bot],
        state: State,
        faults: Faults,
        clock: Clock,
        flood_limits: FloodLimits,
        on_call: Callable[[str, str], None],
    ) -> None:
        self._bots = {bot.token: bot for bot in bots}
        self._gates = {bot.token: FloodGate(flood_limits) for bot in bots}
        self._state = state
        self._faults = faults
        self._clock = clock
        self._on_call = on_call

    def add_routes(self, application: web.Application) -> None:
        """Serve `bot<token>/<method>`."""
        for path in ("/bot{token}/{method}", "/bot{token}"):
            application.router.add_route("*", path, self.answer)

    def webhook_info(self, username: str) -> Json:
        """What getWebhookInfo says of the bot."""
        bot = next(bot for bot in self._bots.values() if bot.username == username)
        return get_webhook_info(self._call(bot, Arguments({})))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The JSON envelope with the result or the refusal."""
        method = request.match_info.get("method", "").lower()
        fault = self._faults.take(CALL_FAULTS, method)
        if fault is not None and fault.kind == "bad_gateway":
            return web.Response(
                status=502, text="<html><body><h1>502 Bad Gateway</h1></body></html>", content_type="text/html"
            )
        try:
            arguments = await read_arguments(request)
            await _suffer(fault)
            result = self._run(request.match_info["token"], method, arguments)
        except ApiError as error:
            return _refusal(error)
        if fault is not None and fault.kind == "drop" and request.transport is not None:
            request.transport.abort()
        return web.json_response({"ok": True, "result": result})

    def _run(self, token: str, method: str, arguments: Arguments) -> Any:
        bot = self._bots.get(token)
        if bot is None:
            raise ApiError(401, "Unauthorized")
        if method not in ALL_METHODS:
            raise ApiError(404, "Not Found: method not found")
        result = ALL_METHODS[method](self._call(bot, arguments))
        self._on_call(bot.username, method)
        return result

    def _call(self, bot: Bot, arguments: Arguments) -> Call:
        bot_state, gate = self._state.bots[bot.username], self._gates[bot.token]
        return Call(bot, bot_state, self._state.people, gate, arguments, self._clock())


async def _suffer(fault: Fault | None) -> None:
    if fault is None:
        return
    if fault.kind == "too_many_requests":
        raise too_many_requests(fault.retry_after_s)
    if fault.kind == "server_error":
        raise ApiError(500, "Internal Server Error")
    if fault.kind == "forbidden":
        raise blocked()
    if fault.kind == "hang":
        await asyncio.sleep(fault.hang_s)


def _refusal(error: ApiError) -> web.Response:
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    headers = {}
    if error.retry_after_s:
        body["parameters"] = {"retry_after": error.retry_after_s}
        headers["Retry-After"] = str(error.retry_after_s)
    return web.json_response(body, status=error.code, headers=headers)
