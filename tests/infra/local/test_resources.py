"""Resources are made once, and adapted where they can be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.local import resources
from infra.local.definitions import SET_UP, Definitions
from infra.local.functions import CallFailed
from infra.local.runtime import ENSURE_RESOURCES
from tests.infra.local import sample
from tests.infra.local.conftest import Local

QUEUE = "svyaz-local-ordered.fifo"
INDEX = {
    "IndexName": "by_name",
    "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}


def ensure(local: Local, definitions: Definitions) -> int:
    """How many were made by another run."""

    async def run() -> Any:
        async with await local.runtime.tool() as tool:
            asked = {"definitions": definitions.model_dump(mode="json"), "senders": []}
            return await tool.call(ENSURE_RESOURCES, asked)

    return int(local.run(run())["made"])


@pytest.fixture
def definitions() -> Definitions:
    """Those of the sample."""
    return Definitions.model_validate(sample.definitions(None, None))


def test_the_handler_is_the_one_that_is_called() -> None:
    assert f"{resources.__name__}.{resources.ensure.__name__}" == ENSURE_RESOURCES


def test_everything_is_there(local: Local) -> None:
    assert "svyaz-local-rows" in local.client("dynamodb").list_tables()["TableNames"]
    ttl = local.client("dynamodb").describe_time_to_live(TableName="svyaz-local-rows")["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "expires_at")
    assert [bucket["Name"] for bucket in local.client("s3").list_buckets()["Buckets"]] == ["svyaz-local-inbox"]


def test_queues_have_their_redrive_policy(local: Local) -> None:
    sqs = local.client("sqs")
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert (found["FifoQueue"], found["VisibilityTimeout"]) == ("true", "1")
    redrive = json.loads(found["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(":svyaz-local-ordered-dead.fifo")
    assert int(redrive["maxReceiveCount"]) == 3


def test_another_run_makes_nothing_and_keeps_the_secrets(local: Local, definitions: Definitions) -> None:
    ssm = local.client("ssm")
    name = definitions.secrets[0]
    before = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    assert len(before) >= 43
    assert ensure(local, definitions) == 0
    assert ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == before


def test_a_key_is_made_once_and_known_by_its_alias(local: Local, definitions: Definitions) -> None:
    wanted = definitions.model_copy(update={"key_aliases": ("alias/svyaz-local",)})
    assert [ensure(local, wanted) for _ in range(2)] == [1, 0]
    kms = local.client("kms")
    made = kms.generate_data_key(KeyId="alias/svyaz-local", KeySpec="AES_256", EncryptionContext={"a": "b"})
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"a": "b"})
    assert opened["Plaintext"] == made["Plaintext"]


def test_signing_keys_are_made_once(local: Local, definitions: Definitions) -> None:
    """PLAT-31."""
    wanted = definitions.model_copy(update={"set_up": SET_UP})
    assert [ensure(local, wanted), ensure(local, wanted)] == [2, 0]
    names = ["/svyaz/local/jwks/access", "/svyaz/local/keys/access"]
    found = local.client("ssm").get_parameters(Names=names, WithDecryption=True)["Parameters"]
    kids = {each["Name"]: [key["kid"] for key in json.loads(each["Value"])["keys"]] for each in found}
    assert kids[names[0]] == kids[names[1]] != []


def test_a_new_index_is_added_to_a_table(local: Local, definitions: Definitions) -> None:
    schema = definitions.tables["svyaz-local-rows"]
    attributes = [*schema["AttributeDefinitions"], {"AttributeName": "name", "AttributeType": "S"}]
    wanted = {**schema, "AttributeDefinitions": attributes, "GlobalSecondaryIndexes": [INDEX]}
    ensure(local, definitions.model_copy(update={"tables": {"svyaz-local-rows": wanted}}))
    found = local.client("dynamodb").describe_table(TableName="svyaz-local-rows")["Table"]
    assert [index["IndexName"] for index in found["GlobalSecondaryIndexes"]] == ["by_name"]


def test_other_keys_of_a_table_are_told_and_not_forced(local: Local, definitions: Definitions) -> None:
    wanted = {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    }
    with pytest.raises(CallFailed, match=r"the keys of table svyaz-local-rows have changed: remove \.local"):
        ensure(local, definitions.model_copy(update={"tables": {"svyaz-local-rows": wanted}}))
