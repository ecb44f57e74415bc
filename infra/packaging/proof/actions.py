"""Which IAM action on which resource a call of AWS is.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
(read 2026-11-20).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from infra.packaging.errors import PackagingError
from infra.packaging.intrinsics import ACCOUNT, REGION
from infra.packaging.keys import VAULT_KEY
from infra.packaging.naming import API_STAGE, SOCKET_API

HERE = f"{REGION}:{ACCOUNT}"
ITEMS = {kind: f"{kind}Item" for kind in ("Get", "Put", "Update", "Delete", "ConditionCheck")}
SOCKET_METHODS = {"PostToConnection": "POST", "GetConnection": "GET", "DeleteConnection": "DELETE"}
BATCHES = {"SendMessageBatch": "SendMessage", "ChangeMessageVisibilityBatch": "ChangeMessageVisibility"}
S3_OBJECTS = {
    "GetObject": "GetObject",
    "HeadObject": "GetObject",
    "PutObject": "PutObject",
    "DeleteObject": "DeleteObject",
}


@dataclass(frozen=True)
class Deed:
    """Something that IAM allows or not."""

    action: str
    resource: str
    context: dict[str, str] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


def deeds(call: dict[str, Any]) -> list[Deed]:
    """What a recorded call asks IAM for.

    Raises: PackagingError for a call that is not known here.
    """
    service, operation = call["service"], call["operation"]
    read = _SERVICES.get(service)
    found = list(read(operation, call["arguments"])) if read else []
    if not found:
        raise PackagingError(f"{service}.{operation}: infra/packaging/proof/actions.py does not know its IAM action")
    return found


def _dynamodb(operation: str, arguments: dict[str, Any]) -> Iterator[Deed]:
    if "TransactItems" in arguments:
        writes = (write for item in arguments["TransactItems"] for write in item.items())
        yield from (Deed(f"dynamodb:{ITEMS[kind]}", _table(write["TableName"])) for kind, write in writes)
    elif "RequestItems" in arguments:
        yield from (Deed(f"dynamodb:{operation}", _table(table)) for table in arguments["RequestItems"])
    elif "TableName" in arguments:
        index = f"/index/{arguments['IndexName']}" if "IndexName" in arguments else ""
        yield Deed(f"dynamodb:{operation}", _table(arguments["TableName"]) + index)


def _table(name: str) -> str:
    return f"arn:aws:dynamodb:{HERE}:table/{name}"


def _sqs(operation: str, arguments: dict[str, Any]) -> Iterator[Deed]:
    name = arguments.get("QueueName") or str(arguments.get("QueueUrl", "")).rpartition("/")[2]
    if name:
        yield Deed(f"sqs:{BATCHES.get(operation, operation)}", f"arn:aws:sqs:{HERE}:{name}")


def _ssm(operation: str, arguments: dict[str, Any]) -> Iterator[Deed]:
    for name in [arguments["Name"]] if "Name" in arguments else arguments.get("Names", []):
        yield Deed(f"ssm:{operation}", f"arn:aws:ssm:{HERE}:parameter/{name.lstrip('/')}")


def _kms(operation: str, arguments: dict[str, Any]) -> Iterator[Deed]:
    """Calls name the key by its alias, IAM judges by the key; the context that data is bound to is a condition."""
    if operation in {"GenerateDataKey", "Decrypt"} and str(arguments.get("KeyId", "")).startswith("alias/"):
        bound = arguments.get("EncryptionContext", {})
        context = {f"kms:EncryptionContext:{name}": str(value) for name, value in bound.items()}
        yield Deed(f"kms:{operation}", f"{VAULT_KEY}.Arn", context)


def _s3(operation: str, arguments: dict[str, Any]) -> Iterator[Deed]:
    bucket = f"arn:aws:s3:::{arguments['Bucket']}"
    if operation in S3_OBJECTS:
        yield Deed(f"s3:{S3_OBJECTS[operation]}", f"{bucket}/{arguments['Key']}")
    if operation == "ListObjectsV2":
        yield Deed("s3:ListBucket", bucket)


def _ses(operation: str, arguments: dict[str, Any]) -> Iterator[Deed]:
    """In SES's sandbox the recipients' identities are asked for, too."""
    if operation == "SendEmail":
        for address in (arguments["Source"], *arguments["Destination"]["ToAddresses"]):
            identity = f"arn:aws:ses:{HERE}:identity/{address}"
            yield Deed("ses:SendEmail", identity, {"ses:FromAddress": arguments["Source"]})


def _connections(operation: str, arguments: dict[str, Any]) -> Iterator[Deed]:
    if operation in SOCKET_METHODS:
        path = f"{API_STAGE}/{SOCKET_METHODS[operation]}/@connections/{arguments['ConnectionId']}"
        yield Deed("execute-api:ManageConnections", f"arn:aws:execute-api:{HERE}:{SOCKET_API}/{path}")


_SERVICES = {
    "apigatewaymanagementapi": _connections,
    "dynamodb": _dynamodb,
    "kms": _kms,
    "s3": _s3,
    "ses": _ses,
    "sqs": _sqs,
    "ssm": _ssm,
}
