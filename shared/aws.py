"""Clients of AWS: one of each kind a process, made on first use with bounded waiting."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from shared.errors import ProviderThrottled, ProviderUnavailable

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ses import SESClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

DEFAULT_REGION = "eu-central-1"
SERVER_FAILS = 500
TOO_MANY_REQUESTS = 429
THROTTLES = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_observers: list[Callable[[Any], None]] = []


@overload
def client(service: Literal["dynamodb"]) -> DynamoDBClient: ...
@overload
def client(service: Literal["kms"]) -> KMSClient: ...
@overload
def client(service: Literal["s3"]) -> S3Client: ...
@overload
def client(service: Literal["ses"]) -> SESClient: ...
@overload
def client(service: Literal["sqs"]) -> SQSClient: ...
@overload
def client(service: Literal["ssm"]) -> SSMClient: ...
@overload
def client(service: Literal["apigatewaymanagementapi"], endpoint_url: str) -> ApiGatewayManagementApiClient: ...
def client(service: str, endpoint_url: str | None = None) -> Any:
    """The client of a service, shared by the whole process.

    Shape: `AWS_ENDPOINT_URL` in the environment moves every service at once.
    """
    return _client(service, endpoint_url)


@cache
def _client(service: str, endpoint_url: str | None) -> Any:
    made = _session().client(
        service,
        region_name=region(),
        endpoint_url=endpoint_url,
        config=Config(
            connect_timeout=1,
            read_timeout=2.5,  # three attempts and their pauses end within a function's ten seconds
            retries={"mode": "standard", "total_max_attempts": 3},
            parameter_validation=service != "dynamodb",  # PynamoDB has checked them
        ),
    )
    for observe in _observers:
        observe(made)
    return made


@cache
def _session() -> Any:
    """One session for all clients: each would read botocore's endpoints anew, 10 MB and 20 ms."""
    import boto3  # noqa: PLC0415  # a function that never calls AWS by it need not pay for the import

    return boto3.session.Session()


def region() -> str:
    """The region that this process works in."""
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION


def observe_clients(observer: Callable[[Any], None]) -> None:
    """Lets tests and benchmarks see each client that is made from now on."""
    _observers.append(observer)


def forget_clients() -> None:
    """Drops all clients, as tests do when they change where AWS is."""
    _client.cache_clear()
    _session.cache_clear()


@contextmanager
def translated() -> Iterator[None]:
    """Turns botocore's errors into ours: throttled and unreachable ones are worth another try.

    Raises: ProviderThrottled, ProviderUnavailable; other errors of a client pass unchanged.
    """
    try:
        yield
    except ParamValidationError:
        raise  # our own mistake: it would be the same the next time
    except ClientError as error:
        answer = _answer(error)
        code = answer.get("Error", {}).get("Code", "")
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in THROTTLES or status == TOO_MANY_REQUESTS:
            raise ProviderThrottled("AWS asks for a pause", retry_after_s=1) from error
        if status >= SERVER_FAILS:
            raise ProviderUnavailable("AWS fails for the moment", retry_after_s=2) from error
        raise
    except BotoCoreError as error:
        raise ProviderUnavailable("AWS does not answer", retry_after_s=2) from error


def _answer(error: ClientError) -> Any:
    """What AWS answered; PynamoDB's own error holds only a part of it."""
    first = error.__cause__ if isinstance(error.__cause__, ClientError) else error
    return first.response
