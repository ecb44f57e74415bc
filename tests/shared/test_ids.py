"""Identifiers and secrets."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from shared import ids


def test_an_id_is_a_uuid_of_version_7_behind_its_prefix() -> None:
    prefix, _, digits = ids.new_id("bkg").partition("_")
    assert prefix == "bkg"
    assert re.fullmatch(r"[0-9a-f]{32}", digits)
    made = uuid.UUID(digits)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_ids_sort_as_they_were_made_and_differ() -> None:
    made = [ids.new_id("evt") for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("nanos", [0, 1, 999_999, 1_000_000, 1_795_000_000_123_456_789, 1_795_000_000_999_999_999])
def test_an_id_tells_its_moment(monkeypatch: pytest.MonkeyPatch, nanos: int) -> None:
    monkeypatch.setattr("time.time_ns", lambda: nanos)
    made = ids.new_id("msg")
    assert uuid.UUID(made.partition("_")[2]).version == 7
    expected = datetime.fromtimestamp(nanos // 1_000_000 / 1000, UTC)
    assert ids.moment_of(made) == expected


def test_later_nanoseconds_never_sort_before(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [1_795_000_000_000_000_000 + step * 250 for step in range(8000)]
    left = iter(moments)
    monkeypatch.setattr("time.time_ns", lambda: next(left))
    made = [ids.new_id("x")[:18] for _ in moments]
    assert made == sorted(made)


def test_moments_are_utc_and_now() -> None:
    age = datetime.now(UTC) - ids.moment_of(ids.new_id("a"))
    assert timedelta(0) <= age < timedelta(seconds=5)


def test_secrets_are_256_bits_safe_in_addresses() -> None:
    made = {ids.new_secret() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", secret) for secret in made)
