"""Every route that changes something leaves an entry in the audit log, whoever asks and however it ends."""

from __future__ import annotations

import importlib
import itertools
import json
from collections.abc import Callable

import pytest

from functions.booking import jobs
from functions.platform import socket
from infra.openapi.examples import example_of
from infra.openapi.schemas import INPUT, Schemas
from infra.packaging.grants import AUDIT, GRANTS, KEYS
from infra.triggers import Route, triggers
from shared.audit import AuditRow
from shared.identity import Caller
from shared.rights import Role
from tests.support import stored
from tests.support.events import sample
from tests.support.http_events import Answer, proxy_event
from tests.support.moto_aws import waiting
from tests.support.queue_events import batch, record

WRITERS = [route for route in triggers().routes if route.operation.is_mutating]
AT_ONCE = [route for route in WRITERS if route.operation.audited_at == "request"]
LATER = [route for route in WRITERS if route.operation.audited_at == "effect"]
SCHEMAS = Schemas([route.operation for route in WRITERS])
ALMIGHTY = Caller("user", "usr_almighty", "org_lipa", tuple(Role), session_id="ses_1")
KEY = Caller("key", "key_1", "org_lipa", scopes=tuple(sorted(ALMIGHTY.rights)))
STRANGER = Caller("user", "usr_stranger", "org_wheel", session_id="ses_2")
_addresses = itertools.count(1)


def name_of(route: Route) -> str:
    """What the test calls a route."""
    return f"{route.method} {route.path}"


@pytest.fixture(autouse=True)
def _demo(aws: None) -> None:
    """Two organisations."""
    stored.demo()


def call(route: Route, caller: Caller | None, body: str, path: str = "x1", **headers: str) -> Answer:
    """The answer of the function that serves the route."""
    number = next(_addresses)
    params = {part[1:-1]: path for part in route.path.split("/") if part.startswith("{")}
    sent = {"Content-Type": "application/json", **headers}
    address = f"198.51.{number // 256}.{number % 256}"
    event = proxy_event(route.method, route.path, body, params, (), sent, address)
    event["requestContext"]["authorizer"] = caller.to_context() if caller else {}
    module, attribute = route.function.handler.rsplit(".", 1)
    given = getattr(importlib.import_module(module), attribute)(event, None)
    return Answer(given["statusCode"], {name.lower(): str(value) for name, value in given["headers"].items()}, "")


def minimal(route: Route) -> str:
    """A body as the document shows it, `{}` where it shows none."""
    model = route.operation.body
    return json.dumps((model and example_of(SCHEMAS.of(model, INPUT), SCHEMAS)) or {})


def entries_of(answer: Answer) -> list[AuditRow]:
    """What a request has left."""
    return list(AuditRow.scan(AuditRow.correlation_id == answer.headers["x-correlation-id"]))


@pytest.mark.parametrize("route", AT_ONCE, ids=name_of)
@pytest.mark.parametrize("caller", [ALMIGHTY, KEY, STRANGER, None], ids=["almighty", "key", "stranger", "nobody"])
@pytest.mark.parametrize(
    "form", ["minimal", *(pytest.param(form, marks=pytest.mark.deep) for form in ("empty", "broken"))]
)
def test_each_leaves_an_entry(route: Route, caller: Caller | None, form: str) -> None:
    """PLAT-35: done, refused or failed."""
    body = {"minimal": minimal(route), "empty": "{}", "broken": "{"}[form]
    answer = call(route, caller, body)
    found = entries_of(answer)
    assert found, f"{answer.status}, and nothing in the log"
    if answer.status >= 400:
        assert {row.result for row in found} & {"refused", "failed"}
    for row in found:
        assert row.action.partition(".")[0] == route.function.name.removesuffix("_api")
        assert str(row.network).startswith("198.51.")


@pytest.mark.parametrize("route", LATER, ids=name_of)
def test_what_has_its_effect_later_leaves_one_where_it_is_refused(route: Route) -> None:
    """PLAT-37."""
    answer = call(route, None, "{")
    assert answer.status >= 400
    assert [row.result for row in entries_of(answer)] == ["refused"]


def webhook_effect() -> set[str]:
    """The actions that a messenger's update leads to."""
    event = sample("messengers/api__telegram_start.json")
    handler = next(route.function.handler for route in WRITERS if route.operation.name == "take_webhook")
    module, attribute = handler.rsplit(".", 1)
    assert getattr(importlib.import_module(module), attribute)(event, None)["statusCode"] == 200
    before = {row.sk for row in AuditRow.scan()}
    records = [record(body, group="g") for body in waiting("inbound-booking.fifo")]
    answer = jobs.inbound({"Records": batch(*records).to_dict()["Records"]}, None)
    assert answer["batchItemFailures"] == []
    return {row.action for row in AuditRow.scan() if row.sk not in before and row.actor_kind == "client"}


def ticket_effect() -> set[str]:
    """The actions that a ticket leads to."""
    route = next(route for route in WRITERS if route.operation.name == "issue_ticket")
    event = proxy_event("POST", route.path, '{"master":"anna"}', {}, (), {}, "198.51.100.1")
    module, attribute = route.function.handler.rsplit(".", 1)
    given = getattr(importlib.import_module(module), attribute)(event, None)
    ticket = json.loads(given["body"])["ticket"]
    context = {"eventType": "CONNECT", "routeKey": "$connect", "connectionId": "c1="}
    opened = socket.handle({"requestContext": context, "queryStringParameters": {"ticket": ticket}}, None)
    assert opened["statusCode"] == 200
    return {row.action for row in AuditRow.scan() if row.actor_kind == "guest"}


EFFECTS: dict[str, tuple[Callable[[], set[str]], str]] = {
    "take_webhook": (webhook_effect, "booking.link.followed"),
    "issue_ticket": (ticket_effect, "platform.socket.opened"),
}


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_the_effect_leaves_the_entry(name: str) -> None:
    """PLAT-37."""
    effect, action = EFFECTS[name]
    assert effect() == {action}


def test_every_route_that_puts_its_entry_off_has_its_proof_here() -> None:
    assert {route.operation.name for route in LATER} == EFFECTS.keys()


def test_every_function_that_changes_something_may_write_the_log() -> None:
    """PLAT-35."""
    for name in {route.function.name for route in WRITERS}:
        assert AUDIT in GRANTS[name], name


def test_every_function_that_names_who_acts_may_read_what_proves_our_edge() -> None:
    """Behind it stands the address of whoever acts."""
    for name in {
        route.function.name for route in triggers().routes if not route.operation.is_public or route in WRITERS
    }:
        assert KEYS in GRANTS[name], name


def test_every_function_with_routes_that_are_not_public_may_tell_what_is_suspicious() -> None:
    """PLAT-36."""
    guarded = {route.function.name for route in triggers().routes if not route.operation.is_public}
    for name in guarded | {route.function.name for route in WRITERS}:
        used = [arn for grant in GRANTS[name] for arn in grant.on]
        assert any(arn.endswith("-accounts-notices") for arn in used), name
