"""What the runtime has to run: triggers, their functions and the resources they need.

The gateway gets it as JSON from a worker (`read` is called by its handler string), so it never imports the product
itself.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

PRODUCT = "infra.local.definitions.read"
SET_UP = "infra.local.first_keys.make"
EVENTS_QUEUE_PREFIX = "svyaz-local-events-"


class Part(BaseModel):
    """A part of the definitions."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Function(Part):
    """A Lambda function; `name` is the one without application and stage."""

    name: str
    handler: str
    timeout_s: float
    memory_mb: int = 512


class Authorizer(Part):
    """A function that says whether the bearer of a header's token may call; its answers are kept for a while."""

    function: Function
    header: str = "Authorization"
    kept_s: int = 300


class Route(Part):
    """An HTTP route; `cors` holds the headers that Chalice's preflight answers with, None where there is none."""

    method: str
    path: str
    function: Function
    cors: dict[str, str] | None = None
    authorizer: Authorizer | None = None


class Trigger(Part):
    """What wakes a function."""

    function: Function


class QueueTrigger(Trigger):
    """A function woken by a queue of that full name."""

    queue: str
    batch_size: int


class Schedule(Trigger):
    """A function woken by time."""

    expression: str


class EventTrigger(Trigger):
    """A function woken by EventBridge events of a pattern."""

    pattern: dict[str, Any]


class BucketTrigger(Trigger):
    """A function woken by objects created in the bucket of that full name."""

    bucket: str
    prefix: str


class Queue(Part):
    """A queue of that full name with its dead-letter queue."""

    name: str
    dead_letters: str
    visibility_s: int = 60
    receives: int = 3


class Definitions(Part):
    """Everything, by full names.

    Shape: `tables` maps names to CreateTable's schema; `secrets` are names of parameters that hold random values;
    `set_up` is the handler that makes what no list says, and tells how much that was.
    """

    routes: tuple[Route, ...] = ()
    queue_triggers: tuple[QueueTrigger, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    event_triggers: tuple[EventTrigger, ...] = ()
    bucket_triggers: tuple[BucketTrigger, ...] = ()
    socket: Function | None = None
    binary_types: tuple[str, ...] = ()
    tables: dict[str, dict[str, Any]] = {}
    ttl_attribute: str = "expires_at"
    queues: tuple[Queue, ...] = ()
    buckets: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    key_aliases: tuple[str, ...] = ()
    set_up: str = ""

    def http_functions(self) -> dict[str, Function]:
        """The functions that somebody waits for, by name."""
        found = {route.function.name: route.function for route in self.routes}
        found |= {one.function.name: one.function for route in self.routes if (one := route.authorizer)}
        return found | ({self.socket.name: self.socket} if self.socket else {})

    def background_functions(self) -> dict[str, Function]:
        """All others, by name."""
        triggers: tuple[Trigger, ...] = (
            *self.queue_triggers,
            *self.schedules,
            *self.event_triggers,
            *self.bucket_triggers,
        )
        return {trigger.function.name: trigger.function for trigger in triggers}

    def event_functions(self) -> dict[str, Function]:
        """The functions that S3 or EventBridge wakes, by name."""
        triggers: tuple[Trigger, ...] = (*self.event_triggers, *self.bucket_triggers)
        return {trigger.function.name: trigger.function for trigger in triggers}


def events_queue(function: Function) -> str:
    """The name of the runtime's own queue, in which a function's events of S3 and EventBridge wait."""
    return EVENTS_QUEUE_PREFIX + function.name.replace("_", "-")


def read(_event: Any, _context: Any) -> dict[str, Any]:
    """The definitions of the product as JSON; runs in a worker."""
    from app import app  # noqa: PLC0415  # the gateway imports this module too, and must not import the product
    from infra import resources  # noqa: PLC0415
    from infra.triggers import triggers  # noqa: PLC0415
    from shared import data_keys  # noqa: PLC0415
    from shared.secrets import path  # noqa: PLC0415
    from shared.settings import resource_name  # noqa: PLC0415

    found = triggers()
    return {
        "routes": [
            {
                **_plain(route, "method", "path"),
                "cors": route.cors and _preflight(route.cors),
                "authorizer": route.authorizer and _plain(route.authorizer, "header", "kept_s"),
            }
            for route in found.routes
        ],
        "queue_triggers": [
            {
                **_plain(one, "batch_size"),
                "queue": one.queue if one.queue.startswith(resource_name("")) else resource_name(one.queue),
            }
            for one in found.queues
        ],
        "schedules": [_plain(one, "expression") for one in found.schedules],
        "event_triggers": [_plain(one, "pattern") for one in found.events],
        "bucket_triggers": [{**_plain(one, "prefix"), "bucket": resource_name(one.bucket)} for one in found.buckets],
        "socket": vars(found.socket),
        "binary_types": list(app.api.binary_types),
        "tables": {table.table_name(): resources.table_schema(table) for table in resources.TABLES},
        "ttl_attribute": resources.TTL_ATTRIBUTE,
        "queues": [
            {
                "name": resource_name(queue.name),
                "dead_letters": resource_name(queue.dead_letters),
                "visibility_s": queue.visibility_s,
                "receives": queue.receives,
            }
            for queue in resources.QUEUES
        ],
        "buckets": [resource_name(name) for name in resources.BUCKETS],
        "secrets": [path(name) for name in resources.SECRETS],
        "key_aliases": [data_keys.alias()],
        "set_up": SET_UP,
    }


def _plain(trigger: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(trigger, name) for name in names} | {"function": vars(trigger.function)}


def _preflight(cors: Any) -> dict[str, str]:
    headers: dict[str, str] = cors.get_access_control_headers()
    return headers
