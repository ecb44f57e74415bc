"""Routes as API Gateway calls them: what reaches a view, and what the caller is told otherwise."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from chalice.app import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, StrictInt

from shared import errors, log
from shared.bus import Value
from shared.http.api import Api
from shared.http.app import ProblemChalice, http_app
from shared.http.operations import Rate
from shared.http.requests import Request, idempotency_key
from shared.secrets import secret
from shared.tables import find
from shared.timers import Cursor
from tests.support.aws_calls import refusing, unreachable
from tests.support.clock import Clock
from tests.support.hostile import texts
from tests.support.http_events import SOURCE_IP, Answer, ask
from tests.support.logs import Lines

THING = "/v1/test/things/{code}"
SECRET = "+79990000000"


class Path(Value):
    """Whose thing."""

    code: str = Field(pattern=r"^[a-z0-9]{1,16}$")


class Query(Value):
    """Which part."""

    limit: int = Field(default=10, ge=1, le=100)
    word: str = Field(default="", max_length=5)


class Body(Value):
    """What it is to be."""

    name: str = Field(max_length=10)
    number: int = Field(default=0, ge=0, le=10)
    share: float | None = None
    more: dict[str, Any] = Field(default_factory=dict)


class Thing(BaseModel):
    """What it is."""

    code: str
    seen: str
    missing: str | None = None


FAILURES: dict[str, Exception] = {
    "taken": errors.SlotTaken("This time is not free. Others are.", alternatives=[1]),
    "throttled": errors.ProviderThrottled("AWS asks for a pause", retry_after_s=7),
    "rule": errors.RuleViolation("x", rule="hours", next_allowed="2026-03-02T10:00:00Z"),
    "crash": ZeroDivisionError(f"no such phone {SECRET}"),
    "recursion": RecursionError(SECRET),
}


@pytest.fixture(scope="module")
def app() -> ProblemChalice:
    """An app of one system."""
    api = Api("test")

    @api.get(THING, "Reads", params=Path, query=Query, answer=Thing, cors=True)
    def read_thing(request: Request[Query, None], code: str) -> Thing:
        return Thing(code=code, seen=request.query.model_dump_json())

    @api.post(THING, "Makes", params=Path, body=Body, answer=Thing, status=201, max_bytes=70_000)
    def make_thing(request: Request[None, Body], code: str) -> Thing:
        return Thing(code=code, seen=request.body.name)

    @api.get("/v1/test/fails/{how}", "Fails")
    def fail(_request: Request[None, None], how: str) -> Thing:
        raise FAILURES[how]

    @api.get("/v1/test/limited", "Counts", answer=Thing, rate=Rate(2, 60))
    def count(request: Request[None, None]) -> Thing:
        return Thing(code="", seen=request.source_ip)

    @api.get("/v1/test/stored", "Asks the database")
    def read_stored(_request: Request[None, None]) -> Thing:
        return Thing(code="", seen=str(find(Cursor, "cursor", "0")))

    @api.post("/v1/test/raw", "Takes anything", max_bytes=100)
    def take_raw(request: Request[None, None]) -> Response:
        key = idempotency_key(request.headers)
        shown = {"bytes": list(request.raw_body), "key": key, "language": request.words.language}
        return Response(body=json.dumps(shown), status_code=202, headers={"Content-Type": "application/json"})

    @api.get("/v1/test/correlation", "Tells its id", answer=Thing)
    def tell(_request: Request[None, None]) -> Thing:
        log.info("inside")
        return Thing(code="", seen=log.correlation_id())

    return http_app(api)


def get(app: Any, code: str = "anna", **more: Any) -> Answer:
    """Asks for a thing."""
    return ask(app, "GET", THING, path={"code": code}, **more)


def post(app: Any, body: str | bytes | None, content_type: str | None = "application/json", **more: Any) -> Answer:
    """Sends a thing."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    return ask(app, "POST", THING, body, path={"code": "anna"}, headers={**headers, **more})


def is_problem(answer: Answer, status: int, kind: str) -> bool:
    """Whether an answer is the problem that was expected, whole."""
    told = answer.json
    assert (answer.status, told["status"], told["type"]) == (status, status, f"/docs#{kind}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-correlation-id"] == told["correlation_id"]
    assert told["correlation_id"].startswith("cor_")
    return bool(told["title"] and told["detail"])


# answers


def test_a_view_gets_checked_values_and_answers_with_a_model(app: ProblemChalice) -> None:
    answer = get(app, query=[("limit", "5"), ("word", "да")])
    assert answer.status == 200
    assert answer.json == {"code": "anna", "seen": '{"limit":5,"word":"да"}'}
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


def test_an_operation_says_its_status(app: ProblemChalice) -> None:
    assert post(app, '{"name":"ё"}').status == 201


def test_defaults_stand_where_nothing_was_asked(app: ProblemChalice) -> None:
    assert get(app).json["seen"] == '{"limit":10,"word":""}'


def test_each_answer_names_its_correlation(app: ProblemChalice, logged: Lines) -> None:
    """PLAT-40."""
    answer = ask(app, "GET", "/v1/test/correlation")
    name = answer.headers["x-correlation-id"]
    assert answer.json["seen"] == name
    assert {line["correlation_id"] for line in logged.named("inside") + logged.named("http")} == {name}
    assert logged.named("http")[0]["status"] == 200
    assert ask(app, "GET", "/v1/test/correlation").headers["x-correlation-id"] != name


def test_a_callers_own_correlation_is_not_taken_over(app: ProblemChalice) -> None:
    """It would let anybody write into our logs."""
    answer = ask(app, "GET", "/v1/test/correlation", headers={"X-Correlation-Id": "cor_forged"})
    assert answer.json["seen"] != "cor_forged"


def test_only_open_routes_let_other_origins_read(app: ProblemChalice) -> None:
    assert get(app).headers["access-control-allow-origin"] == "*"
    assert get(app, "???").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in post(app, '{"name":"a"}').headers


# path and query


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


# bodies


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


# headers


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


# failures


def test_an_expected_error_is_told_with_its_further_fields(app: ProblemChalice) -> None:
    answer = ask(app, "GET", "/v1/test/fails/{how}", path={"how": "taken"})
    assert is_problem(answer, 409, "slot-taken")
    assert answer.json["alternatives"] == [1]
    rule = ask(app, "GET", "/v1/test/fails/{how}", path={"how": "rule"}).json
    assert (rule["rule"], rule["next_allowed"]) == ("hours", "2026-03-02T10:00:00Z")


@pytest.mark.parametrize("how", ["crash", "recursion", "no such failure: KeyError"])
def test_an_unexpected_one_tells_nothing_and_is_logged(app: ProblemChalice, logged: Lines, how: str) -> None:
    answer = ask(app, "GET", "/v1/test/fails/{how}", path={"how": how})
    assert is_problem(answer, 500, "svyaz-error")
    assert SECRET not in answer.text
    assert "Error" not in answer.json["detail"]
    (line,) = logged.named("http.failed")
    assert line["correlation_id"] == answer.headers["x-correlation-id"]
    assert SECRET not in "".join(logged.texts)


def test_a_pause_is_told(app: ProblemChalice) -> None:
    answer = ask(app, "GET", "/v1/test/fails/{how}", path={"how": "throttled"})
    assert is_problem(answer, 503, "provider-throttled")
    assert answer.headers["retry-after"] == "7"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(("code", "status"), [("ThrottlingException", 400), ("InternalServerError", 500)])
def test_a_database_in_trouble_is_503_with_a_pause(app: ProblemChalice, code: str, status: int) -> None:
    with refusing("dynamodb", "BatchGetItem", code, status):
        answer = ask(app, "GET", "/v1/test/stored")
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["content-type"] == "application/problem+json"
    assert ask(app, "GET", "/v1/test/stored").status == 200


@pytest.mark.usefixtures("aws")
def test_a_database_that_does_not_answer_is_503_with_a_pause(
    app: ProblemChalice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unreachable("dynamodb", ReadTimeoutError(endpoint_url="http://127.0.0.1:1"), monkeypatch):
        answer = ask(app, "GET", "/v1/test/stored")
    assert is_problem(answer, 503, "provider-unavailable")
    assert answer.headers["retry-after"] == "2"


# limits


@pytest.mark.usefixtures("aws")
def test_an_address_that_asks_too_often_is_told_when_to_come_back(app: ProblemChalice, clock: Clock) -> None:
    """PLAT-34."""
    answers = [ask(app, "GET", "/v1/test/limited") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert is_problem(answers[2], 429, "too-many-requests")
    assert answers[2].headers["retry-after"] == "30"
    assert ask(app, "GET", "/v1/test/limited", source_ip="198.51.100.1").status == 200
    clock.forward(timedelta(seconds=30).total_seconds())
    assert ask(app, "GET", "/v1/test/limited").status == 200


@pytest.mark.usefixtures("aws")
def test_behind_our_edge_each_caller_has_a_limit_of_his_own(app: ProblemChalice, clock: Clock) -> None:
    """PLAT-34."""
    edge = {"X-Svyaz-Edge": secret("keys/edge")}
    callers = ["203.0.113.1"] * 3 + ["203.0.113.2"]
    answers = [
        ask(app, "GET", "/v1/test/limited", headers={**edge, "X-Forwarded-For": f"{caller}, {SOURCE_IP}"})
        for caller in callers
    ]
    assert [answer.status for answer in answers] == [200, 200, 429, 200]
    assert answers[3].json["seen"] == "203.0.113.2"


def test_routes_without_a_limit_need_no_secret(app: ProblemChalice) -> None:
    """Their functions have no right to read it, and anybody may send the header."""
    assert get(app, headers={"X-Svyaz-Edge": "\ud800 made up"}).status == 200


@pytest.mark.usefixtures("aws")
def test_a_callers_own_word_for_his_address_counts_for_nothing(app: ProblemChalice, clock: Clock) -> None:
    statuses = [
        ask(app, "GET", "/v1/test/limited", headers={"X-Forwarded-For": f"10.0.0.{number}"}).status
        for number in range(3)
    ]
    assert statuses == [200, 200, 429]


# what Chalice answers by itself


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "TRACE"])
def test_a_method_that_a_route_lacks(app: ProblemChalice, method: str) -> None:
    answer = ask(app, method, THING, path={"code": "anna"})
    assert is_problem(answer, 405, "method-not-allowed")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "POST"}


def test_a_route_that_the_app_lacks(app: ProblemChalice) -> None:
    """API Gateway asks for none; whoever invokes the function by hand learns nothing."""
    assert is_problem(ask(app, "GET", "/v1/test/none"), 405, "method-not-allowed")
    given = app({"requestContext": {}}, None)
    answer = Answer(given["statusCode"], {n.lower(): str(v) for n, v in given["headers"].items()}, given["body"])
    assert is_problem(answer, 500, "error")


def test_settings_that_are_wrong_are_told_to_nobody(app: ProblemChalice, monkeypatch: pytest.MonkeyPatch) -> None:
    """They stop a trigger before any view: Chalice answers by itself then."""

    def wrong() -> None:
        raise errors.SettingsInvalid(f"SVYAZ_MAIL_FROM: {SECRET}")

    monkeypatch.setattr("shared.entry._start", wrong)
    answer = get(app)
    assert is_problem(answer, 500, "error")
    assert SECRET not in answer.text


def test_apis_are_bound_together() -> None:
    first, second = Api("one"), Api("two")
    model = type("Count", (BaseModel,), {"__annotations__": {"n": StrictInt}})
    for api in (first, second):
        api.get(f"/v1/{api.system}", "Counts")(lambda _request, api=api: model(n=len(api.system)))
    app = http_app(first, second)
    assert [ask(app, "GET", f"/v1/{name}").json for name in ("one", "two")] == [{"n": 3}, {"n": 3}]
