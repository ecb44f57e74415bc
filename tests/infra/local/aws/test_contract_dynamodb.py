"""What the tables of all systems rely on in DynamoDB."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.infra.local.aws.conftest import Client

THREADS = 50
KEY = {"pk": {"S": "org#1"}, "sk": {"S": "a"}}


@pytest.fixture
def dynamodb(client: Client) -> Iterator[Any]:
    """A client, with an empty table `main` and an index `by-state`."""
    dynamodb = client("dynamodb")
    index = {
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in (("st", "HASH"), ("since", "RANGE"))]
    }
    dynamodb.create_table(
        TableName="main",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "st", "since")],
        GlobalSecondaryIndexes=[{"IndexName": "by-state", "Projection": {"ProjectionType": "ALL"}, **index}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield dynamodb
    dynamodb.delete_table(TableName="main")


def failed(error: pytest.ExceptionInfo[ClientError]) -> str:
    """The error's code."""
    return str(error.value.response["Error"]["Code"])


def test_one_of_fifty_transactions_wins(dynamodb: Any) -> None:
    """Conditions and writes of a transaction are one step."""

    reasons: list[list[str]] = []

    def take(number: int) -> bool:
        owner = {"S": str(number)}
        condition = "attribute_not_exists(pk)"
        slot = {"Put": {"TableName": "main", "Item": {**KEY, "owner": owner}, "ConditionExpression": condition}}
        audit = {"Put": {"TableName": "main", "Item": {"pk": {"S": "audit"}, "sk": owner}}}
        try:
            dynamodb.transact_write_items(TransactItems=[slot, audit])
        except dynamodb.exceptions.TransactionCanceledException as cancelled:
            reasons.append([reason["Code"] for reason in cancelled.response["CancellationReasons"]])
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        won = [number for number, is_won in enumerate(pool.map(take, range(THREADS))) if is_won]
    assert dynamodb.get_item(TableName="main", Key=KEY)["Item"]["owner"] == {"S": str(won[0])}
    audit = dynamodb.scan(
        TableName="main", FilterExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "audit"}}
    )
    assert (len(won), audit["Count"]) == (1, 1)
    assert reasons == [["ConditionalCheckFailed", "None"]] * (THREADS - 1)


def test_no_increment_of_fifty_threads_is_lost(dynamodb: Any) -> None:
    """Counters of limits."""

    def add(_number: int) -> None:
        values = {":one": {"N": "1"}}
        dynamodb.update_item(TableName="main", Key=KEY, UpdateExpression="ADD n :one", ExpressionAttributeValues=values)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(add, range(THREADS * 4)))
    assert dynamodb.get_item(TableName="main", Key=KEY)["Item"]["n"] == {"N": str(THREADS * 4)}


def test_a_failed_condition_returns_the_item(dynamodb: Any) -> None:
    """So that the caller need not read it again."""
    dynamodb.put_item(TableName="main", Item={**KEY, "st": {"S": "sent"}, "since": {"S": "1"}})
    with pytest.raises(ClientError) as refused:
        dynamodb.update_item(
            TableName="main",
            Key=KEY,
            UpdateExpression="SET st = :new",
            ConditionExpression="st = :old",
            ExpressionAttributeValues={":new": {"S": "x"}, ":old": {"S": "queued"}},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert failed(refused) == "ConditionalCheckFailedException"
    assert refused.value.response["Item"]["st"] == {"S": "sent"}  # type: ignore[typeddict-item]


def test_a_conditional_update_returns_the_new_item(dynamodb: Any) -> None:
    """Claiming an outbox row."""
    dynamodb.put_item(TableName="main", Item={**KEY, "st": {"S": "queued"}, "since": {"S": "1"}})
    claimed = dynamodb.update_item(
        TableName="main",
        Key=KEY,
        UpdateExpression="SET st = :new REMOVE since",
        ConditionExpression="st = :old",
        ExpressionAttributeValues={":new": {"S": "sending"}, ":old": {"S": "queued"}},
        ReturnValues="ALL_NEW",
    )
    assert claimed["Attributes"] == {**KEY, "st": {"S": "sending"}}


def test_the_index_is_sparse_sorted_and_paged(dynamodb: Any) -> None:
    """Items without the index's keys are not in it."""
    for number in range(5):
        state = {"st": {"S": "open"}} if number != 3 else {}
        item = {"pk": {"S": f"p{number}"}, "sk": {"S": "s"}, "since": {"S": f"{9 - number}"}, **state}
        dynamodb.put_item(TableName="main", Item=item)
    query = {
        "TableName": "main",
        "IndexName": "by-state",
        "KeyConditionExpression": "st = :s",
        "ExpressionAttributeValues": {":s": {"S": "open"}},
        "Limit": 3,
    }
    first = dynamodb.query(**query)
    rest = dynamodb.query(**query, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [item["pk"]["S"] for item in first["Items"] + rest["Items"]] == ["p4", "p2", "p1", "p0"]
    assert "LastEvaluatedKey" not in rest


def test_a_transaction_token_is_remembered(dynamodb: Any) -> None:
    """A repeated request is answered, a different one refused."""
    add = {"Key": KEY, "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    for _ in range(2):
        dynamodb.transact_write_items(
            TransactItems=[{"Update": {"TableName": "main", **add}}], ClientRequestToken="t" * 36
        )
    assert dynamodb.get_item(TableName="main", Key=KEY, ConsistentRead=True)["Item"]["n"] == {"N": "1"}
    other = [{"Delete": {"TableName": "main", "Key": KEY}}]
    with pytest.raises(ClientError) as refused:
        dynamodb.transact_write_items(TransactItems=other, ClientRequestToken="t" * 36)
    assert failed(refused) == "IdempotentParameterMismatchException"


def test_large_items_are_refused(dynamodb: Any) -> None:
    """400 KB, as in AWS."""
    with pytest.raises(ClientError) as refused:
        dynamodb.put_item(TableName="main", Item={**KEY, "x": {"S": "x" * 409_601}})
    assert failed(refused) == "ValidationException"
