"""Which parts of the state are taken after which call."""

import json
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from infra.local.aws.backend import Ministack
from infra.local.aws.exchange import WireRequest
from infra.local.aws.state import AwsState

TABLES = ("one", "two")


class Store:
    """ministack's store of tables."""

    def __init__(self) -> None:
        self.tables = {name: {"TableName": name, "items": {"p": {"s": {"v": {"N": "1"}}}}} for name in TABLES}

    def all_items(self) -> list[tuple[tuple[str, str, str], dict[str, Any]]]:
        """Its content."""
        return [(("0", "r", name), table) for name, table in self.tables.items()]


@pytest.fixture
def ministack() -> Ministack:
    """A ministack that can only be asked for its state."""
    services = {name: SimpleNamespace(get_state=dict) for name in ("s3", "sqs", "ses", "ses_v2", "kms", "eventbridge")}
    names = ("tags", "ttl_settings", "pitr_settings", "kinesis_destinations", "contributor_insights")
    more = ("backups", "resource_policies", "exports", "imports")
    services["dynamodb"] = SimpleNamespace(_tables=Store(), **{f"_{name}": {} for name in (*names, *more)})
    core = SimpleNamespace(_json_default=None)
    return Ministack(services, core, None, SimpleNamespace(esm_wake=threading.Event()))


def changed(state: AwsState, service: str, action: str = "", body: Any = None, method: str = "POST") -> set[str]:
    """The parts that a call makes worth saving."""
    headers = {"x-amz-target": f"Any.{action}"} if action else {}
    state.mark(service, WireRequest(method, "/", "", headers), json.dumps(body).encode())
    return set(state.take().parts)


@pytest.mark.parametrize(
    ("action", "body", "parts"),
    [
        ("PutItem", {"TableName": "one"}, {"table/one"}),
        ("UpdateItem", {"TableName": "arn:aws:dynamodb:eu-central-1:0:table/two"}, {"table/two"}),
        ("DeleteItem", {"TableName": "one", "Key": {"TableName": {"S": "two"}}}, {"table/one"}),
        ("BatchWriteItem", {"RequestItems": {"one": [], "two": []}}, {"table/one", "table/two"}),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "one"}}, {"Update": {"TableName": "two"}}]}, 2),
        ("CreateTable", {"TableName": "one"}, {"dynamodb", "table/one", "table/two"}),
        ("ExecuteStatement", {"Statement": "DELETE"}, {"dynamodb", "table/one", "table/two"}),
        ("PutItem", {"TableName": "unknown"}, set()),
        ("PutItem", ["odd"], set()),
        ("TransactWriteItems", {"TransactItems": [1]}, set()),
        *(
            (read, {"TableName": "one"}, set())
            for read in ("GetItem", "Query", "Scan", "BatchGetItem", "DescribeTable")
        ),
    ],
)
def test_only_written_tables_are_taken(ministack: Ministack, action: str, body: Any, parts: Any) -> None:
    """An unknown action may have written to any."""
    found = changed(AwsState(ministack), "dynamodb", action, body)
    assert found == ({f"table/{name}" for name in TABLES} if parts == 2 else parts)


@pytest.mark.parametrize(
    ("service", "method", "parts"),
    [
        ("s3", "GET", set()),
        ("s3", "HEAD", set()),
        ("s3", "PUT", {"s3"}),
        ("ses", "POST", {"ses", "ses_v2"}),
        ("events", "POST", {"eventbridge"}),
        ("kms", "POST", {"kms"}),
    ],
)
def test_only_called_services_are_taken(ministack: Ministack, service: str, method: str, parts: set[str]) -> None:
    """Reading objects changes nothing."""
    assert changed(AwsState(ministack), service, method=method) == parts


def test_queues_are_taken_when_something_was_put_into_one(ministack: Ministack) -> None:
    """By an event or a schedule, without any call of SQS."""
    state = AwsState(ministack)
    ministack.concurrency.esm_wake.set()
    assert set(state.take().parts) == {"sqs"}
    assert set(state.take().parts) == set()


def test_what_could_not_be_written_is_taken_again(ministack: Ministack) -> None:
    """Deleted tables too."""
    state = AwsState(ministack)
    state.take()
    state.mark("dynamodb", WireRequest("POST", "/", "", {"x-amz-target": "D.PutItem"}), b'{"TableName": "two"}')
    del ministack.services["dynamodb"]._tables.tables["one"]
    first = state.take()
    assert (set(first.parts), first.gone) == ({"table/two"}, frozenset({"table/one"}))
    state.put_back(first)
    second = state.take()
    assert (set(second.parts), second.gone) == ({"table/two"}, frozenset({"table/one"}))


def test_a_table_is_taken_as_it_is_now(ministack: Ministack) -> None:
    """Later writes do not reach into what was taken."""
    state = AwsState(ministack)
    state.mark("dynamodb", WireRequest("POST", "/", "", {"x-amz-target": "D.PutItem"}), b'{"TableName": "one"}')
    pieces = state.take().parts["table/one"]
    items = ministack.services["dynamodb"]._tables.tables["one"]["items"]
    items["p"]["s2"] = {"v": {"N": "2"}}
    items["q"] = {"s": {"v": {"N": "3"}}}
    assert not isinstance(pieces, bytes)
    head, *rows = b"".join(pieces).split(b"\n")
    assert json.loads(head) == {"TableName": "one"}
    assert [json.loads(row) for row in rows] == [[["p", "s", {"v": {"N": "1"}}]]]


def test_a_state_that_is_being_changed_is_taken_next_time(
    ministack: Ministack, caplog: pytest.LogCaptureFixture
) -> None:
    """ministack still has a thread that removes expired items."""

    def changing() -> dict[str, Any]:
        raise RuntimeError("dictionary changed size during iteration")

    state = AwsState(ministack)
    ministack.services["kms"].get_state = changing
    assert changed(state, "kms") == set()
    assert "kms could not be taken for the snapshot" in caplog.text
    ministack.services["kms"].get_state = dict
    assert set(state.take().parts) == {"kms"}
