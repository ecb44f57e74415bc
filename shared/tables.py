"""The base of every table: names by stage, one client for all of them, transactions that say which condition failed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from botocore.exceptions import ClientError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.connection.base import MetaTable
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import DeleteError, PutError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from shared import aws
from shared.errors import Contended, ProviderThrottled, SvyazError
from shared.settings import resource_name

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T", bound="Table")
CONDITION_FAILED = "ConditionalCheckFailed"
BATCH_SIZE = 100
BATCH_ROUNDS = 4
BATCH_PAUSE_S = 0.05
CONFLICTS = frozenset({"TransactionConflictException", "TransactionInProgressException"})
Key = tuple[str, str, str]


class SharedConnection(Connection):
    """PynamoDB's connection over the one client of the process; throttled and unreachable are our errors."""

    @property
    def client(self) -> DynamoDBClient:  # type: ignore[override]
        """The client that all models use."""
        return aws.client("dynamodb")

    def _make_api_call(self, operation_name: str, operation_kwargs: dict[str, Any]) -> dict[str, Any]:
        with aws.translated():
            try:
                return super()._make_api_call(operation_name, operation_kwargs)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in CONFLICTS:
                    raise Contended("Others change the same things") from error
                raise


CONNECTION = SharedConnection()


class Table(Model):
    """One kind of item of one table; kinds of one table share `pk`, `sk` and the indexes.

    Shape: `Meta.name` is the table's short name; kinds inherit a table's indexes from one class of it; `expires_at`
    only cleans up, readers compare it with now.
    """

    class Meta:
        """What a concrete table overrides."""

        name = ""

    _made: ClassVar[dict[str, TableConnection]] = {}

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    expires_at = NumberAttribute(null=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        name = cls.table_name()
        cls.Meta.table_name = name  # type: ignore[attr-defined]
        if name not in cls._made:
            cls._made[name] = _table_connection(name, cls)
        return cls._made[name]

    @classmethod
    def table_name(cls) -> str:
        """The full name of the table in this stage."""
        return resource_name(cls.Meta.name)


def _table_connection(name: str, model: type[Table]) -> TableConnection:
    schema = model._get_schema()  # noqa: SLF001  # PynamoDB tells it in no other way
    described = TableConnection(name)
    described.connection = CONNECTION
    if name not in CONNECTION._tables:  # noqa: SLF001
        indexes = [
            {"IndexName": index["index_name"], "KeySchema": index["key_schema"]}
            for index in schema["global_secondary_indexes"]
        ]
        CONNECTION.add_meta_table(
            MetaTable(
                {
                    "TableName": name,
                    "KeySchema": schema["key_schema"],
                    "AttributeDefinitions": schema["attribute_definitions"],
                    "GlobalSecondaryIndexes": indexes,
                    "LocalSecondaryIndexes": [],
                }
            )
        )
    return described


@contextmanager
def unless(otherwise: SvyazError) -> Iterator[None]:
    """Raises `otherwise` where the condition of the single write inside fails."""
    try:
        yield
    except (PutError, UpdateError, DeleteError) as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            raise otherwise from None
        raise


def find(model: type[T], pk: str, sk: str, *, is_consistent: bool = True) -> T | None:
    """The item of that key, or None."""
    found: T | None = fetch([(model, pk, sk)], is_consistent=is_consistent)[0]
    return found


def fetch(keys: Sequence[tuple[type[Any], str, str]], *, is_consistent: bool = True) -> list[Any]:
    """The items of the keys, in their order, None for what is not there; one request for each 100 of them.

    Raises: ProviderThrottled when the table leaves keys unread after several rounds.
    """
    wanted = [(model.table_name(), pk, sk) for model, pk, sk in keys]
    distinct = list(dict.fromkeys(wanted))
    found: dict[Key, dict[str, Any]] = {}
    for begin in range(0, len(distinct), BATCH_SIZE):
        found |= _read(_request_items(distinct[begin : begin + BATCH_SIZE], is_consistent=is_consistent))
    return [_item(model, found.get(key)) for (model, _, _), key in zip(keys, wanted, strict=True)]


def _read(wanted: dict[str, Any]) -> dict[Key, dict[str, Any]]:
    found: dict[Key, dict[str, Any]] = {}
    for attempt in range(BATCH_ROUNDS):
        answer = CONNECTION.dispatch("BatchGetItem", {"RequestItems": wanted})
        for table, items in answer.get("Responses", {}).items():
            found |= {(table, item["pk"]["S"], item["sk"]["S"]): item for item in items}
        wanted = answer.get("UnprocessedKeys", {})
        if not wanted:
            return found
        time.sleep(BATCH_PAUSE_S * 2**attempt)
    raise ProviderThrottled("The database asks for a pause", retry_after_s=1)


def _request_items(keys: Sequence[Key], *, is_consistent: bool) -> dict[str, Any]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for table, pk, sk in keys:
        tables.setdefault(table, []).append({"pk": {"S": pk}, "sk": {"S": sk}})
    return {name: {"Keys": rows, "ConsistentRead": is_consistent} for name, rows in tables.items()}


def _item(model: type[T], raw: dict[str, Any] | None) -> T | None:
    if raw is None:
        return None
    model._get_connection()  # noqa: SLF001  # sets the name that PynamoDB wants in Meta
    return model.from_raw_data(raw)


class Transaction:
    """Writes that happen together or not at all; each names the error that its failed condition means."""

    def __init__(self) -> None:
        self._operations: list[tuple[dict[str, Any], SvyazError | None]] = []
        self._afterwards: list[Callable[[], None]] = []

    def __len__(self) -> int:
        return len(self._operations)

    def put(self, item: Table, *, condition: Condition | None = None, otherwise: SvyazError | None = None) -> None:
        """Stores an item whole."""
        type(item)._get_connection()  # noqa: SLF001
        arguments = item.get_save_kwargs_from_instance(condition=condition)
        self._operations.append(({"Put": arguments}, otherwise))

    def create(self, item: Table, *, otherwise: SvyazError | None = None) -> None:
        """Stores an item that must not be there yet."""
        self.put(item, condition=type(item).pk.does_not_exist(), otherwise=otherwise)

    def update(
        self,
        item: Table,
        actions: list[Action],
        *,
        condition: Condition | None = None,
        otherwise: SvyazError | None = None,
    ) -> None:
        """Changes some attributes of an item."""
        type(item)._get_connection()  # noqa: SLF001
        arguments = item.get_update_kwargs_from_instance(actions=actions, condition=condition)
        self._operations.append(({"Update": arguments}, otherwise))

    def delete(self, item: Table, *, condition: Condition | None = None, otherwise: SvyazError | None = None) -> None:
        """Removes an item."""
        type(item)._get_connection()  # noqa: SLF001
        self._operations.append(({"Delete": item.get_delete_kwargs_from_instance(condition=condition)}, otherwise))

    def check(self, item: Table, condition: Condition, *, otherwise: SvyazError) -> None:
        """Changes nothing itself, but lets the rest happen only where an item is as it should be."""
        type(item)._get_connection()  # noqa: SLF001
        arguments = item.get_delete_kwargs_from_instance(condition=condition)  # a key and a condition, as a check takes
        self._operations.append(({"ConditionCheck": arguments}, otherwise))

    def then(self, act: Callable[[], None]) -> None:
        """Does something once the changes stand."""
        self._afterwards.append(act)

    def commit(self) -> None:
        """Makes all the changes in one request.

        Raises: the `otherwise` of the first failed condition; Contended where others change the same items now.
        """
        items = [operation for operation, _ in self._operations]
        try:
            CONNECTION.dispatch("TransactWriteItems", {"TransactItems": items})
        except ClientError as error:
            self._explain(TransactWriteError("transaction", error))
        for act in self._afterwards:
            act()

    def _explain(self, error: TransactWriteError) -> None:
        if error.cause_response_code != "TransactionCanceledException":
            raise error
        reasons = [reason.code if reason else "" for reason in error.cancellation_reasons]
        for (_, otherwise), code in zip(self._operations, reasons, strict=False):
            if code == CONDITION_FAILED and otherwise is not None:
                raise otherwise from error
        if "TransactionConflict" in reasons:
            raise Contended("Others change the same things") from error
        if {"ThrottlingError", "ProvisionedThroughputExceeded"} & set(reasons):
            raise ProviderThrottled("The database asks for a pause", retry_after_s=1) from error
        raise error
