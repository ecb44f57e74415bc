"""Places and devices that people sign in from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.accounts.entry import places
from functions.accounts.tokens import sessions
from tests.support.clock import Clock, stopped
from tests.support.logins import AWAY, CHROME, HOME, registered

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Version/19.1 Safari/604.1"
YANDEX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 YaBrowser/25.10.0 Safari/537.36"
EDGE = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (CHROME, "Chrome, Windows"),
        (SAFARI, "Safari, iPhone"),
        (YANDEX, "Yandex Browser, Linux"),
        (EDGE, "Edge, macOS"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("Mozilla/5.0", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
        ("x" * 100_000, "x" * 40),
    ],
)
def test_a_device_in_a_few_words(user_agent: str, expected: str) -> None:
    assert places.device(user_agent) == expected


def test_a_newer_version_is_the_same_device() -> None:
    assert places.device(CHROME.replace("142", "143")) == places.device(CHROME)


def test_what_is_new_for_a_person(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-36: not his first login, and not another address of a network that he was in."""
    clock: Clock = stopped(monkeypatch)
    user_id = registered()
    assert not places.is_strange(user_id, HOME)
    sessions.open_session(user_id, "", ("password",), HOME)
    assert not places.is_strange(user_id, replace(HOME, address="203.0.113.200"))
    assert places.is_strange(user_id, AWAY)
    assert places.is_strange(user_id, replace(HOME, device="Firefox, Linux"))
    clock.forward(days=31)
    assert not places.is_strange(user_id, AWAY)
