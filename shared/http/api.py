"""A system's routes: views that get checked values and answer with models.

Shape: an `Api` is bound to an app, not registered as a Blueprint: Chalice takes a Blueprint's routes apart while it
registers them, so that the same one cannot serve both the system's own function and the whole app that is packaged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalice.app import Chalice, CORSConfig, Response
from chalice.app import Request as ChaliceRequest
from pydantic import BaseModel

from shared import limits, log
from shared.entry import trigger
from shared.errors import SERVER_FAILS, SvyazError
from shared.http import callers, requests
from shared.http.operations import Operation
from shared.http.problems import problem, unexpected
from shared.i18n import preferred

CORRELATION_HEADER = "X-Correlation-Id"
CORS = CORSConfig(allow_origin="*", allow_headers=["Idempotency-Key", "Accept-Language"], max_age=600)
View = Callable[..., BaseModel | Response]


class Api:
    """The routes of one system, each with its description."""

    def __init__(self, system: str) -> None:
        self.system = system
        self.operations: list[Operation] = []

    def get(self, path: str, summary: str, **described: Any) -> Callable[[View], View]:
        """Registers a view that reads."""
        return self._operation("GET", path, summary, described)

    def post(self, path: str, summary: str, **described: Any) -> Callable[[View], View]:
        """Registers a view that changes something."""
        return self._operation("POST", path, summary, described)

    def bind(self, app: Chalice) -> None:
        """Serves the routes by an app."""
        for operation in self.operations:
            cors = CORS if operation.cors else False
            route = app.route(
                operation.path, methods=[operation.method], name=operation.name, content_types=[], cors=cors
            )
            route(_view(app, operation))

    def _operation(self, method: Any, path: str, summary: str, described: dict[str, Any]) -> Callable[[View], View]:
        def register(view: View) -> View:
            self.operations.append(Operation(method, path, view.__name__, summary, view, **described))
            return view

        return register


def _view(app: Chalice, operation: Operation) -> Callable[..., Response]:
    def call(**path: str) -> Response:
        given = app.current_request
        if given is None:
            raise RuntimeError("a view was called without a request")
        with trigger("http", operation.name) as correlation_id:
            response = _answer(given, operation, path)
            response.headers[CORRELATION_HEADER] = correlation_id
            log.info("http", operation=operation.name, status=response.status_code)
            return response

    return call


def _answer(given: ChaliceRequest, operation: Operation, path: dict[str, str]) -> Response:
    words = preferred(given.headers.get("accept-language"))
    try:
        return _response(operation, _call(given, operation, path))
    except SvyazError as error:
        if error.is_ours:
            log.failure("http.failed", operation=operation.name)
        return unexpected(words) if error.status == SERVER_FAILS else problem(error, words)
    except Exception:  # noqa: BLE001  # the caller gets a plain 500 and none of its words
        log.failure("http.failed", operation=operation.name)
        return unexpected(words)


def _call(given: ChaliceRequest, operation: Operation, path: dict[str, str]) -> BaseModel | Response:
    headers = {name.lower(): value for name, value in given.headers.items()}
    source_ip = str(given.context.get("identity", {}).get("sourceIp", ""))
    if operation.rate is not None:  # the functions of other routes may not read the edge's key
        source_ip = callers.address(source_ip, headers)
        limits.spend(operation.name, source_ip, operation.rate.calls, operation.rate.per_s)
    raw = requests.read_raw(given, operation.max_bytes)
    request: requests.Request[Any, Any] = requests.Request(
        query=requests.read_query(operation.query, given),
        body=requests.read_body(operation.body, raw, headers.get("content-type", "")),
        raw_body=raw,
        headers=headers,
        source_ip=source_ip,
        words=preferred(headers.get("accept-language")),
    )
    answer: BaseModel | Response = operation.view(request, **requests.read_path(operation.params, path))
    return answer


def _response(operation: Operation, answer: BaseModel | Response) -> Response:
    if isinstance(answer, Response):
        return answer
    body = answer.model_dump_json(exclude_none=True)
    return Response(
        body=body,
        status_code=operation.status,
        headers={"Content-Type": "application/json", "Cache-Control": "no-store"},
    )
