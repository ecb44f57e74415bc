"""HTTP through the gateway into worker processes and back."""

from __future__ import annotations

import gzip
import socket
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from infra.gateway_responses import RESPONSES
from infra.local import functions, http_gateway
from infra.local.http_gateway import MAX_BODY_BYTES
from tests.infra.local.conftest import Local

EXPECTED_STATUS = {
    "raise": 502,
    "exit": 502,
    "die": 502,
    "nothing": 502,
    "malformed": 502,
    "unsayable": 502,
    "smuggle": 502,
    "huge": 502,
}


def check_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """A problem of that status."""
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["status"]) == (status, status)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert body.keys() == {"type", "title", "status", "detail", "correlation_id"}
    assert str(uuid.UUID(body["correlation_id"])) == body["correlation_id"]
    return body


def test_a_request_reaches_its_function_as_a_proxy_event(http: httpx.Client) -> None:
    """PLAT-2: the very handler, with an event of API Gateway's shape."""
    answer = http.get("/echo/caf%C3%A9/parts/a%2Fb?x=1&x=2", headers={"X-One": "1"}).json()
    event = answer["event"]
    assert event["resource"] == "/echo/{name}/parts/{part}"
    assert event["path"] == "/echo/caf%C3%A9/parts/a%2Fb"
    assert event["pathParameters"] == {"name": "café", "part": "a/b"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"]}
    assert event["headers"]["X-One"] == "1"
    assert answer["arn"] == "arn:aws:lambda:eu-central-1:000000000000:function:svyaz-local-sample_http"
    assert 4000 < answer["remaining_ms"] <= 5000


def test_literal_routes_win(http: httpx.Client) -> None:
    event = http.get("/echo/fixed/parts/one").json()["event"]
    assert (event["resource"], event["pathParameters"]) == ("/echo/fixed/parts/one", None)


def test_binary_bodies_and_answers(http: httpx.Client) -> None:
    event = http.post("/echo", content=b"\xff\x00", headers={"Content-Type": "image/png"}).json()["event"]
    assert (event["body"], event["isBase64Encoded"]) == ("/wA=", True)
    image = http.post("/do/image", headers={"Accept": "image/png"})
    assert (image.content, image.headers["Content-Type"]) == (b"\x00\x01\x02\xff", "image/png")


def test_several_headers_of_a_name(http: httpx.Client) -> None:
    answer = http.post("/do/cookies")
    assert (answer.status_code, answer.headers.get_list("Set-Cookie")) == (201, ["a=1", "b=2"])
    assert answer.headers["Content-Type"] == "application/json"


def test_an_unknown_address_is_404(http: httpx.Client) -> None:
    body = check_problem(http.get("/nothing/here"), 404)
    assert body["detail"] == RESPONSES["MISSING_AUTHENTICATION_TOKEN"].detail


@pytest.mark.parametrize("method", ["DELETE", "PUT", "OPTIONS"])
def test_another_method_is_405_with_what_is_allowed(http: httpx.Client, method: str) -> None:
    answer = http.request(method, "/do/echo")
    check_problem(answer, 405)
    assert answer.headers["Allow"] == "POST"
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_allowed_names_the_preflight_too(http: httpx.Client) -> None:
    assert http.delete("/echo").headers["Allow"] == "GET, OPTIONS, POST"


def test_broken_bytes_of_headers_become_characters(local: Local) -> None:
    port = local.runtime.port
    with socket.create_connection(("127.0.0.1", port), 5) as raw:
        raw.sendall(
            f"GET /echo HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nX-A: ".encode() + b"\xff\r\n\r\n"
        )
        heard = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert heard.startswith(b"HTTP/1.1 200")
    assert b'"X-A": "\\ufffd"' in heard


def test_an_authorizer_tells_the_function_of_the_caller(http: httpx.Client) -> None:
    event = http.get("/guarded/abc", headers={"Authorization": "Allow"}).json()["event"]
    told = event["requestContext"]["authorizer"]
    assert told == {"role": "owner", "principalId": "anna", "integrationLatency": 0}


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [
        ("/guarded/abc", "", 401),
        ("/guarded/abc", "unknown", 401),
        ("/guarded/abc", "Deny", 403),
        ("/guarded/other", "Allow", 403),
        ("/guarded/abc", "crash", 500),
        ("/guarded/abc", "babble", 500),
    ],
)
def test_an_authorizer_keeps_others_out(http: httpx.Client, path: str, token: str, status: int) -> None:
    check_problem(http.get(path, headers={"Authorization": token} if token else {}), status)


def test_a_refused_caller_is_told_what_is_wanted(http: httpx.Client) -> None:
    assert http.get("/guarded/abc").headers["WWW-Authenticate"] == "Bearer"


def test_head_is_405(http: httpx.Client) -> None:
    assert http.head("/echo").status_code == 405


def test_the_preflight_is_answered_as_chalices_mock_does(http: httpx.Client) -> None:
    answer = http.options("/echo", headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 200
    named = {name: value for name, value in answer.headers.items() if name.startswith("access-control")}
    assert named == {
        "access-control-allow-methods": "POST,OPTIONS",
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "Content-Type",
        "access-control-max-age": "600",
    }


@pytest.mark.parametrize(("what", "status"), EXPECTED_STATUS.items())
def test_a_function_that_fails_is_502_without_its_words(http: httpx.Client, what: str, status: int) -> None:
    answer = http.post(f"/do/{what}")
    check_problem(answer, status)
    assert "secret" not in answer.text
    assert "X-B" not in answer.headers


def test_a_function_that_hangs_is_504_in_time_and_replaced(http: httpx.Client) -> None:
    started = time.monotonic()
    check_problem(http.post("/hang"), 504)
    assert 0.2 < time.monotonic() - started < 3
    assert http.get("/echo").status_code == 200


def test_a_function_may_not_outlast_the_gateway(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert http_gateway.TIMEOUT_S == 29
    monkeypatch.setattr(http_gateway, "TIMEOUT_S", 0.3)
    started = time.monotonic()
    check_problem(http.post("/do/hang"), 504)
    assert time.monotonic() - started < 3


def test_all_workers_may_hang_and_still_the_product_serves(http: httpx.Client) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: http.post("/hang").status_code, range(6)))
    assert answers == [504] * 6
    assert http.get("/echo").status_code == 200


def test_at_least_four_processes_serve_at_the_same_time(http: httpx.Client) -> None:
    """Races are real: a slow handler runs in four processes at once."""
    started = time.monotonic()
    with ThreadPoolExecutor(functions.HTTP_WORKERS) as pool:
        answers = list(pool.map(lambda _: http.post("/do/sleep").json(), range(functions.HTTP_WORKERS)))
    assert functions.HTTP_WORKERS >= 4
    assert len({answer["pid"] for answer in answers}) == functions.HTTP_WORKERS
    assert time.monotonic() - started < 0.3 * functions.HTTP_WORKERS


def test_no_two_events_share_a_process_at_a_time(http: httpx.Client) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: http.get("/echo", params={"n": n}).json(), range(64)))
    asked = [int(answer["event"]["queryStringParameters"]["n"]) for answer in answers]
    assert asked == list(range(64))
    assert len({answer["request_id"] for answer in answers}) == 64


def test_a_body_over_the_limit_is_413(http: httpx.Client) -> None:
    check_problem(http.post("/echo", content=b"x" * (MAX_BODY_BYTES + 1)), 413)


def test_packed_bodies_are_unpacked(http: httpx.Client) -> None:
    packed = {"Content-Encoding": "gzip"}
    event = http.post("/echo", content=gzip.compress(b"hello"), headers=packed).json()["event"]
    assert event["body"] == "hello"
    assert "Content-Encoding" not in event["headers"]
    check_problem(http.post("/echo", content=b"no gzip", headers=packed), 400)
    check_problem(http.post("/echo", content=gzip.compress(bytes(MAX_BODY_BYTES + 1)), headers=packed), 413)


def test_a_body_that_does_not_come_is_not_waited_for(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_gateway, "TIMEOUT_S", 0.2)
    port = local.runtime.port
    with socket.create_connection(("127.0.0.1", port), 5) as raw:
        raw.sendall(f"POST /echo HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9\r\n\r\nhello".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 400")


def test_an_event_over_lambdas_limit_is_413(http: httpx.Client) -> None:
    check_problem(http.post("/echo", content=b"x" * (functions.MAX_EVENT_BYTES + 1)), 413)


def test_the_largest_event_passes(http: httpx.Client) -> None:
    answer = http.post("/do/nothing", content=b"x" * (functions.MAX_EVENT_BYTES - 10_000))
    assert answer.status_code == 502  # it got there: what it answers is no answer


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:{port}", 200), ("localhost:{port}", 200), ("evil.example:{port}", 403), ("127.0.0.1", 403), ("", 403)],
)
def test_unknown_hosts_are_refused(local: Local, host: str, status: int) -> None:
    """DNS rebinding: a page of another name that leads here gets nothing."""
    port = local.runtime.port
    for path in ("/echo", "/_local/state", "/_local/fakes/telegram/", "/ws"):
        answer = httpx.get(local.base_url + path, headers={"Host": host.format(port=port)})
        assert (answer.status_code == 403) == (status == 403), path


def test_a_request_that_names_two_hosts_is_refused(local: Local) -> None:
    port = local.runtime.port
    with socket.create_connection(("127.0.0.1", port), 5) as raw:
        raw.sendall(f"GET /echo HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n\r\n".encode())
        assert raw.recv(100).split()[1] in {b"400", b"403"}


def test_a_request_is_one_line_without_control_characters(local: Local, http: httpx.Client) -> None:
    http.get("/no%1b%5b31m%0awhere")
    line = local.until(lambda: next((one for one in local.terminal.lines if "where" in one), None))
    assert " GET /no%1b%5b31m%0awhere 404 " in line


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_every_gateway_response_is_a_problem(name: str) -> None:
    response = RESPONSES[name]
    assert '"correlation_id": "$context.requestId"' in response.template(499)
    assert response.status is not None or name.startswith("DEFAULT")
