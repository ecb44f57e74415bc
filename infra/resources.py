"""What the product keeps in AWS besides functions: one definition for the template and for the embedded AWS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from functions.accounts.tables import AccountsItem
from functions.booking.tables import BookingItem
from functions.messengers.tables import Account
from shared.audit import AuditRow
from shared.data_keys import DataKeyItem
from shared.idempotency import Done
from shared.limits import Counter
from shared.outbox import OutboxRow
from shared.queues import FIFO, dead_letter_name
from shared.revocations import Revocation
from shared.sockets import Connection
from shared.tables import Table
from shared.timers import Timer

TABLES: tuple[type[Table], ...] = (
    AccountsItem,
    BookingItem,
    Account,
    Timer,
    OutboxRow,
    Done,
    Connection,
    Counter,
    AuditRow,
    DataKeyItem,
    Revocation,
)
TTL_ATTRIBUTE = "expires_at"


@dataclass(frozen=True)
class Queue:
    """A queue with its dead-letter queue.

    Units: `visibility_s` in seconds; `receives` is how often a message is tried before it is put aside.
    """

    name: str
    visibility_s: int = 60
    receives: int = 3

    @property
    def is_fifo(self) -> bool:
        """Whether it keeps the order of each group."""
        return self.name.endswith(FIFO)

    @property
    def dead_letters(self) -> str:
        """The name of the queue for what was given up."""
        return dead_letter_name(self.name)


QUEUES = (
    Queue("accounts-mail", receives=5),
    Queue("accounts-notices", receives=5),
    Queue("inbound-booking.fifo"),
    Queue("outgoing-telegram.fifo"),
    Queue("outgoing-webchat.fifo"),
    Queue("timers-booking", receives=5),
    Queue("personal", visibility_s=360),
)
BUCKETS = ("exports", "imports", "pages")
SECRETS = ("keys/edge", "keys/lookup", "keys/signing")


def table_schema(table: type[Table]) -> dict[str, Any]:
    """Keys, attributes and indexes of a table, as DynamoDB's CreateTable takes them."""
    schema = table._get_schema()  # noqa: SLF001  # PynamoDB tells it in no other way
    wanted = {
        "KeySchema": _hash_first(schema["key_schema"]),
        "AttributeDefinitions": _distinct(schema["attribute_definitions"]),
    }
    indexes = [
        {
            "IndexName": index["index_name"],
            "KeySchema": _hash_first(index["key_schema"]),
            "Projection": index["projection"],
        }
        for index in schema["global_secondary_indexes"]
    ]
    return wanted | ({"GlobalSecondaryIndexes": indexes} if indexes else {})


def _hash_first(key_schema: Sequence[Any]) -> list[Any]:
    """The hash key before the range key, as DynamoDB insists; PynamoDB gives them in the order of their names."""
    return sorted(key_schema, key=lambda key: str(key["KeyType"]))


def _distinct(attributes: Sequence[Any]) -> list[Any]:
    return list({attribute["AttributeName"]: attribute for attribute in attributes}.values())
