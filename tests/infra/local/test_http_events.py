"""Proxy events and answers have API Gateway's shape."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from infra.local.definitions import Function, Route
from infra.local.http_events import HttpAnswer, HttpRequest, MalformedAnswer, proxy_event, read_answer
from infra.local.routing import Match, Router

BINARY = ("application/octet-stream", "image/*")
ROUTE = Route(method="POST", path="/shops/{shop}", function=Function(name="f", handler="m.f", timeout_s=1))
REQUEST = HttpRequest(
    method="POST",
    raw_path="/shops/caf%C3%A9",
    raw_query="tag=a&tag=b%20c&empty=",
    headers=(("Host", "127.0.0.1:8000"), ("User-Agent", "t/1"), ("X-One", "1"), ("X-Two", "1"), ("X-Two", "2")),
    body="привет".encode(),
    source_ip="127.0.0.1",
    request_id="rid",
)


def match() -> Match:
    """The sample request's route."""
    found = Router([ROUTE]).match(REQUEST.raw_path)
    assert found is not None
    return found


def test_the_event_has_the_documented_shape() -> None:
    event = proxy_event(REQUEST, match(), BINARY)
    context = event.pop("requestContext")
    trace = event["headers"].pop("X-Amzn-Trace-Id")
    assert trace.startswith("Root=1-")
    assert event["multiValueHeaders"].pop("X-Amzn-Trace-Id") == [trace]
    assert event == {
        "resource": "/shops/{shop}",
        "path": "/shops/caf%C3%A9",
        "httpMethod": "POST",
        "headers": {
            "Host": "127.0.0.1:8000",
            "User-Agent": "t/1",
            "X-One": "1",
            "X-Two": "2",
            "X-Forwarded-For": "127.0.0.1",
            "X-Forwarded-Port": "8000",
            "X-Forwarded-Proto": "http",
        },
        "multiValueHeaders": {
            "Host": ["127.0.0.1:8000"],
            "User-Agent": ["t/1"],
            "X-One": ["1"],
            "X-Two": ["1", "2"],
            "X-Forwarded-For": ["127.0.0.1"],
            "X-Forwarded-Port": ["8000"],
            "X-Forwarded-Proto": ["http"],
        },
        "queryStringParameters": {"tag": "b c", "empty": ""},
        "multiValueQueryStringParameters": {"tag": ["a", "b c"], "empty": [""]},
        "pathParameters": {"shop": "café"},
        "stageVariables": None,
        "body": "привет",
        "isBase64Encoded": False,
    }
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert context["identity"]["userAgent"] == "t/1"
    assert {name: context[name] for name in ("resourcePath", "httpMethod", "path", "requestId", "stage")} == {
        "resourcePath": "/shops/{shop}",
        "httpMethod": "POST",
        "path": "/shops/caf%C3%A9",
        "requestId": "rid",
        "stage": "api",
    }
    assert isinstance(context["requestTimeEpoch"], int)


def test_what_is_absent_is_null() -> None:
    event = proxy_event(replace(REQUEST, raw_query="", body=b""), Match("/", {}, {}), BINARY)
    absent = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "body")
    assert [event[name] for name in absent] == [None] * 4


@pytest.mark.parametrize("media_type", ["image/png", "IMAGE/JPEG", "application/octet-stream; x=1"])
def test_binary_bodies_travel_as_base64(media_type: str) -> None:
    event = proxy_event(replace(REQUEST, headers=(("Content-Type", media_type),), body=b"\xff\x00"), match(), BINARY)
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == b"\xff\x00"


def test_a_body_that_is_no_text_is_made_one() -> None:
    event = proxy_event(replace(REQUEST, body=b"a\xff"), match(), BINARY)
    assert (event["body"], event["isBase64Encoded"]) == ("a\ufffd", False)


def test_a_caller_cannot_hide_where_it_comes_from() -> None:
    headers = (("x-forwarded-for", "203.0.113.9"), ("X-FORWARDED-PROTO", "https"))
    event = proxy_event(replace(REQUEST, headers=headers), match(), BINARY)
    assert event["headers"]["X-Forwarded-For"] == "203.0.113.9, 127.0.0.1"
    assert event["multiValueHeaders"]["X-Forwarded-Proto"] == ["http"]
    assert not {"x-forwarded-for", "X-FORWARDED-PROTO"} & event["headers"].keys()


def test_an_answer_may_have_several_headers_of_a_name() -> None:
    found = read_answer(
        REQUEST,
        {
            "statusCode": "201",
            "headers": {"Set-Cookie": "lost", "X-N": 5, "X-B": True},
            "multiValueHeaders": {"Set-Cookie": ["a", "b"]},
            "body": "é",
        },
        BINARY,
    )
    headers = (
        ("X-N", "5"),
        ("X-B", "true"),
        ("Set-Cookie", "a"),
        ("Set-Cookie", "b"),
        ("Content-Type", "application/json"),
    )
    assert found == HttpAnswer(201, headers, "é".encode())


@pytest.mark.parametrize(
    ("accept", "body"), [("image/png, */*", b"\x00\x01"), ("*/*", b"AAE="), ("", b"AAE="), ("text/html", b"AAE=")]
)
def test_a_binary_answer_is_decoded_only_for_callers_that_accept_it(accept: str, body: bytes) -> None:
    request = replace(REQUEST, headers=(("Accept", accept),))
    assert read_answer(request, {"statusCode": 200, "body": "AAE=", "isBase64Encoded": True}, BINARY).body == body


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        {},
        {"statusCode": 99, "body": ""},
        {"statusCode": True, "body": ""},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "body": "", "headers": ["a"]},
        {"statusCode": 200, "body": "", "headers": {"X-A": "1\r\nX-B: 2"}},
        {"statusCode": 200, "body": "", "headers": {"X\nA": "1"}},
        {"statusCode": 200, "body": "%", "isBase64Encoded": True},
    ],
)
def test_malformed_answers_are_refused(answer: Any) -> None:
    request = replace(REQUEST, headers=(("Accept", "image/png"),))
    with pytest.raises(MalformedAnswer):
        read_answer(request, answer, BINARY)
