"""Calls to AWS as a test sees them, and answers that it puts in the way of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from shared import aws
from shared.settings import settings

SOCKETS = "apigatewaymanagementapi"


@contextmanager
def watched(service: Any) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """The operations of a service that are called inside, each with its parameters."""
    made: list[tuple[str, dict[str, Any]]] = []

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        made.append((model.name, dict(params)))

    with _registered(service, f"provide-client-params.{service}", note):
        yield made


@contextmanager
def refusing(
    service: Any, operation: str, code: str, status: int = 400, times: int = 1000, **more: Any
) -> Iterator[None]:
    """Inside, AWS answers an operation with this error and does nothing; after `times` it works again."""
    left = iter(range(times))

    def refuse(**_: Any) -> Any:
        if next(left, None) is None:
            return None
        parsed = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
        return _http(status), parsed

    with _registered(service, f"before-call.{service}.{operation}", refuse):
        yield


@contextmanager
def answering(service: Any, operation: str, *answers: dict[str, Any]) -> Iterator[None]:
    """Inside, the first calls of an operation get these answers without being made."""
    left = iter(answers)

    def answer(**_: Any) -> Any:
        given = next(left, None)
        return None if given is None else (_http(200), given)

    with _registered(service, f"before-call.{service}.{operation}", answer):
        yield


@contextmanager
def unreachable(service: Any, error: Exception, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Exception]]:
    """Inside, every attempt to reach a service ends in an error of the network; gives the attempts, without pauses."""
    attempts: list[Exception] = []

    def fail(**_: Any) -> None:
        attempts.append(error)
        raise error

    with monkeypatch.context() as patched, _registered(service, f"before-send.{service}", fail):
        patched.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
        yield attempts


def _http(status: int) -> AWSResponse:
    return AWSResponse("http://aws.test", status, HTTPHeaders(), None)


@contextmanager
def _registered(service: Any, event: str, handler: Callable[..., Any]) -> Iterator[None]:
    endpoint = settings().connections_url if service == SOCKETS else None
    events = aws._client(service, endpoint).meta.events
    events.register_first(event, handler)
    try:
        yield
    finally:
        events.unregister(event, handler)
