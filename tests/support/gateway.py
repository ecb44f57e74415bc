"""The product's HTTP routes as a WSGI application in this process: the gateway's own events and router, no sockets.

Every request comes from another address, so that limits of calls do not hide the answers behind them.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from infra.gateway_responses import MEDIA_TYPE, METHOD_NOT_ALLOWED, RESPONSES
from infra.local import definitions
from infra.local.authorizers import method_arn
from infra.local.definitions import Authorizer, Function
from infra.local.http_events import HttpAnswer, HttpRequest, proxy_event, read_answer
from infra.local.routing import Match, Router
from shared.errors import Unauthorized

_addresses = itertools.count(1)
_known = definitions.Definitions.model_validate(definitions.read({}, SimpleNamespace()))
_router = Router(_known.routes)


def application(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The answer to one request."""
    answer = _answer(_request(environ))
    start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(answer.headers))
    return [answer.body]


def _request(environ: Mapping[str, Any]) -> HttpRequest:
    sent = {name.removeprefix("HTTP_"): value for name, value in environ.items() if name.startswith("HTTP_")}
    headers = [(name.replace("_", "-").title(), value) for name, value in sent.items()]
    if environ.get("CONTENT_TYPE"):
        headers.append(("Content-Type", environ["CONTENT_TYPE"]))
    number = next(_addresses)
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        raw_path=environ.get("REQUEST_URI", environ["PATH_INFO"]).partition("?")[0],
        raw_query=environ.get("QUERY_STRING", ""),
        headers=tuple(headers),
        body=environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
        source_ip=f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}",
    )


def _answer(request: HttpRequest) -> HttpAnswer:
    match = _router.match(request.raw_path)
    if match is None:
        return _refusal(RESPONSES["MISSING_AUTHENTICATION_TOKEN"])
    if request.method not in match.routes:
        return _refusal(METHOD_NOT_ALLOWED, ("Allow", ", ".join(match.routes)))
    return _called(request, match)


def _called(request: HttpRequest, match: Match) -> HttpAnswer:
    route = match.routes[request.method]
    event = proxy_event(request, match, _known.binary_types)
    if route.authorizer is not None:
        told = _asked(route.authorizer, request)
        if told is None:
            return _refusal(RESPONSES["UNAUTHORIZED"])
        event["requestContext"]["authorizer"] = told
    return read_answer(request, _handler(route.function)(event, None), _known.binary_types)


def _asked(authorizer: Authorizer, request: HttpRequest) -> dict[str, Any] | None:
    """What the authorizer tells of the caller; None where it refuses him."""
    token = request.header(authorizer.header)
    if not token:
        return None
    event = {"type": "TOKEN", "authorizationToken": token, "methodArn": method_arn(request)}
    try:
        answer = _handler(authorizer.function)(event, None)
    except Unauthorized:
        return None
    return {**answer["context"], "principalId": answer["principalId"]}


def _handler(function: Function) -> Any:
    module, attribute = function.handler.rsplit(".", 1)
    return getattr(importlib.import_module(module), attribute)


def _refusal(response: Any, *headers: tuple[str, str]) -> HttpAnswer:
    every = (("Content-Type", MEDIA_TYPE), *response.headers.items(), *headers)
    return HttpAnswer(response.status, every, response.template().encode())
