"""Transactions: all of it or nothing, and which condition said no."""

from __future__ import annotations

from typing import Any

import pytest
from pynamodb.exceptions import TransactWriteError

from shared import aws
from shared.errors import Conflict, Contended, NotFound, ProviderThrottled, SlotTaken, SvyazError
from shared.tables import CONNECTION, Table, Transaction, fetch, find
from tests.shared.things import Elsewhere, Thing
from tests.support.aws_calls import refusing

pytestmark = pytest.mark.usefixtures("aws")


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
