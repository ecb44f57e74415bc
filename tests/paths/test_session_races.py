"""Races for one session, in a process of its own against the embedded AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from infra.local.product import Product
from tests.support.session_races import AT_ONCE, CHANGES, ROUNDS

pytestmark = pytest.mark.xdist_group("product")


@pytest.fixture(scope="module")
def rounds(product: Product) -> dict[str, Any]:
    """How each round of each race ended."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.session_races"],
        env=os.environ | product.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def test_of_many_who_use_one_refresh_token_one_wins_and_nobody_keeps_the_session(rounds: dict[str, Any]) -> None:
    """PLAT-31, PLAT-21: the others show a token that was used, which ends the session with what the winner got."""
    expected = {
        "ended": {"Tokens": 1, "Unauthorized": AT_ONCE - 1},
        "left": 0,
        "in": [False, False],
        "audited": 1,
    }
    assert rounds["one_token_many_times"] == [expected] * ROUNDS


def test_a_session_that_ends_while_it_is_refreshed_has_ended(rounds: dict[str, Any]) -> None:
    """PLAT-31, PLAT-21."""
    for ended in rounds["refreshed_while_it_ends"]:
        assert ended["left"] == 0
        assert not any(ended["in"])


def test_no_token_tells_a_role_that_was_taken_away(rounds: dict[str, Any]) -> None:
    """PLAT-33, PLAT-21: whatever was issued while roles changed."""
    last = f"role_{CHANGES}"
    for ended in rounds["refreshed_while_roles_change"]:
        assert ended["failed"] == []
        assert set(ended["told"]) <= {last}
        assert ended["last"] == [last]
