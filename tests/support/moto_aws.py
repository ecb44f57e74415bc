"""AWS in this process, by moto: made once, emptied for every test."""

from __future__ import annotations

from typing import Any

import moto.backends
from moto.core.models import DEFAULT_ACCOUNT_ID

from functions.accounts.organisation import api_keys
from functions.accounts.outside import configured
from functions.accounts.tokens import keyring
from functions.booking import tables as booking_tables
from functions.messengers import tables as messengers_tables
from infra.resources import BUCKETS, QUEUES, SECRETS, TABLES, table_schema
from shared import audit, aws, data_keys, queues, revocations, secrets, sockets, suspicion
from shared.aws import DEFAULT_REGION
from shared.secrets import path
from shared.settings import resource_name, settings
from tests.support import moto_speed


def create() -> None:
    """Makes every resource of the product."""
    moto_speed.hasten()
    for table in TABLES:
        aws.client("dynamodb").create_table(
            TableName=table.table_name(), BillingMode="PAY_PER_REQUEST", **table_schema(table)
        )
    for bucket in BUCKETS:
        aws.client("s3").create_bucket(
            Bucket=resource_name(bucket), CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
    for queue in QUEUES:
        for name in (queue.dead_letters, queue.name):
            given: dict[str, Any] = {"Attributes": {"FifoQueue": "true"}} if queue.is_fifo else {}
            aws.client("sqs").create_queue(QueueName=resource_name(name), **given)
    for name in SECRETS:
        aws.client("ssm").put_parameter(Name=path(name), Value=f"a test's {name}", Type="SecureString")
    keyring.make_first_keys(aws.client("ssm"))
    key = aws.client("kms").create_key()["KeyMetadata"]
    aws.client("kms").create_alias(AliasName=data_keys.alias(), TargetKeyId=key["KeyId"])
    aws.client("ses").verify_email_identity(EmailAddress=settings().mail_from)


def empty() -> None:
    """Takes away what a test has stored, sent or mailed, and what processes keep in memory."""
    for table in backend("dynamodb").tables.values():
        table.items.clear()
    for queue in backend("sqs").queues.values():
        queue._messages.clear()
        queue.pending_messages.clear()
        queue.deleted_messages.clear()
    backend("ses").sent_messages.clear()
    for bucket in moto.backends.get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets.values():
        bucket.keys.clear()
    parameters = backend("ssm")._parameters
    for name in parameters.keys() - {path(name) for name in (*SECRETS, keyring.PRIVATE, keyring.PUBLIC)}:
        del parameters[name]
    forget()


def forget() -> None:
    """Drops what a process keeps in memory, as a new one would begin."""
    sockets._known().clear()
    audit._folded.names.clear()
    suspicion._told().clear()
    suspicion._unwritten().clear()
    secrets.forget()
    data_keys.forget()
    revocations.forget()
    api_keys.forget()
    configured.forget()
    booking_tables._owner.cache_clear()
    messengers_tables._kept.clear()


def sent_mail() -> list[Any]:
    """The letters that were sent."""
    return list(backend("ses").sent_messages)


def backend(service: Any) -> Any:
    """Moto's own account of a service."""
    return moto.backends.get_backend(service)[DEFAULT_ACCOUNT_ID][DEFAULT_REGION]


def waiting(queue: str) -> list[str]:
    """The bodies of messages that lie in a queue now, taken out of it."""
    client = aws.client("sqs")
    found: list[str] = []
    while True:
        answer = client.receive_message(
            QueueUrl=queues.url(queue), MaxNumberOfMessages=10, AttributeNames=["All"], VisibilityTimeout=0
        )
        if not answer.get("Messages"):
            return found
        for message in answer["Messages"]:
            found.append(message["Body"])
            client.delete_message(QueueUrl=queues.url(queue), ReceiptHandle=message["ReceiptHandle"])
