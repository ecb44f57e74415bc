"""The base of tables: reading many, and conditions of single writes."""

from __future__ import annotations

from typing import Any

import pytest
from pynamodb.exceptions import PutError

from shared import aws
from shared.errors import Conflict, Contended, NotFound, ProviderThrottled, SlotTaken
from shared.idempotency import Done
from shared.tables import fetch, find, unless
from tests.shared.things import Elsewhere, OtherThing, Thing
from tests.support.aws_calls import answering, refusing, watched

pytestmark = pytest.mark.usefixtures("aws")


def _stored(count: int) -> list[tuple[type[Any], str, str]]:
    with Thing.batch_write() as batch:
        for n in range(count):
            batch.save(Thing(f"p{n}", "s", number=n))
    return [(Thing, f"p{n}", "s") for n in range(count)]


def _stored_raw(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "s"}, "number": {"N": "1"}}


def test_finds_an_item_or_nothing() -> None:
    Thing("p", "s", number=7, word="слово").save()
    found = find(Thing, "p", "s")
    assert found is not None
    assert (found.number, found.word, found.pk, found.sk) == (7, "слово", "p", "s")
    assert find(Thing, "p", "other") is None
    assert find(Elsewhere, "p", "s") is None


def test_fetches_in_the_order_asked_for_with_gaps() -> None:
    keys = _stored(5)
    asked: list[tuple[type[Any], str, str]] = [keys[3], (Thing, "none", "s"), keys[0], keys[4], keys[3]]
    assert [item and item.number for item in fetch(asked)] == [3, None, 0, 4, 3]


def test_fetches_from_several_tables_in_one_request() -> None:
    Thing("p", "s", number=1).save()
    Elsewhere("p", "s", word="there").save()
    with watched("dynamodb") as calls:
        thing, there, other = fetch([(Thing, "p", "s"), (Elsewhere, "p", "s"), (OtherThing, "p", "s")])
    assert (thing.number, there.word, other.colour) == (1, "there", None)
    assert isinstance(other, OtherThing)
    assert [name for name, _ in calls] == ["BatchGetItem"]


@pytest.mark.parametrize(("count", "requests"), [(0, 0), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_asks_once_for_each_hundred(count: int, requests: int) -> None:
    """DynamoDB refuses more keys than a hundred, and a request for none."""
    keys = _stored(count)
    with watched("dynamodb") as calls:
        assert [item.number for item in fetch(keys)] == list(range(count))
    assert len(calls) == requests


def test_a_key_named_twice_is_asked_for_once() -> None:
    """DynamoDB refuses the same key twice in a request."""
    (key,) = _stored(1)
    with watched("dynamodb") as calls:
        assert [item.number for item in fetch([key, (OtherThing, *key[1:]), key])] == [0, 0, 0]
    ((_, asked),) = calls
    assert len(asked["RequestItems"][Thing.table_name()]["Keys"]) == 1


def test_reads_consistently_unless_told_otherwise() -> None:
    with watched("dynamodb") as calls:
        find(Thing, "p", "s")
        fetch([(Thing, "p", "s")])
    assert [given["RequestItems"][Thing.table_name()]["ConsistentRead"] for _, given in calls] == [True, True]


@pytest.mark.parametrize("is_consistent", [True, False])
def test_reads_as_consistently_as_asked(*, is_consistent: bool) -> None:
    with watched("dynamodb") as calls:
        find(Thing, "p", "s", is_consistent=is_consistent)
    assert calls[0][1]["RequestItems"][Thing.table_name()]["ConsistentRead"] is is_consistent


def test_what_was_left_unread_is_asked_for_again() -> None:
    keys = _stored(2)
    left = {Thing.table_name(): {"Keys": [{"pk": {"S": "p1"}, "sk": {"S": "s"}}], "ConsistentRead": True}}
    first = {"Responses": {Thing.table_name(): [_stored_raw("p0")]}, "UnprocessedKeys": left}
    with answering("dynamodb", "BatchGetItem", first), watched("dynamodb") as calls:
        assert [item.pk for item in fetch(keys)] == ["p0", "p1"]
    assert calls[1][1]["RequestItems"] == left


def test_what_stays_unread_is_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = _stored(1)
    pauses: list[float] = []
    monkeypatch.setattr("shared.tables.time.sleep", pauses.append)
    left = {Thing.table_name(): {"Keys": [{"pk": {"S": "p0"}, "sk": {"S": "s"}}]}}
    nothing: dict[str, Any] = {"Responses": {}, "UnprocessedKeys": left}
    with answering("dynamodb", "BatchGetItem", *[nothing] * 10), pytest.raises(ProviderThrottled) as refused:
        fetch(keys)
    assert refused.value.retry_after_s == 1
    assert 2 <= len(pauses) <= 5
    assert pauses == sorted(set(pauses)), "each pause is longer than the one before"


def test_all_kinds_share_one_client_and_connection() -> None:
    """PynamoDB would make a client for each class, at 50 ms each."""
    clients = {id(kind._get_connection().connection.client) for kind in (Thing, OtherThing, Elsewhere, Done)}
    assert clients == {id(aws.client("dynamodb"))}
    assert Thing._get_connection() is OtherThing._get_connection()
    assert Thing._get_connection() is not Elsewhere._get_connection()


def test_names_follow_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Thing.table_name() == "svyaz-test-counters"
    monkeypatch.setenv("SVYAZ_STAGE", "dev")
    assert Thing.table_name() == "svyaz-dev-counters"
    assert Thing._get_connection().table_name == "svyaz-dev-counters"


def test_a_failed_condition_is_the_error_that_was_named() -> None:
    Thing("p", "s").save()
    with pytest.raises(SlotTaken), unless(SlotTaken("Taken.")):
        Thing("p", "s").save(condition=Thing.pk.does_not_exist())
    with pytest.raises(NotFound), unless(NotFound("None.")):
        Thing("q", "s").delete(condition=Thing.pk.exists())
    with pytest.raises(Conflict), unless(Conflict("Other.")):
        Thing("p", "s").update([Thing.number.add(1)], condition=Thing.number == 5)


def test_a_condition_that_holds_raises_nothing() -> None:
    with unless(SlotTaken("Taken.")):
        Thing("p", "s").save(condition=Thing.pk.does_not_exist())
    assert find(Thing, "p", "s") is not None


def test_other_refusals_of_a_write_are_not_the_named_one() -> None:
    with (
        refusing("dynamodb", "PutItem", "ValidationException"),
        pytest.raises(PutError),
        unless(SlotTaken("Taken.")),
    ):
        Thing("p", "s").save()


@pytest.mark.parametrize("code", ["TransactionConflictException", "TransactionInProgressException"])
def test_a_write_amid_anothers_transaction_is_contended(code: str) -> None:
    """Also outside of `unless`: a timer that is deleted while somebody takes it back."""
    with refusing("dynamodb", "DeleteItem", code), pytest.raises(Contended):
        Thing("p", "s").delete()
    with refusing("dynamodb", "UpdateItem", code), pytest.raises(Contended), unless(Conflict("No.")):
        Thing("p", "s").update([Thing.number.add(1)])
