"""Calls of AWS as deeds that IAM judges."""

from __future__ import annotations

from typing import Any

import pytest

from infra.packaging.errors import PackagingError
from infra.packaging.proof.actions import deeds
from infra.packaging.proof.policy import Right

HERE = "eu-central-1:000000000000"
TABLE = f"arn:aws:dynamodb:{HERE}:table/t"
QUEUE_URL = "http://127.0.0.1:4566/000000000000/svyaz-dev-q.fifo"


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "found"),
    [
        ("dynamodb", "PutItem", {"TableName": "t"}, [f"dynamodb:PutItem on {TABLE}"]),
        ("dynamodb", "Query", {"TableName": "t", "IndexName": "i"}, [f"dynamodb:Query on {TABLE}/index/i"]),
        ("dynamodb", "BatchGetItem", {"RequestItems": {"t": {}, "u": {}}}, [
            f"dynamodb:BatchGetItem on {TABLE}",
            f"dynamodb:BatchGetItem on arn:aws:dynamodb:{HERE}:table/u",
        ]),
        ("dynamodb", "TransactWriteItems", {"TransactItems": [
            {"Put": {"TableName": "t"}},
            {"Update": {"TableName": "t"}},
            {"Delete": {"TableName": "t"}},
            {"ConditionCheck": {"TableName": "t"}},
        ]}, [f"dynamodb:{each}Item on {TABLE}" for each in ("Put", "Update", "Delete", "ConditionCheck")]),
        ("dynamodb", "TransactGetItems", {"TransactItems": [{"Get": {"TableName": "t"}}]}, [
            f"dynamodb:GetItem on {TABLE}"
        ]),
        ("sqs", "GetQueueUrl", {"QueueName": "svyaz-dev-q"}, [f"sqs:GetQueueUrl on arn:aws:sqs:{HERE}:svyaz-dev-q"]),
        ("sqs", "SendMessage", {"QueueUrl": QUEUE_URL}, [f"sqs:SendMessage on arn:aws:sqs:{HERE}:svyaz-dev-q.fifo"]),
        ("sqs", "SendMessageBatch", {"QueueUrl": QUEUE_URL}, [
            f"sqs:SendMessage on arn:aws:sqs:{HERE}:svyaz-dev-q.fifo"
        ]),
        ("ssm", "GetParameter", {"Name": "/svyaz/dev/k"}, [
            f"ssm:GetParameter on arn:aws:ssm:{HERE}:parameter/svyaz/dev/k"
        ]),
        ("kms", "GenerateDataKey", {"KeyId": "alias/svyaz-dev"}, ["kms:GenerateDataKey on VaultKey.Arn"]),
        ("kms", "Decrypt", {"KeyId": "alias/svyaz-dev"}, ["kms:Decrypt on VaultKey.Arn"]),
        ("s3", "GetObject", {"Bucket": "b", "Key": "a/k"}, ["s3:GetObject on arn:aws:s3:::b/a/k"]),
        ("s3", "HeadObject", {"Bucket": "b", "Key": "k"}, ["s3:GetObject on arn:aws:s3:::b/k"]),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, ["s3:ListBucket on arn:aws:s3:::b"]),
        ("ses", "SendEmail", {"Source": "a@x.example", "Destination": {"ToAddresses": ["b@y.example"]}}, [
            f"ses:SendEmail on arn:aws:ses:{HERE}:identity/a@x.example",
            f"ses:SendEmail on arn:aws:ses:{HERE}:identity/b@y.example",
        ]),
        ("apigatewaymanagementapi", "PostToConnection", {"ConnectionId": "c="}, [
            f"execute-api:ManageConnections on arn:aws:execute-api:{HERE}:WebsocketAPI/api/POST/@connections/c="
        ]),
    ],
)  # fmt: skip
def test_calls(service: str, operation: str, arguments: dict[str, Any], found: list[str]) -> None:
    call = {"service": service, "operation": operation, "arguments": arguments}
    assert [str(deed) for deed in deeds(call)] == found


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("lambda", "Invoke"),
        ("kms", "Decrypt"),
        ("kms", "CreateKey"),
        ("dynamodb", "ListTables"),
        ("s3", "CopyObject"),
        ("ses", "SendRawEmail"),
        ("sqs", "ListQueues"),
    ],
)
def test_an_unknown_call_is_refused_and_not_passed_over(service: str, operation: str) -> None:
    with pytest.raises(PackagingError, match=f"{service}.{operation}"):
        deeds({"service": service, "operation": operation, "arguments": {"Bucket": "b"}})


def test_a_data_key_is_bound_to_its_context() -> None:
    """PLAT-22: a call for another purpose is another deed."""
    bound = {"KeyId": "alias/svyaz-dev", "EncryptionContext": {"stage": "dev", "purpose": "personal"}}
    [deed] = deeds({"service": "kms", "operation": "Decrypt", "arguments": bound})
    assert deed.context == {"kms:EncryptionContext:stage": "dev", "kms:EncryptionContext:purpose": "personal"}
    condition = (("kms:EncryptionContext:purpose", "personal"),)
    assert Right("kms:Decrypt", "VaultKey.Arn", condition).allows(deed)
    assert not Right("kms:Decrypt", "VaultKey.Arn", (("kms:EncryptionContext:purpose", "other"),)).allows(deed)
