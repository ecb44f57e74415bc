"""Settings: a wrong one fails by its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import settings
from shared.errors import SettingsInvalid
from tests.support.environment import VALUES

GOOD = {name: value for name, value in VALUES.items() if name.startswith("SVYAZ_")}
REQUIRED = [name for name in GOOD if name != "SVYAZ_LOG_LEVEL"]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_one_is_named(name: str) -> None:
    """PLAT-41."""
    with pytest.raises(SettingsInvalid) as refused:
        settings.read({key: value for key, value in GOOD.items() if key != name})
    assert str(refused.value).startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SVYAZ_STAGE", "production"),
        ("SVYAZ_STAGE", ""),
        ("SVYAZ_PUBLIC_BASE_URL", "example.com"),
        ("SVYAZ_PUBLIC_BASE_URL", "ftp://example.com"),
        ("SVYAZ_PUBLIC_BASE_URL", "https://example.com\n"),
        ("SVYAZ_PUBLIC_BASE_URL", "javascript:alert(1)//https://example.com"),
        ("SVYAZ_PUBLIC_BASE_URL", "https://exam\udc80ple.com"),
        ("SVYAZ_PUBLIC_BASE_URL", "https://example.com/\0"),
        ("SVYAZ_WEBSOCKET_URL", "https://example.com"),
        ("SVYAZ_CONNECTIONS_URL", "wss://example.com"),
        ("SVYAZ_TELEGRAM_API_URL", ""),
        ("SVYAZ_MAIL_FROM", "nobody"),
        ("SVYAZ_OPERATOR_MAIL", "a@b@c"),
        ("SVYAZ_OPERATOR_MAIL", "a b@example.com"),
        ("SVYAZ_MAIL_FROM", "a" * 250 + "@b.ru"),
        ("SVYAZ_LOG_LEVEL", "LOUD"),
        ("SVYAZ_AUDIT_KEPT_DAYS", ""),
        ("SVYAZ_AUDIT_KEPT_DAYS", "29"),
        ("SVYAZ_AUDIT_KEPT_DAYS", "3651"),
        ("SVYAZ_AUDIT_KEPT_DAYS", "0365"),
        ("SVYAZ_AUDIT_KEPT_DAYS", "-365"),
        ("SVYAZ_AUDIT_KEPT_DAYS", "٣٦٥"),
    ],
)
def test_a_wrong_one_is_named(name: str, value: str) -> None:
    """PLAT-41."""
    with pytest.raises(SettingsInvalid) as refused:
        settings.read({**GOOD, name: value})
    assert str(refused.value).startswith(f"{name}: ")


@given(name=st.sampled_from(sorted(GOOD)), value=st.text(max_size=40))
def test_any_text_is_taken_as_it_is_or_refused_by_name(name: str, value: str) -> None:
    try:
        read = settings.read({**GOOD, name: value})
    except SettingsInvalid as refused:
        told = str(refused).partition(":")[0]
    else:
        told = name if getattr(read, name.removeprefix("SVYAZ_").lower()) == value else ""
    assert told == name


def test_what_is_not_ours_is_left_alone() -> None:
    read = settings.read({**GOOD, "SVYAZ_SOMETHING_LATER": "1", "STAGE": "prod", "svyaz_stage": "prod"})
    assert read.stage == "test"


def test_defaults() -> None:
    read = settings.read({name: GOOD[name] for name in REQUIRED})
    assert (read.log_level, read.telegram_api_url) == ("INFO", "https://api.telegram.org")
    assert read.audit_kept_days == 1095


@pytest.mark.parametrize("days", [30, 99, 100, 1095, 3499, 3600, 3649, 3650])
def test_the_audit_log_is_kept_for_a_set_time(days: int) -> None:
    """PLAT-35."""
    assert settings.read({**GOOD, "SVYAZ_AUDIT_KEPT_DAYS": str(days)}).audit_kept_days == days


@pytest.mark.parametrize(("stage", "is_local"), [("local", True), ("test", True), ("dev", False), ("prod", False)])
def test_stages_on_ones_own_machine(stage: str, *, is_local: bool) -> None:
    assert settings.read({**GOOD, "SVYAZ_STAGE": stage}).is_local is is_local


def test_names_carry_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVYAZ_STAGE", "dev")
    assert settings.resource_name("outbox") == "svyaz-dev-outbox"
    monkeypatch.delenv("SVYAZ_STAGE")
    assert settings.resource_name("outbox") == "svyaz-local-outbox"


@pytest.mark.parametrize(("suffix", "name"), [("", "svyaz-test-imports"), ("123", "svyaz-test-imports-123")])
def test_names_of_buckets_carry_what_makes_them_unique(monkeypatch: pytest.MonkeyPatch, suffix: str, name: str) -> None:
    monkeypatch.setenv("SVYAZ_BUCKET_SUFFIX", suffix)
    assert settings.bucket_name("imports") == name


def test_the_process_reads_them_once() -> None:
    assert settings.settings() is settings.settings()
    assert settings.settings().stage == "test"
