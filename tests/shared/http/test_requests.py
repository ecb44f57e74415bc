"""What a caller sent: it is what was declared, or it never reaches a view."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.http.app import ProblemChalice
from tests.shared.http.sample_api import SECRET, get, is_problem, post
from tests.support.hostile import texts
from tests.support.http_events import ask


@pytest.mark.parametrize("code", ["", "Anna", "a" * 17, "../x", "анна", "a\n", "a%20b", "\ud800", "a\0"])
def test_a_malformed_path_names_nothing(app: ProblemChalice, code: str) -> None:
    assert is_problem(get(app, code), 404, "not-found")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ([("limit", "0")], "limit"),
        ([("limit", "101")], "limit"),
        ([("limit", "many")], "limit"),
        ([("limit", "1e1")], "limit"),
        ([("limit", "9" * 5000)], "limit"),
        ([("limit", "")], "limit"),
        ([("word", "слишком")], "word"),
        ([("word", "\ud800")], "word"),
        ([("surplus", "1")], "surplus"),
        ([("limit", "5"), ("limit", "5")], "limit"),
        ([("surplus", "1"), ("surplus", "2")], "surplus"),
    ],
)
def test_a_wrong_query_is_refused_by_its_field(app: ProblemChalice, query: list[tuple[str, str]], field: str) -> None:
    answer = get(app, query=query)
    assert is_problem(answer, 422, "invalid-field")
    assert field in [error["field"] for error in answer.json["errors"]]


@given(name=texts(20, 1), value=texts(20), more=st.lists(texts(5), max_size=2))
def test_any_query_is_answered(app: ProblemChalice, name: str, value: str, more: list[str]) -> None:
    answer = get(app, query=[(name, value), *((name, each) for each in more)])
    answer.text.encode("utf-8")
    assert answer.status in {200, 422}
    if more or name not in {"limit", "word"}:
        assert is_problem(answer, 422, "invalid-field")


@pytest.mark.parametrize(
    "body", ["", " ", "name", "{", '{"name":"a"}{}', "{'name':'a'}", '{"name":NaN}', '{"share":-Infinity}']
)
def test_what_is_not_json_is_refused(app: ProblemChalice, body: str) -> None:
    assert is_problem(post(app, body), 400, "invalid-payload")


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        '{"name":"ё"}'.encode("cp1251"),
        '{"name":"a"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"name":"a"}',
        b'{"name":"\xed\xa0\x80"}',
    ],
)
def test_what_is_not_utf_8_is_refused(app: ProblemChalice, body: bytes) -> None:
    assert is_problem(post(app, body), 400, "invalid-payload")


@pytest.mark.parametrize("body", ["[" * 60_000, '{"name":' * 8000, '{"name":"a","more":' + '{"a":' * 12_000])
def test_nesting_beyond_reason_is_refused(app: ProblemChalice, body: str) -> None:
    assert is_problem(post(app, body), 400, "invalid-payload")


def test_deep_but_whole_nesting_breaks_nothing(app: ProblemChalice) -> None:
    for depth in (50, 400, 900):
        body = '{"name":"a","more":' + '{"a":' * depth + "1" + "}" * (depth + 1)
        assert post(app, body).status in {201, 400, 422}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("null", "body"),
        ("[]", "body"),
        ('"name"', "body"),
        ("{}", "name"),
        ('{"name":null}', "name"),
        ('{"name":["a"]}', "name"),
        ('{"name":"aaaaaaaaaaa"}', "name"),
        ('{"name":"a","number":-1}', "number"),
        ('{"name":"a","number":1.5}', "number"),
        ('{"name":"a","number":1e400}', "number"),
        ('{"name":"a","number":' + "9" * 4000 + "}", "number"),
        ('{"name":"a","share":' + "9" * 4000 + "}", "share"),
        ('{"name":"a","surplus":1}', "surplus"),
        ('{"name":"\\ud800"}', "name"),
        ('{"name":"a","\\ud800":1}', "body"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(app: ProblemChalice, body: str, field: str) -> None:
    answer = post(app, body)
    answer.text.encode("utf-8")
    assert is_problem(answer, 422, "invalid-field")
    assert field in [error["field"] for error in answer.json["errors"]]


def test_a_number_beyond_all_digits_is_no_json(app: ProblemChalice) -> None:
    assert is_problem(post(app, '{"name":"a","number":' + "9" * 5000 + "}"), 400, "invalid-payload")


def test_errors_are_told_in_a_bounded_number(app: ProblemChalice) -> None:
    answer = post(app, json.dumps({f"surplus{number}": 1 for number in range(100)}))
    assert len(answer.json["errors"]) == 20


def test_values_are_not_told_back(app: ProblemChalice) -> None:
    """PLAT-22: a refusal may be logged on the way."""
    assert SECRET not in post(app, json.dumps({"name": [SECRET], "number": SECRET})).text


@pytest.mark.parametrize(("size", "status"), [(70_000, 422), (70_001, 413)])
def test_a_body_over_the_limit_is_refused(app: ProblemChalice, size: int, status: int) -> None:
    body = '{"name":"' + "a" * (size - 11) + '"}'
    assert len(body) == size
    assert post(app, body).status == status
    assert post(app, body.encode()).status == status


def test_a_body_is_measured_in_bytes(app: ProblemChalice) -> None:
    answer = post(app, '{"name":"' + "ё" * 35_000 + '"}')
    assert is_problem(answer, 413, "payload-too-large")
    assert "70000" in answer.json["detail"]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ("APPLICATION/JSON", 201),
        (None, 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/jsonp", 415),
        ("text/plain; application/json", 415),
    ],
)
def test_content_types(app: ProblemChalice, content_type: str | None, status: int) -> None:
    """A form of another site cannot send `application/json` without being asked first."""
    assert post(app, '{"name":"a"}', content_type).status == status


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(body=texts(60) | st.binary(max_size=60))
def test_any_body_is_answered(app: ProblemChalice, body: str | bytes) -> None:
    answer = post(app, body)
    answer.text.encode("utf-8")
    assert answer.status in {400, 422}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts(12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(6), inner, max_size=3),
    max_leaves=8,
)


@given(name=JSON, number=JSON, more=JSON)
def test_any_json_is_answered(app: ProblemChalice, name: Any, number: Any, more: Any) -> None:
    answer = post(app, json.dumps({"name": name, "number": number, "more": more}))
    answer.text.encode("utf-8")
    assert answer.status in {201, 400, 422}


def test_a_route_without_a_body_takes_the_bytes_as_they_are(app: ProblemChalice) -> None:
    for body, seen in ((b"\xff\x00", [255, 0]), ("ё", [209, 145]), (None, []), ("", [])):
        answer = ask(app, "POST", "/v1/test/raw", body, headers={"content-type": "anything/at-all"})
        assert (answer.status, answer.json["bytes"]) == (202, seen)
    assert is_problem(ask(app, "POST", "/v1/test/raw", b"x" * 101), 413, "payload-too-large")


def test_lone_surrogates_in_a_body_are_refused(app: ProblemChalice) -> None:
    assert ask(app, "POST", "/v1/test/raw", "\ud800").status == 400
    assert post(app, '{"name":"\ud800"}').status == 400


@pytest.mark.parametrize(
    ("key", "status"), [("a-b_c.d:1", 202), ("k" * 128, 202), ("k" * 129, 422), ("", 422), ("ключ", 422)]
)
def test_idempotency_keys_are_short_plain_texts(app: ProblemChalice, key: str, status: int) -> None:
    answer = ask(app, "POST", "/v1/test/raw", headers={"IDEMPOTENCY-key": key})
    assert answer.status == status
    if status == 202:
        assert answer.json["key"] == key
    assert ask(app, "POST", "/v1/test/raw").json["key"] is None


def test_the_caller_is_answered_in_his_language(app: ProblemChalice) -> None:
    """PLAT-42."""
    headers = {"Accept-Language": "ru-RU,ru;q=0.9"}
    assert ask(app, "POST", "/v1/test/raw", headers=headers).json["language"] == "ru"
    russian, english = get(app, "???", headers=headers).json, get(app, "???").json
    assert english["detail"] == "There is nothing at this address."
    assert russian["detail"] != english["detail"]
    assert russian["type"] == english["type"]


@given(header=texts(60))
def test_any_language_header_is_answered(app: ProblemChalice, header: str) -> None:
    assert get(app, headers={"Accept-Language": header}).status == 200
