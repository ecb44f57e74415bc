"""The product's own definitions are what the runtime understands."""

from __future__ import annotations

import json

import pytest

from infra.local import definitions, first_keys
from infra.local.definitions import Definitions, events_queue
from infra.local.schedules import next_after
from infra.triggers import triggers
from shared.clock import now


@pytest.fixture(scope="module")
def found() -> Definitions:
    """They, after they passed through JSON."""
    return Definitions.model_validate(json.loads(json.dumps(definitions.read({}, None))))


def test_the_handler_string_is_the_one_that_is_called() -> None:
    assert f"{definitions.__name__}.{definitions.read.__name__}" == definitions.PRODUCT


def test_every_trigger_is_there_with_its_handler(found: Definitions) -> None:
    """PLAT-2: the very handler strings that are deployed."""
    product = triggers()
    assert {(one.method, one.path, one.function.handler) for one in found.routes} == {
        (one.method, one.path, one.function.handler) for one in product.routes
    }
    assert {one.function.handler for one in found.queue_triggers} == {one.function.handler for one in product.queues}
    assert {one.expression for one in found.schedules} == {one.expression for one in product.schedules}
    assert found.socket is not None
    assert found.socket.handler == product.socket.handler


def test_routes_that_are_not_public_ask_the_authorizer(found: Definitions) -> None:
    """PLAT-33: as deployed, with the time for which its answers are kept."""
    public = {(one.method, one.path): one.operation.is_public for one in triggers().routes}
    assert {(one.method, one.path): one.authorizer is None for one in found.routes} == public
    [guard] = {one.authorizer.model_dump_json() for one in found.routes if one.authorizer}
    assert json.loads(guard)["function"]["handler"] == "functions.accounts.authorizer.authorize"
    assert (json.loads(guard)["header"], json.loads(guard)["kept_s"]) == ("Authorization", 20)
    assert "accounts_authorize" in found.http_functions()


def test_what_is_set_up_is_a_handler(found: Definitions) -> None:
    assert f"{first_keys.__name__}.{first_keys.make.__name__}" == found.set_up


def test_every_queue_that_wakes_a_function_exists(found: Definitions) -> None:
    assert {one.queue for one in found.queue_triggers} <= {queue.name for queue in found.queues}
    assert {one.bucket for one in found.bucket_triggers} <= set(found.buckets)


def test_every_schedule_can_be_followed(found: Definitions) -> None:
    assert all(next_after(one.expression, now()) > now() for one in found.schedules)


def test_preflights_have_chalices_headers(found: Definitions) -> None:
    headers = [route.cors for route in found.routes if route.cors is not None]
    assert headers
    assert all("Access-Control-Allow-Origin" in one for one in headers)


def test_events_have_queues_that_sqs_takes(found: Definitions) -> None:
    names = [events_queue(function) for function in found.event_functions().values()]
    assert names
    assert all(len(name) <= 80 and name.replace("-", "").isalnum() for name in names)
