"""What ministack holds in memory, taken and given back in parts: each DynamoDB table is one, each other service one.

Only what was written to is taken. Taking a table copies references, not items (ministack replaces items and never
changes them in place), so it stops requests for milliseconds; the JSON is made later, in another thread, in pieces.
"""

import gc
import json
import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from infra.local.aws.backend import ACCOUNT, REGION, Ministack
from infra.local.aws.exchange import WireRequest
from infra.local.aws.services import operation
from infra.local.aws.snapshots import Content, Snapshots

_log = logging.getLogger(__name__)
_TABLE = "table/"
_PIECE_ITEMS = 100
_PAUSE_S = 0.001
_READS = ("BatchGet", "Describe", "Get", "List", "Query", "Scan", "TransactGet")
_ITEM_WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_TABLE_ATTRIBUTES = (
    *("tags", "ttl_settings", "pitr_settings", "kinesis_destinations", "contributor_insights"),
    *("backups", "resource_policies", "exports", "imports"),
)
_MODULES = {"events": ("eventbridge",), "ses": ("ses", "ses_v2")}
# What ministack raises on a state that it cannot read or that another thread is changing.
_UNREADABLE = (KeyError, ValueError, TypeError, AttributeError)

Partition = tuple[str, list[tuple[str, Any]]]


@dataclass(frozen=True)
class Taken:
    """Parts of the state at one moment, ready to be written."""

    parts: dict[str, Content] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


class AwsState:
    """The state of all services, and which parts of it were written to since they were last taken."""

    def __init__(self, ministack: Ministack) -> None:
        self._ministack = ministack
        self._dynamodb = ministack.services["dynamodb"]
        self._changed: set[str] = set()
        self._stored_tables: set[str] = set()
        self._pause_s = _PAUSE_S

    def hurry(self) -> None:
        """From now on makes JSON without pauses, since there are no requests left to let through."""
        self._pause_s = 0.0

    def mark(self, service: str, request: WireRequest, body: bytes) -> None:
        """Notes what a call may have written to."""
        if service == "dynamodb":
            self._mark_tables(operation(request), body)
        elif service != "s3" or request.method not in ("GET", "HEAD"):
            self._changed.update(_MODULES.get(service, (service,)))

    def take(self) -> Taken:
        """The parts written to since the last time, as they are now. To be called on the event loop."""
        if self._ministack.concurrency.esm_wake.is_set():
            self._ministack.concurrency.esm_wake.clear()
            self._changed.add("sqs")
        names, self._changed = self._changed, set()
        parts: dict[str, Content] = {}
        for name in names:
            try:
                parts[name] = self._content(name)
            except LookupError:
                continue
            except (RuntimeError, TypeError, ValueError) as error:
                _log.warning("%s could not be taken for the snapshot, the next one will: %s", name, error)
                self._changed.add(name)
        tables = {f"{_TABLE}{name}" for name in self._tables()}
        gone, self._stored_tables = frozenset(self._stored_tables - tables), tables
        return Taken(parts, gone)

    def put_back(self, taken: Taken) -> None:
        """Notes that what was taken could not be written."""
        self._changed.update(taken.parts)
        self._stored_tables.update(taken.gone)

    def restore(self, snapshots: Snapshots) -> None:
        """Gives ministack back what the snapshot holds; a part that it cannot read starts empty, with a message."""
        tables = self._ministack.responses.AccountRegionScopedDict()
        payload: dict[str, Any] = {}

        def use(name: str, content: bytes) -> None:
            if name.startswith(_TABLE):
                tables.set_scoped(ACCOUNT, REGION, name.removeprefix(_TABLE), _read_table(content))
            elif name == "dynamodb":
                payload.update(self._loads(content))
            else:
                self._ministack.services[name].load_persisted_state(self._loads(content))

        for name in snapshots.names():
            while (content := snapshots.read(name)) is not None:
                try:
                    use(name, content)
                except _UNREADABLE:
                    snapshots.reject(name)
                else:
                    break
        self._dynamodb.load_persisted_state({**payload, "tables": tables})
        self._stored_tables = {name for name in snapshots.names() if name.startswith(_TABLE)}

    def _mark_tables(self, action: str, body: bytes) -> None:
        if action.startswith(_READS):
            return
        if action in _ITEM_WRITES:
            self._changed.update(f"{_TABLE}{name}" for name in _tables_named(body))
        else:
            self._changed.update(("dynamodb", *(f"{_TABLE}{name}" for name in self._tables())))

    def _content(self, name: str) -> Content:
        if name.startswith(_TABLE):
            head, partitions = _references(self._tables()[name.removeprefix(_TABLE)])
            return self._pieces(head, partitions)
        if name == "dynamodb":
            return self._dumps({name: getattr(self._dynamodb, f"_{name}") for name in _TABLE_ATTRIBUTES})
        return self._dumps(self._ministack.services[name].get_state())

    def _pieces(self, head: bytes, partitions: list[Partition]) -> Iterator[bytes]:
        yield head
        rows = ((key, sort_key, item) for key, items in partitions for sort_key, item in items)
        while piece := list(islice(rows, _PIECE_ITEMS)):
            time.sleep(self._pause_s)
            yield b"\n" + json.dumps(piece).encode()

    def _tables(self) -> dict[str, Any]:
        return {name: table for (_, _, name), table in self._dynamodb._tables.all_items()}  # noqa: SLF001

    def _dumps(self, state: Any) -> bytes:
        return json.dumps(state, default=self._ministack.persistence._json_default).encode()  # noqa: SLF001

    def _loads(self, content: bytes) -> dict[str, Any]:
        loaded = json.loads(content, object_hook=self._ministack.persistence._json_object_hook)  # noqa: SLF001
        if not isinstance(loaded, dict):
            raise TypeError("not the state of a service")
        return loaded


def _references(table: dict[str, Any]) -> tuple[bytes, list[Partition]]:
    described = {name: value for name, value in table.items() if name not in ("items", "_index_members")}
    gc.disable()  # a collection in the midst of so many new references would take ten times as long as copying them
    try:
        partitions = [(key, list(items.items())) for key, items in list(table["items"].items())]
    finally:
        gc.enable()
    return json.dumps(described).encode(), partitions


def _read_table(content: bytes) -> dict[str, Any]:
    head, *pieces = content.split(b"\n")
    items: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for piece in pieces:
        for key, sort_key, item in json.loads(piece):
            items[key][sort_key] = item
    return {**json.loads(head), "items": items}


def _tables_named(body: bytes) -> set[str]:
    try:
        call = json.loads(body)
        names = {call.get("TableName"), *call.get("RequestItems", ())}
        for action in call.get("TransactItems", ()):
            names.update(member.get("TableName") for member in action.values())
    except (ValueError, TypeError, AttributeError):
        return set()  # ministack refuses such a call before it writes
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}
