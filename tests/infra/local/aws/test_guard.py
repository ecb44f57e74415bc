"""Attacks on the embedded AWS: by web pages, by other programs without the key, and by crafted requests."""

import json
import re
import socket
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from infra.local.aws.process import EmbeddedAws
from tests.infra.local.aws.conftest import BROWSER, Client, Wire, refused

BUCKET, KEY = "guarded", "dir/recording.ogg"
TABLES = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}
LIST_TABLES = {name.replace("-", "_"): value for name, value in TABLES.items()}
H2C = (
    b"GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: h2c\r\n"
    b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
)
WEBSOCKET = (
    b"GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


@pytest.fixture(scope="module", autouse=True)
def recording(client: Client) -> None:
    """A bucket with one object."""
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"sound", ContentType="audio/ogg")


def open_sockets(pid: int) -> set[str]:
    """Local addresses of a process's sockets that are not connected, of any protocol."""
    if not Path("/proc/net").exists():
        command = ["lsof", "-nP", "-a", "-p", str(pid), "-i"]
        listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        return {line.split()[8] for line in listed.stdout.splitlines()[1:] if "->" not in line}
    opened = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    own = {name[8:-1] for name in opened if name.startswith("socket:")}
    tables = [Path(f"/proc/{pid}/net/{name}") for name in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6")]
    rows = [row.split() for table in tables if table.exists() for row in table.read_text().splitlines()[1:]]
    local = [row[1] for row in rows if row[9] in own and row[2].strip("0") == ":"]
    return {f"{socket.inet_ntoa(bytes.fromhex(at[:8])[::-1])}:{int(at[9:], 16)}" for at in local}


def test_listens_on_one_loopback_socket_only(aws: EmbeddedAws) -> None:
    """No IoT, SFTP or mail port, nothing on other interfaces."""
    assert open_sockets(aws.pid) == {urlsplit(aws.endpoint_url).netloc}


def test_the_signed_request_used_below_is_accepted(wire: Wire) -> None:
    """Otherwise the refusals below would prove nothing."""
    reply = wire.send("POST", "/", wire.signed("dynamodb", body=b"{}", **LIST_TABLES), b"{}")
    assert (reply.status, json.loads(reply.body)) == (200, {"TableNames": []})


@pytest.mark.parametrize(
    "headers",
    [
        *({}, TABLES, {**TABLES, "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/dynamodb/x"}),
        {"X-Amz-Target": "AWSLambda.CreateFunction"},
        {"Content-Type": "text/plain", **BROWSER},
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/2015-03-31/functions", "/_ministack/health", "/_ministack/reset", "/_localstack/health", "/health"),
        *("/?Action=CreateUser&Version=2010-05-08", "/?X-Amz-Signature=1", f"/{BUCKET}/{KEY}", "/latest/meta-data/"),
        *("/_aws/execute-api/x/y/z", "/v2/email/identities", "/restapis", "/_local/mail", "/iceberg/v1/config", "/v2/"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_unsigned_requests_are_refused(wire: Wire, method: str, path: str, headers: Mapping[str, str]) -> None:
    """Whatever ministack would make of them."""
    assert refused(wire.send(method, path, headers, b"{}" if method == "POST" else b""))


@pytest.mark.parametrize("marks", [{name: value} for name, value in BROWSER.items()] + [{"Referer": "http://e/"}])
def test_browsers_are_refused_even_when_signed(wire: Wire, marks: Mapping[str, str]) -> None:
    """A page has no use for signed calls, so one that makes them is suspicious."""
    headers = wire.signed("dynamodb", body=b"{}", **LIST_TABLES)
    assert refused(wire.send("POST", "/", {**headers, **marks}, b"{}"), "browsers reach")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.", "[::1]", "", "a@127.0.0.1"])
def test_foreign_host_names_are_refused(wire: Wire, host: str) -> None:
    """DNS rebinding: the page's own name points here."""
    headers = wire.signed("dynamodb", body=b"{}", **LIST_TABLES)
    assert refused(wire.send("POST", "/", {**headers, "Host": host}, b"{}"), "names another server")
    assert refused(wire.send("GET", "/_local/mail", {"x-svyaz-local-key": wire.aws.secret_access_key, "Host": host}))


@pytest.mark.parametrize(
    "service", ["lambda", "iam", "apigateway", "sts", "logs", "sns", "cloudformation", "execute-api"]
)
def test_other_services_are_refused(wire: Wire, service: str) -> None:
    """They could run code, or would only pretend to work."""
    headers = wire.signed(service, body=b"{}", **LIST_TABLES)
    assert refused(wire.send("POST", "/", headers, b"{}"), f"the service {service} is not imitated")


@pytest.mark.parametrize(
    ("service", "method", "path", "headers"),
    [
        ("dynamodb", "POST", "/", {"X_Amz_Target": "AWSLambda.Invoke"}),
        ("dynamodb", "POST", "/", {"X_Amz_Target": "DynamoDBStreams_20120810.ListStreams"}),
        ("dynamodb", "POST", "/2015-03-31/functions", LIST_TABLES),
        ("dynamodb", "POST", "/?Action=CreateUser", LIST_TABLES),
        ("dynamodb", "GET", "/", LIST_TABLES),
        ("sqs", "POST", "/", LIST_TABLES),
        ("ses", "POST", "/", LIST_TABLES),
        ("ses", "GET", "/2015-03-31/functions", {}),
        ("ses", "POST", "/?Action=SendEmail", {}),
        ("s3", "POST", "/", LIST_TABLES),
        ("s3", "PATCH", "/guarded/x", {}),
        ("s3", "GET", "/_ministack/health", {}),
        ("s3", "POST", "/_ministack/reset", {}),
        ("s3", "PUT", "/_aws/execute-api/x/y/z", {}),
    ],
)
def test_a_signature_for_one_service_opens_no_other(
    wire: Wire, service: str, method: str, path: str, headers: dict[str, str]
) -> None:
    """ministack's router would follow the target header, the path or the query."""
    body = b"{}" if method == "POST" else b""
    assert refused(wire.send(method, path, wire.signed(service, method, path, body, **headers), body))


@pytest.mark.parametrize("path", ["/2015-03-31/functions", "/iceberg/v1/config", "/v2/apis", "/restapis", "/health"])
def test_s3_paths_of_other_services_are_only_objects(wire: Wire, path: str) -> None:
    """What is signed for S3 reaches S3."""
    reply = wire.send("GET", path, wire.signed("s3", "GET", path))
    assert (reply.status, b"NoSuchBucket" in reply.body or b"InvalidBucketName" in reply.body) == (404, True)


@pytest.mark.parametrize("minutes", [-16, -14, 14, 16])
def test_old_and_future_signatures_are_refused(wire: Wire, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Fifteen minutes either way."""
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: moment)
    headers = wire.signed("dynamodb", body=b"{}", **LIST_TABLES)
    assert refused(wire.send("POST", "/", headers, b"{}")) == (abs(minutes) > 15)


def test_changed_bodies_are_refused(wire: Wire) -> None:
    """The signature covers the body."""
    assert refused(wire.send("POST", "/", wire.signed("dynamodb", body=b"{}", **LIST_TABLES), b"{ }"), "does not match")


def test_another_region_is_refused(wire: Wire) -> None:
    """A client that forgot its region would find empty tables in AWS."""
    headers = wire.signed("dynamodb", body=b"{}", region="us-east-1", **LIST_TABLES)
    assert refused(wire.send("POST", "/", headers, b"{}"), "only eu-central-1")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET http://{host}/_local/mail HTTP/1.1\r\nHost: {host}\r\nx-svyaz-local-key: {key}\r\n\r\n",
        b"GET //_local/mail HTTP/1.1\r\nHost: {host}\r\nx-svyaz-local-key: {key}\r\n\r\n",
        b"GET /x/../_local/mail HTTP/1.1\r\nHost: {host}\r\nx-svyaz-local-key: {key}\r\n\r\n",
        b"GET /_local/mail HTTP/1.1\r\nHost: {host}\r\nx-svyaz-local-key: {key}\r\nx-svyaz-local-key: {key}\r\n\r\n",
        b"GET /_local/mail HTTP/1.1\r\nHost : {host}\r\nx-svyaz-local-key: {key}\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        H2C,
        WEBSOCKET,
        b"\x16\x03\x01\x02\x00\x01",
    ],
)
def test_crafted_requests_get_nothing(wire: Wire, request_: bytes) -> None:
    """Smuggling by headers, forms of address and protocols; the server lives on."""
    filled = request_.replace(b"{host}", wire.host.encode()).replace(b"{key}", wire.aws.secret_access_key.encode())
    said = wire.raw(filled)
    assert not re.match(rb"HTTP/1.1 2", said)
    assert b"[]" not in said
    assert wire.send("GET", "/_local/mail", {"x-svyaz-local-key": wire.aws.secret_access_key}).status == 200


@pytest.mark.parametrize("path", [f"/{BUCKET}/%2e%2e/%2e%2e/credentials.json", f"/{BUCKET}/..%2f..%2fcredentials.json"])
def test_objects_stay_in_their_folder(wire: Wire, path: str) -> None:
    """Not even the key's owner reads files through S3."""
    assert refused(wire.send("GET", path, wire.signed("s3", "GET", path)), "ambiguous")


def test_large_bodies_are_refused_before_they_are_read(wire: Wire) -> None:
    """64 MiB is the limit."""
    headers = wire.signed("s3", "PUT", "/guarded/x", b"")
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name != "Content-Length")
    head = f"PUT /guarded/x HTTP/1.1\r\nHost: {wire.host}\r\n{lines}Content-Length: 67108865\r\n\r\n"
    assert wire.raw(head.encode(), silence_s=3).startswith(b"HTTP/1.1 413 ")


def test_the_sender_of_a_large_unsigned_body_gets_its_answer(wire: Wire) -> None:
    """The body is dropped piece by piece; Hypercorn alone would hang with a full queue."""
    body = b"x" * 8_000_000
    assert refused(wire.send("POST", "/", {}, body), "not signed")


def test_a_caller_who_leaves_takes_no_message(wire: Wire, client: Client) -> None:
    """A waiting ReceiveMessage of a killed consumer must not hide the next message."""
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="left")["QueueUrl"]
    body = json.dumps({"QueueUrl": url, "WaitTimeSeconds": 20}).encode()
    headers = wire.signed(
        "sqs", body=body, X_Amz_Target="AmazonSQS.ReceiveMessage", Content_Type="application/x-amz-json-1.0"
    )
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    host, _, port = wire.host.partition(":")
    with socket.create_connection((host, int(port))) as connection:
        head = f"POST / HTTP/1.1\r\nHost: {wire.host}\r\nContent-Length: {len(body)}\r\n{lines}\r\n"
        connection.sendall(head.encode() + body)
        connection.settimeout(0.5)
        with pytest.raises(TimeoutError):
            connection.recv(1)
    sqs.send_message(QueueUrl=url, MessageBody="for the next one")
    received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, AttributeNames=["ApproximateReceiveCount"])
    assert received["Messages"][0]["Attributes"]["ApproximateReceiveCount"] == "1"


def test_mail_is_listed_to_the_key_owner_only(wire: Wire) -> None:
    """The same secret, and no browser."""
    key = {"x-svyaz-local-key": wire.aws.secret_access_key}
    listed = wire.send("GET", "/_local/mail", key)
    assert listed.status == 200
    assert isinstance(json.loads(listed.body), list)
    assert refused(wire.send("GET", "/_local/mail"))
    assert refused(wire.send("GET", "/_local/mail", {"x-svyaz-local-key": "ключ".encode().decode("latin-1")}))
    assert refused(wire.send("GET", "/_local/mail", {**key, "Origin": f"http://{wire.host}"}))
    assert refused(wire.send("POST", "/_local/mail", key))


def test_sdk_callers_are_told_why(client: Client, aws: EmbeddedAws) -> None:
    """The refusal's text arrives in botocore's error."""
    with pytest.raises(ClientError, match="the service lambda is not imitated"):
        client("lambda").list_functions()


def test_secrets_are_private_files(aws: EmbeddedAws) -> None:
    """Nobody else on the machine may read the key or the state."""
    for path in aws.log_path.parent.rglob("*"):
        assert path == aws.log_path or path.stat().st_mode & 0o077 == 0, path
