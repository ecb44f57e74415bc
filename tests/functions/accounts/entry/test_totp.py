"""Codes of a second factor."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.accounts.entry import totp

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = [
    (59, "94287082"),
    (1_111_111_109, "07081804"),
    (1_111_111_111, "14050471"),
    (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"),
    (20_000_000_000, "65353130"),
]
NOW = datetime(2026, 11, 20, 10, 0, 5, tzinfo=UTC)
STEP = int(NOW.timestamp()) // totp.STEP_S


def code(step: int, secret: str = RFC_SECRET) -> str:
    """What an authenticator shows in a step."""
    return pyotp.TOTP(secret).generate_otp(step)


@pytest.mark.parametrize(("at_s", "eight_digits"), RFC_CODES)
def test_the_vectors_of_the_standard(at_s: int, eight_digits: str) -> None:
    """PLAT-32: RFC 6238, appendix B; six digits are the last of eight."""
    moment = datetime.fromtimestamp(at_s, UTC)
    assert totp.matching_step(RFC_SECRET, eight_digits[-6:], moment, after=0) == at_s // 30


@given(away=st.integers(-10, 10))
def test_a_code_holds_one_step_before_and_after_its_own(away: int) -> None:
    found = totp.matching_step(RFC_SECRET, code(STEP + away), NOW, after=0)
    assert found == (STEP + away if abs(away) <= 1 else None)


@given(newest=st.integers(STEP - 3, STEP + 3), away=st.integers(-1, 1))
def test_no_code_of_a_used_step_or_an_older_one(newest: int, away: int) -> None:
    found = totp.matching_step(RFC_SECRET, code(STEP + away), NOW, after=newest)
    assert found == (STEP + away if STEP + away > newest else None)


@pytest.mark.parametrize("wrong", ["", "0", "00000", "0000000", "abcdef", "\ud800", "٠١٢٣٤٥", "1" * 10_000])
def test_what_is_no_code_matches_nothing(wrong: str) -> None:
    assert totp.matching_step(RFC_SECRET, wrong, NOW, after=0) is None


def test_a_code_of_another_secret_is_wrong() -> None:
    assert totp.matching_step(totp.new_secret(), code(STEP), NOW, after=0) is None


def test_the_first_seconds_of_time_have_no_step_before_them() -> None:
    start = datetime.fromtimestamp(0, UTC)
    assert totp.matching_step(RFC_SECRET, code(1), start + timedelta(seconds=1), after=0) == 1


def test_secrets_are_long_and_never_the_same() -> None:
    found = {totp.new_secret() for _ in range(50)}
    assert len(found) == 50
    assert {len(base64.b32decode(secret)) for secret in found} == {20}


def test_the_address_tells_an_authenticator_everything() -> None:
    parts = urlsplit(totp.uri(RFC_SECRET, "Анна & Co: anna@example.org"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Svyaz:Анна & Co: anna@example.org"
    assert parse_qs(parts.query) == {"secret": [RFC_SECRET], "issuer": ["Svyaz"]}
