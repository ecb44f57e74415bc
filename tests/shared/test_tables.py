"""The base of tables: reading many, conditions, transactions."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, TransactWriteError

from shared import aws
from shared.errors import Conflict, Contended, NotFound, ProviderThrottled, SlotTaken, SvyazError
from shared.idempotency import Done
from shared.tables import CONNECTION, Table, Transaction, fetch, find, unless
from tests.support.aws_calls import answering, refusing, watched

pytestmark = pytest.mark.usefixtures("aws")


class Thing(Table):
    """An item of the counters' table, as a system's own kinds are."""

    class Meta:
        """One that has no index."""

        name = "counters"

    number = NumberAttribute(default=0)
    word = UnicodeAttribute(null=True)


class OtherThing(Thing):
    """A second kind in the same table."""

    colour = UnicodeAttribute(null=True)


class Elsewhere(Table):
    """A kind of another table."""

    class Meta:
        """A table beside the first."""

        name = "timers"

    made: ClassVar[int] = 0
    word = UnicodeAttribute(null=True)


def _stored(count: int) -> list[tuple[type[Any], str, str]]:
    with Thing.batch_write() as batch:
        for n in range(count):
            batch.save(Thing(f"p{n}", "s", number=n))
    return [(Thing, f"p{n}", "s") for n in range(count)]


def _stored_raw(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "s"}, "number": {"N": "1"}}


# reading


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


# single writes


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


# transactions


def _kind() -> type[Table]:
    """A kind that this process has not used yet."""

    class Fresh(Table):
        class Meta:
            name = "counters"

    return Fresh


def test_any_operation_may_be_the_first_of_a_process() -> None:
    """PynamoDB wants to know the table before, and says so by odd errors."""
    Thing("p", "s").save()
    assert fetch([(_kind(), "p", "s")])[0].pk == "p"
    fresh = [_kind() for _ in range(3)]
    transaction = Transaction()
    transaction.put(fresh[0]("a", "s"))
    transaction.update(fresh[1]("b", "s"), [fresh[1].expires_at.set(1)])
    transaction.delete(fresh[2]("p", "s"))
    transaction.commit()
    assert [item and item.pk for item in fetch([(Thing, pk, "s") for pk in ("a", "b", "p")])] == ["a", "b", None]


def test_a_transaction_writes_all_of_its_kinds() -> None:
    Thing("gone", "s").save()
    Thing("kept", "s", number=1).save()
    transaction = Transaction()
    transaction.put(Thing("put", "s", number=2))
    transaction.create(Elsewhere("new", "s", word="w"))
    transaction.update(Thing("kept", "s"), [Thing.number.add(5)], condition=Thing.number == 1)
    transaction.delete(Thing("gone", "s"))
    assert len(transaction) == 4
    transaction.commit()
    assert [item and item.number for item in fetch([(Thing, pk, "s") for pk in ("put", "kept", "gone")])] == [
        2,
        6,
        None,
    ]
    assert find(Elsewhere, "new", "s") is not None


def test_the_first_failed_condition_names_the_error() -> None:
    Thing("taken", "s").save()
    transaction = Transaction()
    transaction.create(Thing("free", "s"), otherwise=NotFound("not this"))
    transaction.put(Thing("plain", "s"))
    transaction.create(Thing("taken", "s"), otherwise=SlotTaken("this"))
    transaction.update(Thing("x", "s"), [Thing.number.set(1)], condition=Thing.pk.exists(), otherwise=Conflict("later"))
    with pytest.raises(SlotTaken, match="this"):
        transaction.commit()
    assert fetch([(Thing, pk, "s") for pk in ("free", "plain", "x")]) == [None] * 3


def test_a_failed_condition_without_a_name_gives_way_to_one_with() -> None:
    Thing("taken", "s").save()
    transaction = Transaction()
    transaction.create(Thing("taken", "s"))
    transaction.delete(Thing("none", "s"), condition=Thing.pk.exists(), otherwise=NotFound("gone"))
    with pytest.raises(NotFound):
        transaction.commit()


def test_a_failed_condition_without_any_name_is_no_expected_error() -> None:
    Thing("taken", "s").save()
    transaction = Transaction()
    transaction.create(Thing("taken", "s"))
    with pytest.raises(TransactWriteError):
        transaction.commit()


def _cancelled(*codes: str) -> SvyazError | TransactWriteError:
    transaction = Transaction()
    for number, _ in enumerate(codes):
        transaction.create(Thing(f"p{number}", "s"), otherwise=SlotTaken(str(number)))
    reasons = [{"Code": code} for code in codes]
    with (
        refusing("dynamodb", "TransactWriteItems", "TransactionCanceledException", CancellationReasons=reasons),
        pytest.raises((SvyazError, TransactWriteError)) as refused,
    ):
        transaction.commit()
    assert isinstance(refused.value, SvyazError | TransactWriteError)
    return refused.value


@pytest.mark.parametrize(
    ("codes", "error"),
    [
        (("None", "TransactionConflict"), Contended),
        (("TransactionConflict", "ConditionalCheckFailed"), SlotTaken),
        (("ThrottlingError", "None"), ProviderThrottled),
        (("None", "ProvisionedThroughputExceeded"), ProviderThrottled),
        (("ThrottlingError", "TransactionConflict"), Contended),
        (("None", "ValidationError"), TransactWriteError),
        (("ItemCollectionSizeLimitExceeded",), TransactWriteError),
        ((), TransactWriteError),
    ],
)
def test_why_a_transaction_was_cancelled(codes: tuple[str, ...], error: type[Exception]) -> None:
    assert type(_cancelled(*codes)) is error


def test_the_reason_is_matched_to_its_own_write() -> None:
    assert str(_cancelled("None", "None", "ConditionalCheckFailed", "None")) == "2"


@pytest.mark.parametrize("code", ["TransactionConflictException", "TransactionInProgressException"])
def test_a_transaction_amid_another_is_contended(code: str) -> None:
    transaction = Transaction()
    transaction.put(Thing("p", "s"))
    with refusing("dynamodb", "TransactWriteItems", code), pytest.raises(Contended):
        transaction.commit()


def test_a_transaction_that_is_sent_again_is_known_by_its_token() -> None:
    """botocore repeats a request whose answer was lost: DynamoDB knows it by the token and writes nothing twice."""
    transaction = Transaction()
    transaction.put(Thing("p", "s"))
    bodies: list[Any] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        bodies.append(params["body"])

    events = aws.client("dynamodb").meta.events
    events.register("before-call.dynamodb.TransactWriteItems", note)
    try:
        transaction.commit()
        transaction.commit()
    finally:
        events.unregister("before-call.dynamodb.TransactWriteItems", note)
    tokens = [str(body).split('"ClientRequestToken": "')[1].split('"')[0] for body in map(_decoded, bodies)]
    assert len(set(tokens)) == 2
    assert all(tokens)


def _decoded(body: bytes | str) -> str:
    return body.decode() if isinstance(body, bytes) else body


def test_the_shared_connection_knows_every_table_that_was_used() -> None:
    find(Thing, "p", "s")
    Thing._get_connection()
    assert Thing.table_name() in CONNECTION._tables
