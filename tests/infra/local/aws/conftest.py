"""A running embedded AWS, clients for it, and ways to talk to it below any client."""

import http.client
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from infra.local.aws.process import EmbeddedAws

Client = Callable[[str], Any]
BROWSER = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
SILENCE_S = 0.3
SESSION = boto3.Session()  # one, since each reads the descriptions of all services anew
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1}, max_pool_connections=60)


@dataclass(frozen=True)
class Reply:
    """What came back over a plain connection."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def refused(reply: Reply, reason: str = "") -> bool:
    """Whether the reply is our refusal, in plain text and unreadable for web pages."""
    is_ours = reply.body.startswith(b"Refused by the embedded AWS: ") and reason.encode() in reply.body
    is_closed = not any(name.startswith("access-control-") for name in reply.headers)
    return is_ours and is_closed and reply.headers["content-type"].startswith("text/plain")


class Wire:
    """Plain HTTP to one embedded AWS, signed by its key or not at all."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self.aws = aws
        self.host = urlsplit(aws.endpoint_url).netloc

    def signed(
        self, service: str, method: str = "POST", path: str = "/", body: bytes = b"", region: str = "", **headers: str
    ) -> dict[str, str]:
        """The headers that botocore would send, signature included."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = AWSRequest(method, f"{self.aws.endpoint_url}{path}", named, body)
        key = Credentials(self.aws.access_key_id, self.aws.secret_access_key)
        signer = S3SigV4Auth if service == "s3" else SigV4Auth
        signer(key, service, region or self.aws.region).add_auth(request)
        return dict(request.headers.items())

    def send(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Reply:
        """The reply to a well-formed request."""
        connection = http.client.HTTPConnection(self.host, timeout=10)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            response = connection.getresponse()
            return Reply(response.status, {n.lower(): v for n, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def raw(self, request: bytes, silence_s: float = SILENCE_S) -> bytes:
        """What the server says to these very bytes before it closes, falls silent or has refused."""
        host, _, port = self.host.partition(":")
        said = b""
        with socket.create_connection((host, int(port)), timeout=silence_s) as connection:
            connection.sendall(request)
            with suppress(TimeoutError):
                while not said.endswith(b".\n") and (piece := connection.recv(65536)):
                    said += piece
        return said


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAws]:
    """An embedded AWS for all tests of what it answers; each file brings names of its own."""
    with EmbeddedAws.start(tmp_path_factory.mktemp("aws")) as running:
        yield running


@pytest.fixture(scope="session")
def aws(embedded: EmbeddedAws) -> EmbeddedAws:
    """That embedded AWS, under the name that the AWS of the other tests has."""
    return embedded


@pytest.fixture(scope="session")
def wire(aws: EmbeddedAws) -> Wire:
    """Plain HTTP to the embedded AWS."""
    return Wire(aws)


@pytest.fixture(scope="session")
def client(aws: EmbeddedAws) -> Iterator[Client]:
    """Clients of the embedded AWS, by service."""
    with Clients(aws) as clients:
        yield clients


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """A state folder that no server uses yet."""
    return tmp_path / "state"


class Clients:
    """Clients by service, all closed at the end."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self._aws = aws
        self._made: dict[str, Any] = {}

    def __call__(self, service: str) -> Any:
        if service not in self._made:
            make = cast("Any", SESSION).client
            self._made[service] = make(
                service,
                endpoint_url=self._aws.endpoint_url,
                region_name=self._aws.region,
                aws_access_key_id=self._aws.access_key_id,
                aws_secret_access_key=self._aws.secret_access_key,
                config=ONE_ATTEMPT,
            )
        return self._made[service]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for made in self._made.values():
            made.close()
