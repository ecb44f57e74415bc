"""What the product keeps in AWS."""

from __future__ import annotations

import pytest

from infra.resources import QUEUES, TABLES, table_schema
from shared.tables import Table


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.Meta.name)
def test_a_tables_keys_are_in_dynamodbs_order(table: type[Table]) -> None:
    """PLAT-20: DynamoDB refuses a range key before its hash key; the embedded AWS would not."""
    schema = table_schema(table)
    keys = [schema["KeySchema"], *(index["KeySchema"] for index in schema.get("GlobalSecondaryIndexes", []))]
    assert [[key["KeyType"] for key in key_schema] for key_schema in keys] == [["HASH", "RANGE"]] * len(keys)
    named = {key["AttributeName"] for key_schema in keys for key in key_schema}
    assert named == {attribute["AttributeName"] for attribute in schema["AttributeDefinitions"]}


def test_every_queue_has_its_dead_letters() -> None:
    """PLAT-11."""
    assert {queue.dead_letters for queue in QUEUES}.isdisjoint(queue.name for queue in QUEUES)
    assert all(queue.dead_letters.endswith(".fifo") == queue.is_fifo for queue in QUEUES)
