"""A small system's routes, for the tests of what surrounds every view."""

from __future__ import annotations

import json
from typing import Any

from chalice.app import Response
from pydantic import BaseModel, Field

from shared import errors, log
from shared.bus import Value
from shared.http.api import Api
from shared.http.app import ProblemChalice, http_app
from shared.http.operations import Rate
from shared.http.requests import Request, idempotency_key
from shared.rights import PUBLIC
from shared.tables import find
from shared.timers import Cursor
from tests.support.http_events import Answer, ask

THING = "/v1/test/things/{code}"

SECRET = "+79990000000"


class Path(Value):
    """Whose thing."""

    code: str = Field(pattern=r"^[a-z0-9]{1,16}$")


class Query(Value):
    """Which part."""

    limit: int = Field(default=10, ge=1, le=100)
    word: str = Field(default="", max_length=5)


class Body(Value):
    """What it is to be."""

    name: str = Field(max_length=10)
    number: int = Field(default=0, ge=0, le=10)
    share: float | None = None
    more: dict[str, Any] = Field(default_factory=dict)


class Thing(BaseModel):
    """What it is."""

    code: str
    seen: str
    missing: str | None = None


FAILURES: dict[str, Exception] = {
    "taken": errors.SlotTaken("This time is not free. Others are.", alternatives=[1]),
    "throttled": errors.ProviderThrottled("AWS asks for a pause", retry_after_s=7),
    "rule": errors.RuleViolation("x", rule="hours", next_allowed="2026-03-02T10:00:00Z"),
    "crash": ZeroDivisionError(f"no such phone {SECRET}"),
    "recursion": RecursionError(SECRET),
}


def sample_app() -> ProblemChalice:
    """An app of one system."""
    api = Api("test")

    @api.get(THING, "Reads", access=PUBLIC, params=Path, query=Query, answer=Thing, cors=True)
    def read_thing(request: Request[Query, None], code: str) -> Thing:
        return Thing(code=code, seen=request.query.model_dump_json())

    @api.post(THING, "Makes", access=PUBLIC, params=Path, body=Body, answer=Thing, status=201, max_bytes=70_000)
    def make_thing(request: Request[None, Body], code: str) -> Thing:
        return Thing(code=code, seen=request.body.name)

    @api.get("/v1/test/fails/{how}", "Fails", access=PUBLIC)
    def fail(_request: Request[None, None], how: str) -> Thing:
        raise FAILURES[how]

    @api.get("/v1/test/limited", "Counts", access=PUBLIC, answer=Thing, rate=Rate(2, 60))
    def count(request: Request[None, None]) -> Thing:
        return Thing(code="", seen=request.source_ip)

    @api.get("/v1/test/stored", "Asks the database", access=PUBLIC)
    def read_stored(_request: Request[None, None]) -> Thing:
        return Thing(code="", seen=str(find(Cursor, "cursor", "0")))

    @api.post("/v1/test/raw", "Takes anything", access=PUBLIC, max_bytes=100)
    def take_raw(request: Request[None, None]) -> Response:
        key = idempotency_key(request.headers)
        shown = {"bytes": list(request.raw_body), "key": key, "language": request.words.language}
        return Response(body=json.dumps(shown), status_code=202, headers={"Content-Type": "application/json"})

    @api.get("/v1/test/correlation", "Tells its id", access=PUBLIC, answer=Thing)
    def tell(_request: Request[None, None]) -> Thing:
        log.info("inside")
        return Thing(code="", seen=log.correlation_id())

    return http_app(api)


def get(app: Any, code: str = "anna", **more: Any) -> Answer:
    """Asks for a thing."""
    return ask(app, "GET", THING, path={"code": code}, **more)


def post(app: Any, body: str | bytes | None, content_type: str | None = "application/json", **more: Any) -> Answer:
    """Sends a thing."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    return ask(app, "POST", THING, body, path={"code": "anna"}, headers={**headers, **more})


def is_problem(answer: Answer, status: int, kind: str) -> bool:
    """Whether an answer is the problem that was expected, whole."""
    told = answer.json
    assert (answer.status, told["status"], told["type"]) == (status, status, f"/docs#{kind}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-correlation-id"] == told["correlation_id"]
    assert told["correlation_id"].startswith("cor_")
    return bool(told["title"] and told["detail"])
