"""The resources of the definitions, made in the embedded AWS; runs in a worker, by its handler string.

What is there already is left as it is, except that queues get their present settings and tables their new indexes.
"""

from __future__ import annotations

import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import boto3

from infra.local import worker
from infra.local.definitions import Definitions, Queue, events_queue

ENSURE = "infra.local.resources.ensure"
KEPT_S = 14 * 24 * 3600
EVENTS_VISIBILITY_S = 420
ANSWER_SECRET_BYTES = 32
_FIFO = ".fifo"


class TableDiffers(Exception):
    """A stored table has other keys than the definitions say."""


def ensure(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """How many resources were made; `event` holds the definitions and the addresses that may send mail."""
    definitions = Definitions.model_validate(event["definitions"])
    made = _tables(definitions) + _queues(definitions) + _buckets(definitions) + _secrets(definitions)
    made += _keys(definitions) + (worker.load(definitions.set_up)({}, None) if definitions.set_up else 0)
    _events(definitions)
    for address in event["senders"]:
        _client("ses").verify_email_identity(EmailAddress=address)
    return {"made": made}


@cache
def _client(service: str) -> Any:
    return boto3.client(service)


def _tables(definitions: Definitions) -> int:
    known = set(_client("dynamodb").list_tables()["TableNames"])
    for name, schema in definitions.tables.items():
        if name in known:
            _adapt(name, schema)
            continue
        _client("dynamodb").create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **schema)
        ttl = {"Enabled": True, "AttributeName": definitions.ttl_attribute}
        _client("dynamodb").update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
    return len(definitions.tables.keys() - known)


def _adapt(name: str, schema: dict[str, Any]) -> None:
    stored = _client("dynamodb").describe_table(TableName=name)["Table"]
    if stored["KeySchema"] != schema["KeySchema"]:
        raise TableDiffers(f"the keys of table {name} have changed: remove .local, or bring its rows over yourself")
    known = {index["IndexName"] for index in stored.get("GlobalSecondaryIndexes", ())}
    for index in schema.get("GlobalSecondaryIndexes", ()):
        if index["IndexName"] not in known:
            _client("dynamodb").update_table(
                TableName=name,
                AttributeDefinitions=schema["AttributeDefinitions"],
                GlobalSecondaryIndexUpdates=[{"Create": index}],
            )


def _queues(definitions: Definitions) -> int:
    known = _known_queues()
    with ThreadPoolExecutor(4) as pool:
        dead = list(pool.map(lambda queue: _queue(known, queue.dead_letters, {}), definitions.queues))
        made = list(pool.map(lambda queue: _queue(known, queue.name, _settings(queue)), definitions.queues))
    return sum(dead) + sum(made)


def _known_queues() -> dict[str, str]:
    urls = _client("sqs").list_queues(MaxResults=1000).get("QueueUrls", [])
    return {url.rpartition("/")[2]: url for url in urls}


def _settings(queue: Queue) -> dict[str, str]:
    redrive = {"deadLetterTargetArn": _queue_arn(queue.dead_letters), "maxReceiveCount": queue.receives}
    return {"VisibilityTimeout": str(queue.visibility_s), "RedrivePolicy": json.dumps(redrive)}


def _queue(known: dict[str, str], name: str, settings: dict[str, str]) -> int:
    wanted = settings | {"MessageRetentionPeriod": str(KEPT_S)}
    if name in known:
        _client("sqs").set_queue_attributes(QueueUrl=known[name], Attributes=wanted)
        return 0
    kind = {"FifoQueue": "true"} if name.endswith(_FIFO) else {}
    _client("sqs").create_queue(QueueName=name, Attributes=wanted | kind)
    return 1


def _queue_arn(name: str) -> str:
    return f"arn:aws:sqs:{_client('sqs').meta.region_name}:000000000000:{name}"


def _buckets(definitions: Definitions) -> int:
    known = {bucket["Name"] for bucket in _client("s3").list_buckets()["Buckets"]}
    place = {"LocationConstraint": _client("s3").meta.region_name}
    for name in definitions.buckets:
        if name not in known:
            _client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return len(set(definitions.buckets) - known)


def _secrets(definitions: Definitions) -> int:
    names = list(definitions.secrets)
    missing = _client("ssm").get_parameters(Names=names)["InvalidParameters"] if names else []
    for name in missing:
        value = secrets.token_urlsafe(ANSWER_SECRET_BYTES)
        _client("ssm").put_parameter(Name=name, Value=value, Type="SecureString")
    return len(missing)


def _keys(definitions: Definitions) -> int:
    """Keys are known by their aliases alone."""
    if not definitions.key_aliases:
        return 0
    known = {alias["AliasName"] for alias in _client("kms").list_aliases()["Aliases"]}
    missing = [alias for alias in definitions.key_aliases if alias not in known]
    for alias in missing:
        key = _client("kms").create_key()["KeyMetadata"]
        _client("kms").create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    return len(missing)


def _events(definitions: Definitions) -> None:
    known = _known_queues()
    for function in definitions.event_functions().values():
        _queue(known, events_queue(function), {"VisibilityTimeout": str(EVENTS_VISIBILITY_S)})
    for number, rule in enumerate(definitions.event_triggers):
        name = f"{events_queue(rule.function)}-{number}"
        _client("events").put_rule(Name=name, EventPattern=json.dumps(rule.pattern))
        _client("events").put_targets(
            Rule=name, Targets=[{"Id": "function", "Arn": _queue_arn(events_queue(rule.function))}]
        )
    for bucket in {trigger.bucket for trigger in definitions.bucket_triggers}:
        _client("s3").put_bucket_notification_configuration(
            Bucket=bucket,
            NotificationConfiguration={"QueueConfigurations": _notifications(definitions, bucket)},
            SkipDestinationValidation=True,
        )


def _notifications(definitions: Definitions, bucket: str) -> list[dict[str, Any]]:
    return [
        {
            "QueueArn": _queue_arn(events_queue(trigger.function)),
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": trigger.prefix}]}},
        }
        for trigger in definitions.bucket_triggers
        if trigger.bucket == bucket
    ]
