"""Passwords: hashes, versions, and what is too weak."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher

from functions.accounts.entry import passwords
from functions.accounts.tables import PasswordItem, user_key
from shared.errors import Contended, InvalidField
from shared.tables import Transaction, find
from tests.support.clock import START
from tests.support.known_people import EMAIL, PASSWORD

pytestmark = pytest.mark.usefixtures("aws")
USER = "usr_1"


def _set(password: str, minutes: int = 0, user_id: str = USER) -> None:
    transaction = Transaction()
    passwords.set_password(transaction, user_id, passwords.hashed(password), START + timedelta(minutes=minutes))
    transaction.commit()


def _stored() -> str:
    found = find(PasswordItem, user_key(USER), passwords.SK)
    assert found is not None
    return str(found.hash)


def test_the_right_password_and_no_other() -> None:
    """PLAT-30."""
    _set(PASSWORD)
    assert passwords.verify(USER, PASSWORD)
    assert not passwords.verify(USER, PASSWORD + " ")
    assert not passwords.verify(USER, "")
    assert not passwords.verify("usr_2", PASSWORD)
    assert not passwords.verify("", PASSWORD)


def test_the_hash_is_argon2id_with_a_salt_of_its_own() -> None:
    first, second = passwords.hashed(PASSWORD), passwords.hashed(PASSWORD)
    assert first != second
    assert first.startswith("$argon2id$v=19$m=64,t=1,p=1$")


def test_what_a_hash_costs_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """No less than OWASP's least: 46 MiB and one pass."""
    monkeypatch.undo()
    passwords.forget()
    assert passwords.hashed(PASSWORD).startswith("$argon2id$v=19$m=47104,t=2,p=1$")


def test_letters_that_keyboards_send_in_several_forms_are_the_same() -> None:
    _set("caf\u00e9 au lait")
    assert passwords.verify(USER, "cafe\u0301 au lait")


def test_old_versions_keep_when_they_held() -> None:
    """PLAT-30: EFFECTIVE_FROM, EFFECTIVE_TO."""
    _set("first of all of them")
    _set("second of all of them", 10)
    _set("third of all of them", 25)
    rows = list(PasswordItem.query(user_key(USER), PasswordItem.sk.startswith(passwords.SK)))
    held = [(row.sk, row.effective_from, row.effective_to) for row in rows]
    first, second, third = ((START + timedelta(minutes=minutes)).isoformat() for minutes in (0, 10, 25))
    assert held == [
        ("password", third, None),
        (f"password#{first}", first, second),
        (f"password#{second}", second, third),
    ]
    assert not passwords.verify(USER, "first of all of them")
    assert passwords.verify(USER, "third of all of them")


def test_of_two_changes_at_once_one_stands() -> None:
    _set("first of all of them")
    late = Transaction()
    passwords.set_password(late, USER, passwords.hashed("late one of them"), START)
    _set("second of all of them", 1)
    with pytest.raises(Contended):
        late.commit()
    assert passwords.verify(USER, "second of all of them")


def test_a_hash_of_other_parameters_is_made_anew_once_the_password_is_known() -> None:
    transaction = Transaction()
    old = PasswordHasher(time_cost=2, memory_cost=32, parallelism=1).hash(PASSWORD)
    passwords.set_first(transaction, USER, old, START)
    transaction.commit()
    assert not passwords.verify(USER, "a wrong one of them")
    assert _stored() == old
    assert passwords.verify(USER, PASSWORD)
    assert "$m=64,t=1,p=1$" in _stored()
    assert passwords.verify(USER, PASSWORD)


def test_a_new_hash_does_not_overwrite_a_change_that_came_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    transaction = Transaction()
    passwords.set_first(transaction, USER, PasswordHasher(1, 32, 1).hash(PASSWORD), START)
    transaction.commit()
    real = passwords.matches
    changed: list[int] = []

    def slow(known: str, password: str) -> bool:
        if not changed:
            changed.append(1)
            _set("changed in between", 5)
        return real(known, password)

    monkeypatch.setattr(passwords, "matches", slow)
    assert passwords.verify(USER, PASSWORD)
    assert passwords.verify(USER, "changed in between")


def test_as_much_is_hashed_for_nobody_as_for_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(PASSWORD)
    passwords.verify("usr_2", PASSWORD)
    hashed: list[str] = []
    watch(monkeypatch, hashed.append)
    for user_id in (USER, "usr_2", ""):
        passwords.verify(user_id, "a wrong one of them")
    assert len(hashed) == 3


@pytest.mark.parametrize("user_id", [USER, "usr_2"])
def test_the_first_login_of_a_process_costs_as_much_for_nobody(monkeypatch: pytest.MonkeyPatch, user_id: str) -> None:
    """Whoever wakes many processes at once would learn by the time who is known."""
    _set(PASSWORD)
    passwords.forget()
    made: list[str] = []
    real = passwords.hashed

    def noted(password: str) -> str:
        made.append(password)
        return real(password)

    monkeypatch.setattr(passwords, "hashed", noted)
    passwords.verify(user_id, "a wrong one of them")
    assert len(made) == 1


def watch(monkeypatch: pytest.MonkeyPatch, note: Callable[[str], Any]) -> None:
    """Notes each time that a password is compared with a hash."""
    real = passwords.matches

    def matches(known: str, password: str) -> bool:
        note(known)
        return real(known, password)

    monkeypatch.setattr(passwords, "matches", matches)


@pytest.mark.parametrize("password", ["password1", "Qwerty123", EMAIL, EMAIL.upper(), EMAIL.partition("@")[0]])
def test_weak_ones_are_refused(password: str) -> None:
    with pytest.raises(InvalidField):
        passwords.refuse_weak(password, EMAIL)


def test_others_are_not() -> None:
    passwords.refuse_weak(PASSWORD, EMAIL)
    passwords.refuse_weak(PASSWORD, "")
