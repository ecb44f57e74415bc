"""HTTP as API Gateway serves it: finds the route, calls its function, answers by itself where no function can.

Limits: 10 MB body, 6 MB event and answer, 29 seconds. A function that runs into its own time limit is answered with
504 too, where API Gateway says 502.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping

from aiohttp import web

from infra.gateway_responses import MEDIA_TYPE, METHOD_NOT_ALLOWED, REQUEST_ID, RESPONSES, GatewayResponse
from infra.local.authorizers import Authorizers, Denied
from infra.local.definitions import Definitions, Route
from infra.local.functions import CallFailed, CallTimedOut, EventTooLarge, Functions
from infra.local.http_events import HttpAnswer, HttpRequest, MalformedAnswer, proxy_event, read_answer, well_formed
from infra.local.routing import Match, Router

MAX_BODY_BYTES = 10 * 1024 * 1024
TIMEOUT_S = 29.0
UNPACKED = "content-encoding"  # as API Gateway with compression switched on, aiohttp has unpacked the body
Tell = Callable[[str], None]


class HttpGateway:
    """Serves all routes of the definitions."""

    def __init__(self, functions: Functions, tell: Tell) -> None:
        self._functions = functions
        self._authorizers = Authorizers(functions)
        self._tell = tell
        self._definitions = Definitions()
        self._router = Router(())

    def use(self, definitions: Definitions) -> None:
        """Serves these routes from now on."""
        self._definitions = definitions
        self._authorizers.forget()
        self._router = Router(definitions.routes)

    async def serve(self, request: web.Request) -> web.Response:
        """The answer to any request that is not the runtime's own."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(TIMEOUT_S):
                read = await _read(request)
        except web.HTTPRequestEntityTooLarge:
            answer = _refusal(RESPONSES["REQUEST_TOO_LARGE"], str(uuid.uuid4()))
        except (web.RequestPayloadError, TimeoutError):
            answer = _refusal(RESPONSES["BAD_REQUEST_BODY"], str(uuid.uuid4()))
        else:
            answer = await self._answer(read)
        spent_ms = (time.monotonic() - started) * 1000
        raw_path = request.raw_path.partition("?")[0]  # the query may hold tickets
        self._tell(f"{request.method} {raw_path} {answer.status} {spent_ms:.0f} ms")
        return _response(answer)

    async def _answer(self, request: HttpRequest) -> HttpAnswer:
        match = self._router.match(request.raw_path)
        if match is None:
            return _refusal(RESPONSES["MISSING_AUTHENTICATION_TOKEN"], request.request_id)
        route = match.routes.get(request.method)
        if route is None:
            return _without_function(request, match.routes)
        try:
            return await self._call(route, match, request)
        except (Denied, CallFailed, MalformedAnswer, TimeoutError) as error:
            if isinstance(error, MalformedAnswer):
                self._tell(f"{route.function.name} gave a malformed answer: {error}")
            return _refusal(RESPONSES[_response_to(error)], request.request_id)

    async def _call(self, route: Route, match: Match, request: HttpRequest) -> HttpAnswer:
        event = proxy_event(request, match, self._definitions.binary_types)
        if route.authorizer is not None:
            event["requestContext"]["authorizer"] = await self._authorizers.authorize(route.authorizer, request)
        async with asyncio.timeout(TIMEOUT_S):
            found = await self._functions.call(route.function, event)
        return read_answer(request, found, self._definitions.binary_types)


def _response_to(error: Exception) -> str:
    if isinstance(error, Denied):
        return error.response
    if isinstance(error, EventTooLarge):
        return "REQUEST_TOO_LARGE"
    return "INTEGRATION_TIMEOUT" if isinstance(error, CallTimedOut | TimeoutError) else "INTEGRATION_FAILURE"


async def _read(request: web.Request) -> HttpRequest:
    raw_path, _, raw_query = request.raw_path.partition("?")
    return HttpRequest(
        method=request.method,
        raw_path=well_formed(raw_path),
        raw_query=well_formed(raw_query),
        headers=tuple(
            (name, well_formed(value)) for name, value in request.headers.items() if name.lower() != UNPACKED
        ),
        body=await request.read(),
        source_ip=request.remote or "127.0.0.1",
    )


def _without_function(request: HttpRequest, routes: Mapping[str, Route]) -> HttpAnswer:
    preflight = next((route.cors for route in routes.values() if route.cors is not None), None)
    if request.method == "OPTIONS" and preflight is not None:
        methods = [method for method, route in routes.items() if route.cors is not None]
        headers = {"Content-Type": "application/json", "Access-Control-Allow-Methods": ",".join([*methods, "OPTIONS"])}
        return HttpAnswer(200, tuple((headers | preflight).items()), b"")
    allowed = {*routes, "OPTIONS"} if preflight is not None else set(routes)
    return _refusal(METHOD_NOT_ALLOWED, request.request_id, ("Allow", ", ".join(sorted(allowed))))


def _refusal(response: GatewayResponse, request_id: str, *headers: tuple[str, str]) -> HttpAnswer:
    body = response.template().replace(REQUEST_ID, request_id).encode()
    every = (("Content-Type", MEDIA_TYPE), ("Cache-Control", "no-store"), *response.headers.items(), *headers)
    return HttpAnswer(response.status or 500, every, body)


def _response(answer: HttpAnswer) -> web.Response:
    response = web.Response(status=answer.status, body=answer.body)
    response.headers.popall("Content-Type", None)
    for name, value in answer.headers:
        if name.lower() != "content-length":
            response.headers.add(name, value)
    return response
