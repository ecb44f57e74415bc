"""What Chalice answers by itself, and several systems in one app."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, StrictInt

from shared import errors
from shared.http.api import Api
from shared.http.app import ProblemChalice, http_app
from shared.rights import PUBLIC
from tests.shared.http.sample_api import SECRET, THING, get, is_problem
from tests.support.http_events import Answer, ask


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
        api.get(f"/v1/{api.system}", "Counts", access=PUBLIC)(lambda _request, api=api: model(n=len(api.system)))
    app = http_app(first, second)
    assert [ask(app, "GET", f"/v1/{name}").json for name in ("one", "two")] == [{"n": 3}, {"n": 3}]
