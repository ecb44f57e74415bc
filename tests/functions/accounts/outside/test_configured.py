"""What is set up for outside logins."""

from __future__ import annotations

import time

import pytest

from functions.accounts.outside import configured
from shared import secrets
from shared.errors import NotFound, SettingsInvalid
from tests.functions.accounts.outside import telegram_logins

pytestmark = pytest.mark.usefixtures("aws")


def test_what_is_set_up_is_told() -> None:
    telegram_logins.set_up()
    assert configured.required(configured.TELEGRAM)["bot_username"] == telegram_logins.USERNAME


def test_what_is_not_set_up_is_not_found() -> None:
    assert configured.optional(configured.VK) is None
    with pytest.raises(NotFound):
        configured.required(configured.VK)


def test_asking_for_what_is_not_there_costs_one_request_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strangers may ask as often as they like; SSM has few requests for everybody."""
    asked: list[str] = []

    def read(name: str) -> str:
        asked.append(name)
        raise SettingsInvalid(name)

    monkeypatch.setattr(secrets, "_read", read)
    for _ in range(5):
        assert configured.optional(configured.VK) is None
    assert asked == [configured.VK]
    moment = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    assert configured.optional(configured.VK) is None
    assert len(asked) == 2
