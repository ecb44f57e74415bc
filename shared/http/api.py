"""A system's routes: views that get checked values and answer with models.

Shape: an `Api` is bound to an app, not registered as a Blueprint: Chalice takes a Blueprint's routes apart while it
registers them, so that the same one cannot serve both the system's own function and the whole app that is packaged.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, CORSConfig, Response
from chalice.app import Request as ChaliceRequest

from shared import log, sandbox
from shared.entry import trigger
from shared.errors import SERVER_FAILS, SvyazError
from shared.http import callers, requests, trail
from shared.http.operations import Operation, Rate
from shared.http.problems import problem, unexpected
from shared.i18n import preferred

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from pydantic import BaseModel

    Answer = BaseModel | DataclassInstance | Response

CORRELATION_HEADER = "X-Correlation-Id"
CORS = CORSConfig(allow_origin="*", allow_headers=["Idempotency-Key", "Accept-Language"], max_age=600)
View = Callable[..., "Answer"]


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

    def put(self, path: str, summary: str, **described: Any) -> Callable[[View], View]:
        """Registers a view that sets something."""
        return self._operation("PUT", path, summary, described)

    def patch(self, path: str, summary: str, **described: Any) -> Callable[[View], View]:
        """Registers a view that changes a part of something."""
        return self._operation("PATCH", path, summary, described)

    def delete(self, path: str, summary: str, **described: Any) -> Callable[[View], View]:
        """Registers a view that takes something away."""
        return self._operation("DELETE", path, summary, described)

    def bind(self, app: Chalice, authorizer: Any = None) -> None:
        """Serves the routes by an app; in the app that is packaged, those that are not public ask `authorizer`."""
        for operation in self.operations:
            route = app.route(
                operation.path,
                methods=[operation.method],
                name=operation.name,
                content_types=[],
                cors=CORS if operation.cors else False,
                authorizer=None if operation.is_public else authorizer,
            )
            route(_view(app, self.system, operation))

    def _operation(self, method: Any, path: str, summary: str, described: dict[str, Any]) -> Callable[[View], View]:
        def register(view: View) -> View:
            self.operations.append(Operation(method, path, view.__name__, summary, view, **described))
            return view

        return register


def _view(app: Chalice, system: str, operation: Operation) -> Callable[..., Response]:
    def call(**path: str) -> Response:
        given = app.current_request
        if given is None:
            raise RuntimeError("a view was called without a request")
        with trigger("http", operation.name) as correlation_id:
            response = _answer(given, system, operation, path)
            response.headers[CORRELATION_HEADER] = correlation_id
            log.info("http", operation=operation.name, status=response.status_code)
            return response

    return call


def _answer(given: ChaliceRequest, system: str, operation: Operation, path: dict[str, str]) -> Response:
    words = preferred(given.headers.get("accept-language"))
    try:
        with trail.kept(system, operation, given, path):
            answer = _call(given, operation, path)
        trail.note_read(operation, given, answer)
        return _response(operation, answer)
    except SvyazError as error:
        if error.is_ours:
            log.failure("http.failed", operation=operation.name)
        return unexpected(words) if error.status == SERVER_FAILS else problem(error, words)
    except Exception:  # noqa: BLE001  # the caller gets a plain 500 and none of its words
        log.failure("http.failed", operation=operation.name)
        return unexpected(words)


def _call(given: ChaliceRequest, operation: Operation, path: dict[str, str]) -> Answer:
    headers = {name.lower(): value for name, value in given.headers.items()}
    source_ip = str(given.context.get("identity", {}).get("sourceIp", ""))
    if operation.rate is not None:
        source_ip = _counted(operation.name, operation.rate, source_ip, headers)
    caller = callers.admitted(operation, given.context.get("authorizer") or {})
    raw = requests.read_raw(given, operation.max_bytes)
    request: requests.Request[Any, Any] = requests.Request(
        query=requests.read_query(operation.query, given),
        body=requests.read_body(operation.body, raw, headers.get("content-type", "")),
        raw_body=raw,
        headers=headers,
        source_ip=source_ip,
        words=preferred(headers.get("accept-language")),
        known=caller,
    )
    with sandbox.testing(caller.org_id if caller is not None and caller.is_test else ""):
        answer: Answer = operation.view(request, **requests.read_path(operation.params, path))
    return answer


def _counted(name: str, rate: Rate, source_ip: str, headers: dict[str, str]) -> str:
    """The caller's address, whose call is counted; the functions of other routes may not read the edge's key.

    Raises: TooManyRequests.
    """
    from shared import limits  # noqa: PLC0415  # counts in the database, which a function of pages never loads

    address = callers.address(source_ip, headers)
    limits.spend(name, limits.source(address), rate.calls, rate.per_s)
    return address


def _response(operation: Operation, answer: Answer) -> Response:
    if isinstance(answer, Response):
        return answer
    body = json.dumps(asdict(answer)) if is_dataclass(answer) else answer.model_dump_json(exclude_none=True)
    return Response(
        body=body,
        status_code=operation.status,
        headers={"Content-Type": "application/json", "Cache-Control": "no-store"},
    )
