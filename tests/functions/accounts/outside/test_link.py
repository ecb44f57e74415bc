"""Identities that people have elsewhere."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest

from functions.accounts.entry import login, registration, second_factor
from functions.accounts.entry.login import Challenge
from functions.accounts.models import IdentityKind, Tokens
from functions.accounts.outside import link
from functions.accounts.outside.person import OutsidePerson
from functions.accounts.people import identities, profiles, removal
from functions.accounts.people.identities import Identity
from functions.accounts.tokens import sessions
from shared.audit import AuditRow
from shared.clock import epoch_s
from shared.errors import Conflict, Contended, NotFound, RuleViolation, Unauthorized
from shared.tables import Transaction
from tests.functions.accounts import meanwhile
from tests.support.clock import Clock
from tests.support.known_people import EMAIL, RUSSIAN_NAME
from tests.support.logins import HOME, registered, subjects

TELEGRAM = OutsidePerson(IdentityKind.TELEGRAM, "1700000001", RUSSIAN_NAME)
VK = OutsidePerson(IdentityKind.VK, "870000001", RUSSIAN_NAME, EMAIL)
pytestmark = pytest.mark.usefixtures("aws")


def owner(person: OutsidePerson) -> str:
    """Whose an identity is."""
    return identities.owner_of(person.kind, person.subject)


def entered(person: OutsidePerson) -> str:
    """The id of somebody who has just entered."""
    assert isinstance(link.enter(person, HOME, "ru"), Tokens)
    return owner(person)


def audited(action: str) -> list[Any]:
    """The audit entries of an action."""
    return [row for row in AuditRow.scan() if row.action == action]


def test_who_is_new_gets_an_account() -> None:
    """PLAT-30: the first login by Telegram registers."""
    user_id = entered(TELEGRAM)
    profile = profiles.find_profile(user_id)
    assert (profile.name, profile.language, profile.email) == (RUSSIAN_NAME, "ru", "")
    (session,) = sessions.sessions_of(user_id)
    assert session.methods == ("telegram",)


def test_who_is_known_enters_his_own_account() -> None:
    user_id = entered(TELEGRAM)
    assert entered(TELEGRAM) == user_id
    assert len(sessions.sessions_of(user_id)) == 2
    assert len(audited("accounts.user.created")) == 1
    assert {row.actor_id for row in audited("accounts.session.opened")} == {user_id}


def test_an_outside_email_leads_to_no_account() -> None:
    """Whoever has told VK ID somebody's address does not get his account."""
    user_id = registered(EMAIL)
    assert entered(VK) != user_id
    assert identities.owner_of(IdentityKind.EMAIL, EMAIL) == user_id
    assert profiles.find_profile(owner(VK)).email == ""


def test_first_logins_at_once_make_one_account(monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile.after(monkeypatch, identities, "owner_of", lambda: link.enter(TELEGRAM, HOME, "en"))
    user_id = entered(TELEGRAM)
    assert len(sessions.sessions_of(user_id)) == 2
    assert len(audited("accounts.user.created")) == 1


def test_the_second_factor_is_asked_for_here_too(clock: Clock) -> None:
    """PLAT-32: no way in goes round it."""
    user_id = entered(TELEGRAM)
    secret = second_factor.begin(user_id, "x").secret
    second_factor.confirm(user_id, pyotp.TOTP(secret).generate_otp(epoch_s(clock.moment) // 30))
    clock.forward(30)
    found = link.enter(TELEGRAM, HOME, "ru")
    assert isinstance(found, Challenge)
    assert len(sessions.sessions_of(user_id)) == 1
    code = pyotp.TOTP(secret).generate_otp(epoch_s(clock.moment) // 30)
    login.answer_challenge(found.token, code, HOME)
    assert {session.methods for session in sessions.sessions_of(user_id)} == {("telegram",), ("telegram", "totp")}


def test_a_person_connects_another_account() -> None:
    user_id = registered(EMAIL)
    link.connect(user_id, VK)
    assert entered(VK) == user_id
    assert {(each.kind, each.label) for each in link.connected(user_id)} == {
        (IdentityKind.EMAIL, EMAIL),
        (IdentityKind.VK, EMAIL),
    }
    (row,) = audited("accounts.identity.connected")
    assert (row.thing, row.reason) == (user_id, "vk")


def test_whoever_adds_a_way_in_or_takes_one_away_does_not_do_it_unseen() -> None:
    """PLAT-36: a new password by letter leaves both as they are."""
    user_id = registered(EMAIL)
    link.connect(user_id, OutsidePerson(IdentityKind.VK, "700000002", RUSSIAN_NAME))
    link.disconnect(user_id, IdentityKind.VK)
    assert subjects() == ["Svyaz: a way into your account was changed"] * 2


def test_connecting_the_same_again_changes_nothing() -> None:
    user_id = registered(EMAIL)
    link.connect(user_id, VK)
    link.connect(user_id, VK)
    assert len(audited("accounts.identity.connected")) == 1


def test_what_is_somebody_elses_is_not_connected() -> None:
    his = entered(TELEGRAM)
    with pytest.raises(Conflict):
        link.connect(registered(EMAIL), TELEGRAM)
    assert owner(TELEGRAM) == his


def test_a_second_account_of_one_kind_is_not_connected() -> None:
    """Else the first would go on opening the account, and nobody would see it."""
    user_id = entered(TELEGRAM)
    with pytest.raises(Conflict):
        link.connect(user_id, OutsidePerson(IdentityKind.TELEGRAM, "1700000009", "Other"))
    assert identities.owner_of(IdentityKind.TELEGRAM, "1700000009") == ""


def test_connecting_two_of_one_kind_at_once_connects_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-21."""
    user_id = registered(EMAIL)
    other = OutsidePerson(IdentityKind.TELEGRAM, "1700000009", "Other")
    meanwhile.after(monkeypatch, link, "_rows", lambda: link.connect(user_id, other))
    with pytest.raises(Contended):
        link.connect(user_id, TELEGRAM)
    assert (owner(TELEGRAM), owner(other)) == ("", user_id)


def test_what_is_disconnected_opens_nothing() -> None:
    user_id = registered(EMAIL)
    link.connect(user_id, VK)
    link.disconnect(user_id, IdentityKind.VK)
    assert owner(VK) == ""
    assert entered(VK) != user_id
    assert [each.kind for each in link.connected(user_id)] == [IdentityKind.EMAIL]
    assert len(audited("accounts.identity.disconnected")) == 1


def test_the_last_way_in_stays() -> None:
    """Nobody locks himself out."""
    user_id = entered(TELEGRAM)
    with pytest.raises(RuleViolation):
        link.disconnect(user_id, IdentityKind.TELEGRAM)
    link.connect(user_id, VK)
    link.disconnect(user_id, IdentityKind.TELEGRAM)
    with pytest.raises(RuleViolation):
        link.disconnect(user_id, IdentityKind.VK)
    assert entered(VK) == user_id


@pytest.mark.parametrize(("email", "password_hash"), [(EMAIL, ""), ("", "hash")])
def test_half_a_way_in_is_none(email: str, password_hash: str) -> None:
    """An address opens nothing without a password, nor does a password without an address."""
    transaction, identity = Transaction(), Identity(TELEGRAM.kind, TELEGRAM.subject, "Olga")
    user_id = registration.create_user(
        transaction, name="Olga", language="en", email=email, password_hash=password_hash, identity=identity
    )
    transaction.commit()
    with pytest.raises(RuleViolation):
        link.disconnect(user_id, IdentityKind.TELEGRAM)


def test_of_two_ways_disconnected_at_once_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-21."""
    user_id = entered(TELEGRAM)
    link.connect(user_id, VK)
    meanwhile.after(monkeypatch, link, "_rows", lambda: link.disconnect(user_id, IdentityKind.VK))
    with pytest.raises(Contended):
        link.disconnect(user_id, IdentityKind.TELEGRAM)
    assert (owner(TELEGRAM), owner(VK)) == (user_id, "")


def test_what_is_not_connected_is_not_disconnected() -> None:
    with pytest.raises(NotFound):
        link.disconnect(registered(EMAIL), IdentityKind.VK)


def test_who_was_removed_neither_enters_nor_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    user_id = entered(TELEGRAM)
    removal.remove_user(user_id)
    monkeypatch.setattr(identities, "owner_of", lambda *_: user_id)
    with pytest.raises(Unauthorized):
        link.enter(TELEGRAM, HOME, "ru")
    with pytest.raises(Unauthorized):
        link.connect(user_id, VK)
