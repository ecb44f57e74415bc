"""The map from triggers to deployed functions, read off `app.py` once for packaging and for the local runtime.

Chalice would serve all routes of all systems by one function. Here every system has its own HTTP function, and one
function takes the WebSocket; queues, schedules and events keep the functions that Chalice makes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chalice.app import Chalice, CloudWatchEventConfig, CORSConfig, ScheduledEventConfig, SQSEventConfig

from app import APIS, app
from shared.http.operations import Operation

CONFIG = Path(__file__).parent.parent / ".chalice" / "config.json"
SOCKET_FUNCTION = "platform_socket"
IMPORTS_FUNCTION = "booking_import"
AUTHORIZER_KEPT_S = 300
"""How long API Gateway keeps answers where nothing is said."""


@dataclass(frozen=True)
class Function:
    """One deployed Lambda function.

    Shape: `name` is Chalice's name without app and stage; `handler` is `module.attribute`, as Lambda takes it.
    Units: seconds and megabytes.
    """

    name: str
    handler: str
    timeout_s: int
    memory_mb: int


@dataclass(frozen=True)
class Authorizer:
    """A function that says who comes with a header.

    Units: `kept_s` is how long API Gateway keeps its answers, in seconds.
    """

    function: Function
    header: str
    kept_s: int


@dataclass(frozen=True)
class Route:
    """One HTTP route with its method; `authorizer` is None where anybody may call it."""

    method: str
    path: str
    function: Function
    operation: Operation
    cors: CORSConfig | None
    authorizer: Authorizer | None = None


@dataclass(frozen=True)
class QueueTrigger:
    """A function that takes batches of a queue's messages."""

    queue: str
    batch_size: int
    function: Function


@dataclass(frozen=True)
class ScheduleTrigger:
    """A function that is woken by time; `expression` is EventBridge's `rate(…)` or `cron(…)`."""

    expression: str
    function: Function


@dataclass(frozen=True)
class EventTrigger:
    """A function that is woken by EventBridge events of a pattern."""

    pattern: dict[str, Any]
    function: Function


@dataclass(frozen=True)
class BucketTrigger:
    """A function that is woken by objects created in a bucket."""

    bucket: str
    prefix: str
    function: Function


@dataclass(frozen=True)
class Triggers:
    """Everything that can wake a function."""

    routes: tuple[Route, ...]
    queues: tuple[QueueTrigger, ...]
    schedules: tuple[ScheduleTrigger, ...]
    events: tuple[EventTrigger, ...]
    buckets: tuple[BucketTrigger, ...]
    socket: Function
    authorizers: tuple[Authorizer, ...] = ()


@cache
def triggers() -> Triggers:
    """All triggers of the product."""
    return Triggers(
        routes=tuple(_routes(app)),
        queues=tuple(
            QueueTrigger(source.queue, source.batch_size, _function(source.name, source.handler_string))
            for source in _sources(SQSEventConfig)
        ),
        schedules=tuple(
            ScheduleTrigger(source.schedule_expression.to_string(), _function(source.name, source.handler_string))
            for source in _sources(ScheduledEventConfig)
        ),
        events=tuple(
            EventTrigger(source.event_pattern, _function(source.name, source.handler_string))
            for source in _sources(CloudWatchEventConfig)
        ),
        buckets=(BucketTrigger("imports", "catalogues/", _plain(IMPORTS_FUNCTION)),),
        socket=_function(SOCKET_FUNCTION, "functions.platform.socket.handle"),
        authorizers=tuple(_authorizers().values()),
    )


def functions() -> tuple[Function, ...]:
    """Every deployed function once."""
    found = triggers()
    woken: list[Any] = [
        *found.routes,
        *found.authorizers,
        *found.queues,
        *found.schedules,
        *found.events,
        *found.buckets,
    ]
    every = {trigger.function.name: trigger.function for trigger in woken} | {found.socket.name: found.socket}
    return tuple(every.values())


def _routes(found: Chalice) -> Iterator[Route]:
    for api in APIS:
        function = _function(f"{api.system}_api", f"functions.{api.system}.api.app")
        for operation in api.operations:
            entry = found.routes[operation.path][operation.method]
            authorizer = _authorizers()[entry.authorizer.name] if entry.authorizer else None
            yield Route(operation.method, operation.path, function, operation, entry.cors, authorizer)


def _authorizers() -> dict[str, Authorizer]:
    return {
        config.name: Authorizer(
            _function(config.name, config.handler_string), config.header, config.ttl_seconds or AUTHORIZER_KEPT_S
        )
        for config in app.builtin_auth_handlers
    }


def _sources(kind: type[Any]) -> list[Any]:
    return [source for source in app.event_sources if type(source) is kind]


def _plain(name: str) -> Function:
    wrapper = next(each for each in app.pure_lambda_functions if each.name == name)
    return _function(name, wrapper.handler_string)


def _function(name: str, handler: str) -> Function:
    config = _config()
    own = config["functions"].get(name, {})
    return Function(
        name=name,
        handler=handler,
        timeout_s=own.get("timeout_s", config["timeout_s"]),
        memory_mb=own.get("memory_mb", config["memory_mb"]),
    )


@cache
def _config() -> dict[str, Any]:
    """Time and memory of each function, from `.chalice/config.json`."""
    stages = json.loads(CONFIG.read_text(encoding="utf-8"))
    named = stages["stages"]["prod"]["lambda_functions"]
    return {
        "timeout_s": stages["lambda_timeout"],
        "memory_mb": stages["lambda_memory_size"],
        "functions": {
            name: {
                key: own[given]
                for key, given in (("timeout_s", "lambda_timeout"), ("memory_mb", "lambda_memory_size"))
                if given in own
            }
            for name, own in named.items()
        },
    }
