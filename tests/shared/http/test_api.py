"""Routes as API Gateway calls them: what a view answers, and how it fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ReadTimeoutError

from shared.http.app import ProblemChalice
from shared.secrets import secret
from tests.shared.http.sample_api import SECRET, get, is_problem, post
from tests.support.aws_calls import refusing, unreachable
from tests.support.clock import Clock
from tests.support.http_events import SOURCE_IP, ask
from tests.support.logs import Lines


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


@pytest.mark.usefixtures("aws")
def test_a_whole_ipv6_network_is_one_caller(app: ProblemChalice, clock: Clock) -> None:
    """PLAT-34: whoever has one address of it has them all."""
    addresses = ["2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:1:ffff::3", "2001:db8:1:2::1"]
    statuses = [ask(app, "GET", "/v1/test/limited", source_ip=address).status for address in addresses]
    assert statuses == [200, 200, 429, 200]


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
