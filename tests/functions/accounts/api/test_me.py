"""One's own account over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.accounts.api.me import api
from functions.accounts.entry import passwords, registration
from functions.accounts.entry.login import Entry, login
from functions.accounts.models import IdentityKind
from functions.accounts.organisation import organisations
from functions.accounts.people import identities
from functions.accounts.tokens import access_tokens, sessions
from functions.accounts.tokens.sessions import Place
from shared.clock import now
from shared.identity import Caller
from shared.rights import Role
from shared.tables import Transaction
from tests.support.clock import Clock, stopped
from tests.support.http_events import Answer
from tests.support.known_people import EMAIL, NAME, OTHER_EMAIL, PASSWORD
from tests.support.logins import AWAY, HOME, LINK, delivered, link, registered, subjects, tokens
from tests.support.signed_in import ask

ME = "/v1/accounts/me"
NEW = "five quiet otters in a boat"


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


@pytest.fixture
def olga() -> Caller:
    """Somebody who has registered and signed in."""
    registered()
    return _signed_in(HOME)


def _signed_in(place: Place) -> Caller:
    return access_tokens.read(tokens(login(EMAIL, PASSWORD, place)).access_token, now()).caller


def _ask(who: Caller | None, method: str, path: str, **body: Any) -> Answer:
    return ask(api, who, method, path, json.dumps(body) if body else None)


def test_who_is_signed_in(olga: Caller) -> None:
    me = _ask(olga, "GET", ME).json
    assert (me["id"], me["name"], me["email"], me["language"]) == (olga.subject, NAME, EMAIL, "en")
    assert (me["has_password"], me["has_second_factor"], me["needs_second_factor"]) == (True, False, False)
    assert (me["roles"], me["rights"], me["organisations"]) == ([], [], [])


def test_ones_organisations_and_rights(olga: Caller) -> None:
    second, first = (organisations.found(olga.subject, name).id for name in ("Lipa", "Klen"))
    caller = Caller("user", olga.subject, second, (Role.ADMINISTRATOR.value,), session_id=olga.session_id)
    me = _ask(caller, "GET", ME).json
    assert [(each["name"], each["org_id"]) for each in me["organisations"]] == [("Klen", first), ("Lipa", second)]
    assert me["organisations"][0]["roles"] == ["administrator"]
    assert "accounts.members.change" in me["rights"]


def test_another_name_and_language(olga: Caller) -> None:
    changed = _ask(olga, "PATCH", ME, name="  Olga L. ", language="ru").json
    assert (changed["name"], changed["language"], changed["email"]) == ("Olga L.", "ru", EMAIL)
    assert _ask(olga, "PATCH", ME, language="en").json["name"] == "Olga L."


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\nb", "a\u202eb", "a\x1b[31m", 7])
def test_a_name_that_is_none(olga: Caller, name: Any) -> None:
    assert _ask(olga, "PATCH", ME, name=name).status == 422


def test_a_new_password_ends_the_other_sessions(olga: Caller) -> None:
    """PLAT-30, PLAT-31."""
    _signed_in(AWAY)
    assert _ask(olga, "POST", f"{ME}/password", old=PASSWORD, new=NEW).json == {"status": "done"}
    assert [session.id for session in sessions.sessions_of(olga.subject)] == [olga.session_id]
    assert isinstance(login(EMAIL, NEW, HOME), Entry)
    assert "Svyaz: your password was changed" in subjects()


def test_the_old_password_cannot_be_guessed_with_a_stolen_token(olga: Caller) -> None:
    """PLAT-34."""
    statuses = [_ask(olga, "POST", f"{ME}/password", old="a wrong one of them", new=NEW).status for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert _ask(olga, "POST", f"{ME}/email", email=OTHER_EMAIL, password=PASSWORD).status == 429
    assert passwords.verify(olga.subject, PASSWORD)


@pytest.mark.parametrize("new", ["short", "x" * 300, "password1", EMAIL])
def test_a_weak_password_is_refused(olga: Caller, new: str) -> None:
    assert _ask(olga, "POST", f"{ME}/password", old=PASSWORD, new=new).status == 422


def test_another_address_wants_the_password_and_both_letters(olga: Caller) -> None:
    assert _ask(olga, "POST", f"{ME}/email", email=OTHER_EMAIL).status == 401
    assert _ask(olga, "POST", f"{ME}/email", email=OTHER_EMAIL, password=PASSWORD).status == 202
    found = [token for letter in delivered() for _, token in LINK.findall(letter.body)]
    (stop,) = [token.removeprefix("stop.") for token in found if token.startswith("stop.")]
    assert _ask(None, "POST", "/v1/accounts/email-changes/confirmation", token=stop).status == 422
    assert _ask(None, "POST", "/v1/accounts/email-changes/stop", token=stop).json == {"status": "done"}
    assert identities.owner_of(IdentityKind.EMAIL, EMAIL) == olga.subject


def test_whoever_has_no_password_adds_an_address_right_after_signing_in(clock: Clock) -> None:
    """A token that was stolen later is not enough to take the account over."""
    transaction = Transaction()
    identity = identities.Identity(IdentityKind.TELEGRAM, "700000001", NAME)
    user_id = registration.create_user(transaction, name=NAME, language="en", identity=identity)
    transaction.commit()
    given = sessions.open_session(user_id, "", ("telegram",), HOME)
    caller = access_tokens.read(given.access_token, now()).caller
    assert _ask(caller, "POST", f"{ME}/email", email=EMAIL).status == 202
    assert _ask(None, "POST", "/v1/accounts/email-changes/confirmation", token=link("email")).status == 200
    assert identities.owner_of(IdentityKind.EMAIL, EMAIL) == user_id
    clock.forward(minutes=15)
    assert _ask(caller, "POST", f"{ME}/email", email=OTHER_EMAIL).status == 401
    assert _ask(caller, "POST", f"{ME}/password", new=NEW).status == 401


def test_ones_sessions_are_shown_and_ended(olga: Caller) -> None:
    other = _signed_in(AWAY)
    items = _ask(olga, "GET", f"{ME}/sessions").json["items"]
    assert [(item["id"], item["is_current"]) for item in items] == [(other.session_id, False), (olga.session_id, True)]
    path = {"session_id": other.session_id}
    one = "/v1/accounts/me/sessions/{session_id}"
    assert ask(api, olga, "DELETE", one, path=path).status == 200
    assert ask(api, olga, "DELETE", one, path=path).status == 404
    assert _ask(olga, "DELETE", f"{ME}/sessions").json == {"number": 1}
    assert sessions.sessions_of(olga.subject) == []


def test_nobody_ends_another_persons_session(olga: Caller) -> None:
    """PLAT-33."""
    stranger = Caller("user", "usr_2", session_id="ses_2")
    path = {"session_id": olga.session_id}
    assert ask(api, stranger, "DELETE", "/v1/accounts/me/sessions/{session_id}", path=path).status == 404
    assert len(sessions.sessions_of(olga.subject)) == 1


def test_going_on_in_another_organisation(olga: Caller) -> None:
    org_id = organisations.found(olga.subject, "Lipa").id
    assert _ask(olga, "POST", f"{ME}/organisation", org_id=org_id).json == {"status": "done"}
    assert _ask(olga, "POST", f"{ME}/organisation", org_id="org_other").status == 404
    assert sessions.sessions_of(olga.subject)[0].org_id == org_id


@pytest.mark.parametrize(
    "operation", [each for each in api.operations if not each.is_public], ids=lambda each: each.name
)
def test_without_a_caller_there_is_nothing(operation: Any) -> None:
    assert ask(api, None, operation.method, operation.path, "{}", path={"session_id": "ses_1"}).status == 401


def test_a_key_is_no_person() -> None:
    key = Caller("key", "key_1", "org_1", scopes=("accounts.members.read",))
    assert _ask(key, "GET", ME).status == 403
