"""What accounts tell a person of himself: everything readable, no secret."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.accounts import personal
from functions.accounts.entry import passwords, second_factor
from functions.accounts.people import profiles
from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from shared import audit
from shared.audit import Actor
from shared.clock import now
from shared.personal import Person
from shared.rights import Role
from shared.tables import Transaction
from tests.support.known_people import EMAIL, NAME, PASSWORD
from tests.support.signed_in import founder, member, person

pytestmark = pytest.mark.usefixtures("aws")


def _told(user_id: str) -> dict[str, Any]:
    return {section.name: section.items for section in personal.export(Person(user_id=user_id))}


def _renamed(user_id: str, name: str) -> None:
    transaction = Transaction()
    profiles.change(transaction, user_id, now(), name=name)
    transaction.commit()


def test_a_profile_is_told_through_time() -> None:
    """PLAT-23, PLAT-30."""
    user_id = person("Olya", EMAIL)
    _renamed(user_id, NAME)
    versions = _told(user_id)["profile"]
    assert [(each["name"], each["email"], "effective_to" in each) for each in versions] == [
        (NAME, EMAIL, False),
        ("Olya", EMAIL, True),
    ]


def test_everything_he_has_is_told_and_no_secret_is() -> None:
    """PLAT-22, PLAT-23."""
    ada = founder()
    olga = member(ada.org_id, Role.SUPPORT)
    transaction = Transaction()
    passwords.set_password(transaction, olga.subject, passwords.hashed(PASSWORD), now())
    transaction.commit()
    secret = second_factor.begin(olga.subject, EMAIL).secret
    sessions.open_session(olga.subject, ada.org_id, ["password"], Place("203.0.113.7", "Firefox"))
    told = _told(olga.subject)
    assert told["user"][0]["status"] == "active"
    assert [each["roles"] for each in told["memberships"]] == ["support"]
    assert [(each["device"], each["network"]) for each in told["sessions"]] == [("Firefox", "203.0.113.0/24")]
    assert [each["kind"] for each in told["identities"]] == ["email"]
    assert told["identities"][0]["label"].endswith("@example.org")
    assert [list(each) for each in told["passwords"]] == [["effective_from"]]
    assert told["second_factor"] == ({"is_confirmed": False},)
    written = json.dumps(told)
    for hidden in (PASSWORD, secret, "argon2", "203.0.113.7", "digest", "v1."):
        assert hidden not in written


def test_what_he_did_is_told_and_not_what_others_did() -> None:
    """PLAT-23, PLAT-35: in each of his organisations and outside of any."""
    ada = founder()
    olga = member(ada.org_id, Role.SUPPORT)
    for who, org_id, action in (
        (olga.subject, ada.org_id, "booking.read"),
        (olga.subject, audit.NOBODY, "accounts.login"),
        (ada.subject, ada.org_id, "accounts.secret"),
        (olga.subject, "org_else", "accounts.elsewhere"),
    ):
        with audit.acting(Actor("user", who, "http", org_id)):
            audit.write(action, "bkg_1")
    actions = [each["action"] for each in _told(olga.subject)["audit"]]
    assert {"booking.read", "accounts.login"} <= set(actions)
    assert {"accounts.secret", "accounts.elsewhere"} & set(actions) == set()


def test_a_long_audit_says_that_it_is_not_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    user_id = person()
    monkeypatch.setattr(personal, "AUDIT_MOST", 3)
    for number in range(5):
        with audit.acting(Actor("user", user_id, "http")):
            audit.write(f"accounts.act{number}", "usr_1")
    section = next(each for each in personal.export(Person(user_id=user_id)) if each.name == "audit")
    assert ([each["action"][-4:] for each in section.items], section.is_whole) == (["act4", "act3", "act2"], False)


def test_nobody_else_is_known_here() -> None:
    user_id = person()
    assert personal.find(Person(user_id=user_id)) == Person(user_id=user_id)
    for stranger in (Person(user_id="usr_0"), Person(org_id="org_lipa", client_id="cli_1")):
        assert personal.find(stranger) is None
        assert list(personal.export(stranger)) == []
    assert personal.remove(Person(org_id="org_lipa", client_id="cli_1")) == 0
