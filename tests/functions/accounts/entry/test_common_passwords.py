"""The passwords that everybody tries first."""

from __future__ import annotations

import pytest

from functions.accounts.entry.common_passwords import is_common


@pytest.mark.parametrize(
    "password", ["password", "PASSWORD1!", "Qwerty123", "12345678", "йцукенгш", "aaaaaaaa", "        "]
)
def test_common_ones(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize("password", ["four quiet otters", "passwordless life", "qX7-lime-trees", "12345679a", ""])
def test_others(password: str) -> None:
    assert not is_common(password)
