"""Errors as documents."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import errors, log
from shared.errors import SvyazError
from shared.http.problems import problem, unexpected
from shared.i18n import words
from tests.support.hostile import texts


def told(error: SvyazError, language: str = "en") -> dict[str, Any]:
    """The document of an error."""
    document: dict[str, Any] = json.loads(problem(error, words(language)).body)
    return document


def test_a_problem_has_the_fields_of_rfc_9457() -> None:
    """PLAT-12."""
    with log.context(correlation_id="cor_1"):
        response = problem(errors.SlotTaken("This time is not free. Others are."), words("en"))
    assert response.status_code == 409
    assert response.headers == {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    assert json.loads(response.body) == {
        "type": "/docs#slot-taken",
        "title": "The time is taken",
        "status": 409,
        "detail": "This time is not free. Others are.",
        "correlation_id": "cor_1",
    }


def test_a_problem_speaks_the_callers_language() -> None:
    """PLAT-42."""
    shown = told(errors.PayloadTooLarge("The body is over {limit} bytes.", values={"limit": 10}), "ru")
    assert "10" in shown["detail"]
    assert not any("a" <= letter <= "z" for letter in (shown["title"] + shown["detail"]).lower())
    assert shown["type"] == "/docs#payload-too-large"


@pytest.mark.parametrize("retry_after_s", [1, 0, 3600])
def test_a_pause_is_told_in_its_header(retry_after_s: int) -> None:
    response = problem(errors.TooManyRequests("Slower.", retry_after_s=retry_after_s), words("en"))
    assert response.headers["Retry-After"] == str(retry_after_s)


@pytest.mark.parametrize(
    ("error", "pause_s"),
    [
        (errors.Contended("x"), "1"),
        (errors.ProviderUnavailable("x"), "1"),
        (errors.ProviderUnavailable("x", retry_after_s=9), "9"),
        (errors.ProviderRejected("x"), None),
        (errors.SlotTaken("x"), None),
    ],
)
def test_whatever_is_worth_another_try_says_when(error: SvyazError, pause_s: str | None) -> None:
    assert problem(error, words("en")).headers.get("Retry-After") == pause_s


def test_further_fields_stand_beside() -> None:
    shown = told(errors.SlotTaken("Taken.", alternatives=[{"start": "2026-03-02T10:00:00+03:00"}]))
    assert shown["alternatives"] == [{"start": "2026-03-02T10:00:00+03:00"}]
    assert shown["status"] == 409


def test_what_was_not_expected_tells_nothing() -> None:
    response = unexpected(words("ru"))
    shown = json.loads(response.body)
    assert (response.status_code, shown["type"], shown["status"]) == (500, "/docs#svyaz-error", 500)
    assert shown["title"] == words("ru")(SvyazError.title)


@given(value=texts(40), language=st.sampled_from(["ru", "en"]))
def test_whatever_a_caller_sent_is_told_back_as_utf_8(value: str, language: str) -> None:
    """Also what UTF-8 cannot hold."""
    error = errors.InvalidField("Give {name} only once.", values={"name": value}, errors=[{"field": value}])
    shown = json.loads(problem(error, words(language)).body.encode("utf-8"))
    plain = value.encode("utf-8", "replace").decode()
    assert plain in shown["detail"]
    assert shown["errors"] == [{"field": plain}]
