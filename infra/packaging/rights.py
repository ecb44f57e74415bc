"""The words that the table of grants is written in: named actions on named things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.packaging.keys import VAULT_KEY
from infra.packaging.naming import API_STAGE, BUCKET_SUFFIX, SOCKET_API
from shared.data_keys import PURPOSE
from shared.queues import dead_letter_name

STAGE = "{stage}"
MAIL_DOMAIN = "${MailDomain}"
_HERE = "${AWS::Region}:${AWS::AccountId}"


@dataclass(frozen=True)
class Grant:
    """Actions on things.

    Shape: `on` are ARNs as text for `Fn::Sub`, with `{stage}` in them; `condition` are values that a call must have.
    """

    actions: tuple[str, ...]
    on: tuple[str, ...]
    condition: Mapping[str, str] | None = None


def items(table: str, *operations: str) -> Grant:
    """DynamoDB operations on the items of a table."""
    return Grant(tuple(f"dynamodb:{name}" for name in operations), (_table(table),))


def index(table: str, name: str) -> Grant:
    """Queries of an index."""
    return Grant(("dynamodb:Query",), (f"{_table(table)}/index/{name}",))


def look_up(queue: str) -> Grant:
    """Asking for the address of a queue."""
    return Grant(("sqs:GetQueueUrl",), (_queue(queue),))


def send_to(*queues: str) -> Grant:
    """Sending to queues."""
    return Grant(("sqs:GetQueueUrl", "sqs:SendMessage"), tuple(_queue(name) for name in queues))


def consume(queue: str) -> tuple[Grant, Grant]:
    """What every consumer of a queue does: it puts off the next try, and puts poison into the dead-letter queue."""
    return Grant(("sqs:GetQueueUrl", "sqs:ChangeMessageVisibility"), (_queue(queue),)), send_to(dead_letter_name(queue))


def poll(queue: str) -> Grant:
    """What Lambda's poller does in the name of a function that a queue wakes."""
    actions = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility")
    return Grant(actions, (_queue(queue),))


def secrets(*names: str) -> Grant:
    """Reading secrets; AWS's own key that encrypts them needs no right of its own."""
    on = tuple(f"arn:${{AWS::Partition}}:ssm:{_HERE}:parameter/svyaz/{STAGE}/{name}" for name in names)
    return Grant(("ssm:GetParameter",), on)


def replace_secrets(*names: str) -> Grant:
    """Writing secrets anew."""
    on = tuple(f"arn:${{AWS::Partition}}:ssm:{_HERE}:parameter/svyaz/{STAGE}/{name}" for name in names)
    return Grant(("ssm:PutParameter",), on)


def read_files(bucket: str, prefix: str) -> tuple[Grant, Grant]:
    """Reading files; the right to list is what makes S3 say that a file is missing, and not that it is forbidden."""
    arn = f"arn:${{AWS::Partition}}:s3:::svyaz-{STAGE}-{bucket}-{BUCKET_SUFFIX}"
    return Grant(("s3:GetObject",), (f"{arn}/{prefix}*",)), Grant(("s3:ListBucket",), (arn,))


def write_files(bucket: str, prefix: str = "") -> Grant:
    """Storing files and taking them away."""
    arn = f"arn:${{AWS::Partition}}:s3:::svyaz-{STAGE}-{bucket}-{BUCKET_SUFFIX}"
    return Grant(("s3:PutObject", "s3:DeleteObject"), (f"{arn}/{prefix}*",))


def seal_fields() -> tuple[Grant, ...]:
    """Sealing and reading personal data: KMS makes and opens data keys for this purpose alone, the table keeps them."""
    return _data_keys("kms:GenerateDataKey", "kms:Decrypt"), items("vault", "BatchGetItem", "PutItem")


def unseal_fields() -> tuple[Grant, ...]:
    """Reading personal data that others have sealed."""
    return _data_keys("kms:Decrypt"), items("vault", "BatchGetItem")


def mail_to(recipient: str) -> Grant:
    """Letters from `MailFrom`.

    Shape: SES asks for the identity of the address or of its domain, and in its sandbox for the recipient's, too.
    """
    identity = f"arn:${{AWS::Partition}}:ses:{_HERE}:identity/"
    on = (f"{identity}${{MailFrom}}", f"{identity}{MAIL_DOMAIN}", f"{identity}{recipient}")
    return Grant(("ses:SendEmail",), on, {"ses:FromAddress": "${MailFrom}"})


def push_frames() -> Grant:
    """Frames to open WebSocket connections."""
    on = f"arn:${{AWS::Partition}}:execute-api:{_HERE}:${{{SOCKET_API}}}/{API_STAGE}/POST/@connections/*"
    return Grant(("execute-api:ManageConnections",), (on,))


def write_traces() -> Grant:
    """To send its traces; X-Ray knows no resources to narrow this to."""
    return Grant(("xray:PutTraceSegments", "xray:PutTelemetryRecords"), ("*",))


def write_log(function: str) -> Grant:
    """Writing the function's own log, which the template has made."""
    group = f"arn:${{AWS::Partition}}:logs:{_HERE}:log-group:/aws/lambda/svyaz-{STAGE}-{function}:*"
    return Grant(("logs:CreateLogStream", "logs:PutLogEvents"), (group,))


def _data_keys(*actions: str) -> Grant:
    condition = {"kms:EncryptionContext:stage": STAGE, "kms:EncryptionContext:purpose": PURPOSE}
    return Grant(actions, (f"${{{VAULT_KEY}.Arn}}",), condition)


def _queue(name: str) -> str:
    return f"arn:${{AWS::Partition}}:sqs:{_HERE}:svyaz-{STAGE}-{name}"


def _table(name: str) -> str:
    return f"arn:${{AWS::Partition}}:dynamodb:{_HERE}:table/svyaz-{STAGE}-{name}"
