"""Profiles and their versions."""

from __future__ import annotations

import pytest

from functions.accounts.people import profiles
from functions.accounts.tables import ProfileItem, user_key
from shared.errors import Contended, NotFound
from shared.tables import Transaction
from shared.vault import Unreadable
from tests.support.clock import Clock, stopped
from tests.support.known_people import EMAIL, NAME
from tests.support.logins import registered


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


def _change(user_id: str, clock: Clock, name: str) -> None:
    transaction = Transaction()
    profiles.change(transaction, user_id, clock.forward(minutes=1), name=name)
    transaction.commit()


def test_what_is_not_named_stays(clock: Clock) -> None:
    user_id = registered(language="ru")
    _change(user_id, clock, "Olga L.")
    found = profiles.find_profile(user_id)
    assert (found.name, found.language, found.email) == ("Olga L.", "ru", EMAIL)


def test_versions_follow_each_other_without_gaps(clock: Clock) -> None:
    """PLAT-30: EFFECTIVE_FROM, EFFECTIVE_TO."""
    user_id = registered()
    names = ["A", "B", "C"]
    for name in names:
        _change(user_id, clock, name)
    rows = list(ProfileItem.query(user_key(user_id), ProfileItem.sk.startswith("profile#")))
    before = [profiles.opened(user_id, row) for row in rows]
    assert [each.name for each in before] == [NAME, *names[:-1]]
    now = profiles.find_profile(user_id)
    assert [each.effective_to for each in before] == [*(each.effective_from for each in before[1:]), now.effective_from]
    assert now.effective_to is None


def test_of_two_changes_at_once_one_stands(clock: Clock) -> None:
    user_id = registered()
    late = Transaction()
    profiles.change(late, user_id, clock.moment, name="late")
    _change(user_id, clock, "first")
    with pytest.raises(Contended):
        late.commit()
    assert profiles.find_profile(user_id).name == "first"


def test_name_and_address_lie_sealed_and_bound_to_the_person() -> None:
    """PLAT-22."""
    user_id = registered()
    (row,) = ProfileItem.query(user_key(user_id), ProfileItem.sk == "profile")
    assert EMAIL not in str(row.attribute_values)
    assert NAME not in row.name
    with pytest.raises(Unreadable):
        profiles.opened("usr_2", row)


def test_nobody_has_none() -> None:
    with pytest.raises(NotFound):
        profiles.find_profile("usr_2")
