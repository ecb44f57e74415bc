"""The world of a proof: an embedded AWS with what the template describes, and the functions' environment there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3

from infra.local.aws.process import EmbeddedAws
from infra.packaging.errors import PackagingError
from infra.packaging.intrinsics import Resolver
from infra.packaging.naming import logical_id
from infra.packaging.proof.peers import peers
from infra.packaging.secrets import create_missing
from infra.packaging.template import Template

ROOT = Path(__file__).resolve().parents[3]
SENDER, OPERATOR = "svyaz@example.org", "operator@example.org"
BASE_URL = "https://svyaz.example"
# When the samples of events/ happen: a booking that they speak of is tomorrow.
MOMENT = datetime(2026, 11, 20, 10, tzinfo=UTC)
SEEDED_AS = "platform_tick"
SEED = "from infra.packaging.proof.seed import seed; seed()"


@dataclass(frozen=True)
class World:
    """Where functions run."""

    template: Template
    resolver: Resolver
    surroundings: dict[str, str]

    def environment(self, function: str) -> dict[str, str]:
        """What a function finds in its environment: the template's settings, and where AWS is."""
        variables = self.template["Resources"][logical_id(function)]["Properties"]["Environment"]["Variables"]
        return {**self.resolver.value(variables), **self.surroundings, "AWS_LAMBDA_FUNCTION_NAME": function}


@contextmanager
def world(template: Template, stage: str, folder: Path) -> Iterator[World]:
    """A fresh world in an empty folder, with data that the samples meet.

    Raises: PackagingError.
    """
    clock = folder / "clock"
    clock.write_text(str((MOMENT - datetime.now(UTC)).total_seconds()), encoding="ascii")
    with EmbeddedAws.start(folder / "aws") as aws, peers() as peer:
        given = {"MailFrom": SENDER, "OperatorMail": OPERATOR, "PublicBaseUrl": BASE_URL, "TelegramApiUrl": peer}
        resolver = Resolver(template, given)
        _create(aws, template, resolver)
        create_missing(_client(aws, "ssm"), stage)
        surroundings = {
            **aws.environment(),
            "AWS_EC2_METADATA_DISABLED": "true",
            "SVYAZ_CONNECTIONS_URL": f"{peer}/connections",
            "SVYAZ_CLOCK_FILE": str(clock),
            "TZ": ":UTC",
        }
        made = World(template, resolver, surroundings)
        _seed(made.environment(SEEDED_AS))
        yield made


def _client(aws: EmbeddedAws, service: str) -> Any:
    session = boto3.session.Session(aws.access_key_id, aws.secret_access_key, region_name=aws.region)
    return session.client(service, endpoint_url=aws.endpoint_url)


def _create(aws: EmbeddedAws, template: Template, resolver: Resolver) -> None:
    """Makes the tables, queues and buckets of the template; the others of its resources hold no data."""
    for resource in template["Resources"].values():
        if resource["Type"] in MAKERS:
            MAKERS[resource["Type"]](aws, resolver.value(resource["Properties"]))
    for address in (SENDER, OPERATOR):
        _client(aws, "ses").verify_email_identity(EmailAddress=address)


def _create_table(aws: EmbeddedAws, properties: dict[str, Any]) -> None:
    names = ("TableName", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "BillingMode")
    _client(aws, "dynamodb").create_table(**{name: properties[name] for name in names if name in properties})


def _create_queue(aws: EmbeddedAws, properties: dict[str, Any]) -> None:
    fifo = {"FifoQueue": "true"} if properties.get("FifoQueue") else {}
    _client(aws, "sqs").create_queue(QueueName=properties["QueueName"], Attributes=fifo)


def _create_bucket(aws: EmbeddedAws, properties: dict[str, Any]) -> None:
    place: Any = {"LocationConstraint": aws.region}
    _client(aws, "s3").create_bucket(Bucket=properties["BucketName"], CreateBucketConfiguration=place)


def _create_key(aws: EmbeddedAws, properties: dict[str, Any]) -> None:
    """The key of an alias: nobody knows it by another name."""
    made = _client(aws, "kms").create_key()["KeyMetadata"]
    _client(aws, "kms").create_alias(AliasName=properties["AliasName"], TargetKeyId=made["KeyId"])


MAKERS = {
    "AWS::DynamoDB::Table": _create_table,
    "AWS::KMS::Alias": _create_key,
    "AWS::SQS::Queue": _create_queue,
    "AWS::S3::Bucket": _create_bucket,
}


def _seed(environment: dict[str, str]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SEED], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise PackagingError(f"the data of the proof could not be made:\n{run.stderr}")
