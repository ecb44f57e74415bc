"""Clients of AWS: one of a kind, and their troubles in our words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    IncompleteReadError,
    ParamValidationError,
    ReadTimeoutError,
    SSLError,
)

from shared import aws, log, mail, queues, secrets, storage
from shared.errors import ProviderThrottled, ProviderUnavailable, SvyazError
from shared.sockets import push
from shared.tables import Transaction, find
from shared.timers import Cursor
from tests.support import logs
from tests.support.aws_calls import refusing, unreachable

URL = "http://127.0.0.1:1"
NETWORK = [
    EndpointConnectionError(endpoint_url=URL),
    ConnectTimeoutError(endpoint_url=URL),
    ReadTimeoutError(endpoint_url=URL),
    ConnectionClosedError(endpoint_url=URL),
    SSLError(endpoint_url=URL, error=OSError()),
]
Call = Callable[[], Any]


def _write() -> None:
    Cursor("cursor", "9", hour=1).save()


def _query() -> None:
    list(Cursor.query("cursor"))


def _transact() -> None:
    transaction = Transaction()
    transaction.put(Cursor("cursor", "9", hour=1))
    transaction.commit()


def _find() -> None:
    find(Cursor, "cursor", "9")


SOMEBODY = "a@example.test"
CALLS: dict[tuple[str, str], Call] = {
    ("dynamodb", "PutItem"): _write,
    ("dynamodb", "Query"): _query,
    ("dynamodb", "BatchGetItem"): _find,
    ("dynamodb", "TransactWriteItems"): _transact,
    ("sqs", "GetQueueUrl"): lambda: queues.url("timers-booking"),
    ("ssm", "GetParameter"): lambda: secrets.secret("keys/lookup"),
    ("ses", "SendEmail"): lambda: mail.send(SOMEBODY, "s", "t"),
    ("s3", "GetObject"): lambda: storage.read("imports", "a", 10),
    ("s3", "PutObject"): lambda: storage.write("imports", "a", b"1", "text/plain"),
}


@pytest.fixture(params=CALLS, ids=lambda call: call[1])
def call(request: pytest.FixtureRequest, aws: None) -> tuple[str, str, Call]:
    """Each way in which the product calls AWS."""
    queues.url.cache_clear()
    service, operation = request.param
    return service, operation, CALLS[service, operation]


def test_throttling_is_a_pause(call: tuple[str, str, Call]) -> None:
    service, operation, made = call
    for code in ("ThrottlingException", "SlowDown", "RequestThrottled", "LimitExceededException"):
        with refusing(service, operation, code), pytest.raises(ProviderThrottled) as refused:
            made()
        assert refused.value.retry_after_s == 1


def test_a_failing_server_is_unavailable(call: tuple[str, str, Call]) -> None:
    service, operation, made = call
    for code, status in (("InternalServerError", 500), ("ServiceUnavailable", 503), ("", 502)):
        with refusing(service, operation, code, status), pytest.raises(ProviderUnavailable) as refused:
            made()
        assert refused.value.retry_after_s == 2


def test_too_many_requests_under_any_name_is_a_pause(call: tuple[str, str, Call]) -> None:
    service, operation, made = call
    with refusing(service, operation, "SomethingNew", 429), pytest.raises(ProviderThrottled):
        made()


def test_other_refusals_are_no_pause(call: tuple[str, str, Call]) -> None:
    """A right that is missing is no pause: it must not look like one, and its code must reach the log."""
    service, operation, made = call
    with logs.kept() as lines, refusing(service, operation, "AccessDeniedException", 403):
        try:
            made()
        except SvyazError:
            pytest.fail("it was taken for a pause")
        except Exception:  # noqa: BLE001  # botocore's and PynamoDB's have no base of their own
            log.failure("refused")
    assert lines.named("refused")[0]["code"] == "AccessDeniedException"


def test_an_unreachable_service_is_tried_again_and_then_unavailable(
    call: tuple[str, str, Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, _, made = call
    for error in NETWORK:
        with unreachable(service, error, monkeypatch) as attempts, pytest.raises(ProviderUnavailable):
            made()
        assert 1 <= len(attempts) <= 3


def test_an_answer_that_breaks_off_is_unavailable() -> None:
    with pytest.raises(ProviderUnavailable), aws.translated():
        raise IncompleteReadError(actual_bytes=1, expected_bytes=2)


def test_our_own_mistakes_are_not_the_networks() -> None:
    with pytest.raises(ParamValidationError), aws.translated():
        raise ParamValidationError(report="no")


def test_our_errors_pass_unchanged() -> None:
    with pytest.raises(ZeroDivisionError), aws.translated():
        raise ZeroDivisionError


def test_nothing_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is really refused; only the pauses between the attempts are left out."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", URL)
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
    monkeypatch.setattr(aws, "_client", cache(aws._client.__wrapped__))
    with pytest.raises(ProviderUnavailable):
        find(Cursor, "cursor", "0")
    with pytest.raises(ProviderUnavailable):
        push("c", "a", {}, system="messengers")


def test_one_attempt_after_another_ends_before_a_function_does() -> None:
    """A service that hangs must become our 503, not the time-out of the function."""
    config: Any = aws.client("dynamodb").meta.config
    attempts, longest_pauses_s = 3, 1 + 2
    assert config.retries["total_max_attempts"] == attempts
    assert attempts * config.read_timeout + longest_pauses_s < 15
    assert attempts * (config.connect_timeout + config.read_timeout) < 15


def test_a_client_is_made_once() -> None:
    assert aws.client("sqs") is aws.client("sqs")


def test_a_client_is_made_anew_after_forgetting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "_client", cache(lambda *_: object()))
    first = aws.client("sqs")
    assert aws.client("sqs") is first
    aws.forget_clients()
    assert aws.client("sqs") is not first


def test_observers_see_clients_that_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(aws, "_observers", [])
    aws.observe_clients(lambda made: seen.append(made.meta.service_model.service_name))
    aws._client.__wrapped__("sqs", None)
    assert seen == ["sqs"]


@pytest.mark.parametrize(
    ("names", "region"),
    [
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-east-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "us-east-1"}, "us-east-1"),
        ({}, "eu-central-1"),
    ],
)
def test_region(monkeypatch: pytest.MonkeyPatch, names: dict[str, str], region: str) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert aws.region() == region


def test_a_clients_error_without_parts_passes() -> None:
    with pytest.raises(ClientError), aws.translated():
        raise ClientError({}, "Anything")
