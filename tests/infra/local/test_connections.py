"""The management plane of WebSockets answers functions, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from infra.local.connections import PATH
from infra.local.sockets import MAX_MESSAGE_BYTES
from tests.infra.local.conftest import Local
from tests.infra.local.test_sockets import Page


@pytest.fixture
def page(local: Local) -> Iterator[Page]:
    """An open connection."""
    opened = Page(local)
    yield opened
    opened.close()


def plane(local: Local, **more: Any) -> Any:
    """A client of the management plane."""
    return local.client("apigatewaymanagementapi", **{"endpoint_url": local.base_url + PATH, **more})


def code(error: ClientError) -> tuple[int, str]:
    """Status and name of an error."""
    return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]


def test_it_sends_looks_and_closes(local: Local, page: Page) -> None:
    client = plane(local)
    client.post_to_connection(ConnectionId=page.connection_id, Data='"привет"'.encode())
    assert page.hear() == "привет"
    found = client.get_connection(ConnectionId=page.connection_id)
    assert found["Identity"]["SourceIp"] == "127.0.0.1"
    assert found["ConnectedAt"] <= found["LastActiveAt"]
    client.delete_connection(ConnectionId=page.connection_id)
    assert page.end_code() == 1000


def test_a_connection_that_is_not_there_is_gone(local: Local) -> None:
    client = plane(local)
    for call in (client.get_connection, client.delete_connection):
        with pytest.raises(client.exceptions.GoneException) as gone:
            call(ConnectionId="unknown=")
        assert code(gone.value) == (410, "GoneException")
    with pytest.raises(client.exceptions.GoneException):
        client.post_to_connection(ConnectionId="unknown=", Data=b"x")


def test_a_message_over_the_limit_is_refused(local: Local, page: Page) -> None:
    client = plane(local)
    with pytest.raises(ClientError) as refused:
        client.post_to_connection(ConnectionId=page.connection_id, Data=b"x" * (MAX_MESSAGE_BYTES + 1))
    assert code(refused.value) == (413, "PayloadTooLargeException")


def test_another_key_is_refused(local: Local, page: Page) -> None:
    with pytest.raises(ClientError) as refused:
        plane(local, aws_secret_access_key="another").get_connection(ConnectionId=page.connection_id)
    assert code(refused.value) == (403, "ForbiddenException")


def test_unsigned_calls_are_refused(local: Local, page: Page, http: httpx.Client) -> None:
    answer = http.post(f"{PATH}/@connections/{page.connection_id}", content=b"x")
    assert answer.status_code == 403


def test_calls_signed_for_another_service_are_refused(local: Local) -> None:
    address = f"{local.base_url}{PATH}/@connections/x"
    s3 = local.client("s3", endpoint_url=local.base_url)
    signed = s3.generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"})
    answer = httpx.get(address + "?" + signed.partition("?")[2])
    assert answer.status_code == 403
