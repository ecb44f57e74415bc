"""Logins by Telegram."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.accounts.models import IdentityKind
from functions.accounts.outside import once, telegram
from shared.clock import epoch_s
from shared.errors import NotFound, Unauthorized
from tests.functions.accounts.outside import telegram_logins
from tests.functions.accounts.outside.telegram_logins import TOKEN, signature, signed
from tests.support.clock import Clock, stopped

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
PUBLISHED_TOKEN = "777777777:" + "a" * 35
PUBLISHED: dict[str, str | int] = {
    "id": 666666666,
    "username": "my_username",
    "first_name": "Some",
    "last_name": "Guy",
    "photo_url": "https://t.me/i/userpic/320/my_username.jpg",
    "auth_date": 1543194375,
    "hash": "a9cf12636fb07b54b4c95673d017a72364472c41a760b6850bcd5405da769f80",
}
"""Source: docs.rs/telegram-login, `check_signature` (read 2026-11-20)."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, aws: None) -> Clock:
    """A clock that the test moves, and a bot to sign in by."""
    telegram_logins.set_up()
    return stopped(monkeypatch)


def test_a_genuine_login_tells_who_it_is() -> None:
    """PLAT-30: login by Telegram."""
    person = telegram.checked(signed(NOW, last_name="Смирнова", photo_url="https://t.me/i/olga.jpg"), TOKEN, NOW)
    assert (person.kind, person.subject, person.name) == (IdentityKind.TELEGRAM, "700000001", "Ольга Смирнова")
    assert person.email is None


def test_a_published_login_is_genuine() -> None:
    moment = datetime.fromtimestamp(1543194375, UTC)
    assert telegram.checked(PUBLISHED, PUBLISHED_TOKEN, moment).name == "Some Guy"


def test_fields_that_we_do_not_know_are_signed_too() -> None:
    fields = signed(NOW, allows_write_to_pm="true", is_premium=1)
    assert telegram.checked(fields, TOKEN, NOW).subject == "700000001"
    with pytest.raises(Unauthorized):
        telegram.checked({**fields, "is_premium": 0}, TOKEN, NOW)


@pytest.mark.parametrize("name", ["id", "first_name", "username", "auth_date"])
def test_whoever_changes_a_field_is_refused(name: str) -> None:
    fields = signed(NOW)
    changed: Any = fields[name] + 1 if isinstance(fields[name], int) else fields[name] + "x"
    with pytest.raises(Unauthorized):
        telegram.checked({**fields, name: changed}, TOKEN, NOW)


@pytest.mark.parametrize("name", ["username", "first_name"])
def test_whoever_takes_a_field_away_is_refused(name: str) -> None:
    fields = {key: value for key, value in signed(NOW).items() if key != name}
    with pytest.raises(Unauthorized):
        telegram.checked(fields, TOKEN, NOW)


@pytest.mark.parametrize("wrong", ["", "0" * 64, "\ud800", signature({"id": 1})])
def test_a_wrong_hash_is_refused(wrong: str) -> None:
    with pytest.raises(Unauthorized):
        telegram.checked({**signed(NOW), "hash": wrong}, TOKEN, NOW)


def test_another_bots_signature_is_refused() -> None:
    with pytest.raises(Unauthorized):
        telegram.checked(signed(NOW, "100002:demo-boris"), TOKEN, NOW)


@given(age_s=st.integers(-3600, 3600))
def test_it_holds_for_ten_minutes_and_a_minute_ahead(age_s: int) -> None:
    fields = signed(NOW - timedelta(seconds=age_s))
    if -60 <= age_s <= 600:
        assert telegram.checked(fields, TOKEN, NOW).subject == "700000001"
    else:
        with pytest.raises(Unauthorized):
            telegram.checked(fields, TOKEN, NOW)


def test_a_name_is_one_line_and_not_too_long() -> None:
    person = telegram.checked(signed(NOW, first_name="О\u202eль\u200bга " + "a" * 500), TOKEN, NOW)
    assert person.name.startswith("Ольга a")
    assert len(person.name) == 100
    assert telegram.checked(signed(NOW, first_name="\u200b"), TOKEN, NOW).name == "olga_test"


def test_a_login_is_good_once(clock: Clock) -> None:
    """PLAT-30: what was overheard opens nothing."""
    fields = signed(clock.moment)
    assert telegram.person(fields).subject == "700000001"
    for _ in range(2):
        with pytest.raises(Unauthorized):
            telegram.person(fields)
        clock.forward(300)
    later = signed(clock.moment)
    assert telegram.person(later).subject == "700000001"


def test_one_that_lies_ahead_is_good_once_too(clock: Clock) -> None:
    fields = signed(clock.moment + timedelta(seconds=60))
    telegram.person(fields)
    (used,) = once.UsedItem.scan()
    clock.forward(660)
    assert used.expires_at > epoch_s(clock.moment)
    with pytest.raises(Unauthorized):
        telegram.person(fields)


def test_where_no_bot_is_set_up_nobody_signs_in_by_it(aws: None) -> None:
    assert telegram.bot_username() is None
    with pytest.raises(NotFound):
        telegram.person(signed(NOW))


def test_the_bot_is_known(clock: Clock) -> None:
    assert telegram.bot_username() == telegram_logins.USERNAME
