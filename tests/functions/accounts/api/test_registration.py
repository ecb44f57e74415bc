"""Registration and forgotten passwords over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.accounts.api.registration import api
from functions.accounts.entry import passwords, pending, registration
from functions.accounts.entry.login import Entry, login
from tests.support.known_people import EMAIL, NAME, OTHER_EMAIL, PASSWORD
from tests.support.logins import HOME, link, registered
from tests.support.signed_in import ask

pytestmark = pytest.mark.usefixtures("aws")
REGISTRATIONS, RESETS = "/v1/accounts/registrations", "/v1/accounts/password-resets"


def _post(path: str, **body: Any) -> tuple[int, Any]:
    answer = ask(api, None, "POST", path, json.dumps(body))
    return answer.status, answer.json


def test_from_the_form_to_the_login() -> None:
    """PLAT-30."""
    status, told = _post(REGISTRATIONS, email=EMAIL, password=PASSWORD, name=NAME, language="en", organisation="Lipa")
    assert (status, told) == (202, {"status": "accepted"})
    assert _post(f"{REGISTRATIONS}/confirmation", token=link("confirm"), password=PASSWORD) == (201, {"status": "done"})
    assert isinstance(login(EMAIL, PASSWORD, HOME), Entry)


def test_a_known_address_is_answered_alike() -> None:
    """Status, body and headers."""
    registered(EMAIL)
    answers = [
        ask(api, None, "POST", REGISTRATIONS, json.dumps({"email": email, "password": PASSWORD, "name": NAME}))
        for email in (EMAIL, OTHER_EMAIL)
    ]
    assert answers[0].text == answers[1].text
    assert [answer.status for answer in answers] == [202, 202]
    assert set(answers[0].headers) == set(answers[1].headers)
    assert _post(RESETS, email=EMAIL) == _post(RESETS, email="nobody@example.org") == (202, {"status": "accepted"})


def test_a_replayed_confirmation_is_refused() -> None:
    _post(REGISTRATIONS, email=EMAIL, password=PASSWORD, name=NAME)
    token = link("confirm")
    _post(f"{REGISTRATIONS}/confirmation", token=token, password=PASSWORD)
    status, problem = _post(f"{REGISTRATIONS}/confirmation", token=token, password=PASSWORD)
    assert (status, problem["type"]) == (422, "/docs#invalid-field")


def test_a_forgotten_password() -> None:
    registered()
    _post(RESETS, email=EMAIL)
    status, told = _post(f"{RESETS}/confirmation", token=link("reset"), password="five quiet otters in a boat")
    assert (status, told["status"]) == (200, "done")
    assert isinstance(login(EMAIL, "five quiet otters in a boat", HOME, told["device_token"]), Entry)


def test_the_letter_speaks_the_readers_language() -> None:
    """PLAT-42: the browser's where the form names none."""
    body = json.dumps({"email": EMAIL, "password": PASSWORD, "name": NAME})
    ask(api, None, "POST", REGISTRATIONS, body, headers={"accept-language": "ru"})
    assert pending.opened(pending.REGISTRATION, link("confirm")).content["language"] == "ru"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "x" * 7}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"password": 12345678}, "password"),
        ({"password": "\ud800" * 8}, "password"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Olga\r\nBcc: b@example.org"}, "name"),
        ({"name": "Olga\u202egro.elpmaxe"}, "name"),
        ({"name": "Olga\x00"}, "name"),
        ({"organisation": "Lipa\r\nSubject: x"}, "organisation"),
        ({"organisation": "x" * 121}, "organisation"),
        ({"language": "english"}, "language"),
        ({"email": "a@"}, "email"),
        ({"email": "x" * 255}, "email"),
        ({"redirect": "https://evil.example"}, "redirect"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_hashed(
    wrong: dict[str, Any], field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PLAT-12."""
    monkeypatch.setattr(passwords, "hashed", None)
    status, problem = _post(REGISTRATIONS, **{"email": EMAIL, "password": PASSWORD, "name": NAME, **wrong})
    assert status == 422
    assert field in [error["field"] for error in problem["errors"]]


@pytest.mark.parametrize("email", ["a@b@example.org", "a@example.org\r\nBcc: b@example.org", "olgа@example.org"])
def test_what_is_no_address_is_told_in_words(email: str) -> None:
    status, problem = _post(REGISTRATIONS, email=email, password=PASSWORD, name=NAME)
    assert status == 422
    assert "no e-mail address" in problem["detail"]


def test_ten_megabytes_of_password_are_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "register", None)
    monkeypatch.setattr(passwords, "hashed", None)
    for path in (REGISTRATIONS, f"{RESETS}/confirmation"):
        assert _post(path, email=EMAIL, password="x" * 10_000_000, name=NAME)[0] == 413


def test_no_answer_leads_anywhere() -> None:
    """There is no redirect in any route, so none that is open."""
    statuses = {operation.status for operation in api.operations}
    assert statuses <= {200, 201, 202}


def test_calls_are_limited_by_address() -> None:
    """PLAT-34."""
    assert all(operation.rate is not None for operation in api.operations)
