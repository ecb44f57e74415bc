"""Secrets: read on first use, kept for a while, never told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from shared import aws, secrets
from shared.errors import ProviderUnavailable, SettingsInvalid
from tests.support.aws_calls import refusing, watched

pytestmark = pytest.mark.usefixtures("aws")
NAME = "channels/bot_of_a_test"


def set_to(value: str) -> None:
    """Stores a value, as a rotation does."""
    aws.client("ssm").put_parameter(Name=secrets.path(NAME), Value=value, Type="SecureString", Overwrite=True)


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the process's own clock shows."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr("shared.secrets.time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_a_secret_is_asked_for_once() -> None:
    set_to("one")
    with watched("ssm") as calls:
        assert [secrets.secret(NAME) for _ in range(3)] == ["one"] * 3
    assert len(calls) == 1
    assert calls[0][1] == {"Name": "/svyaz/test/channels/bot_of_a_test", "WithDecryption": True}


def test_a_rotation_is_seen_after_forgetting() -> None:
    set_to("one")
    assert secrets.secret(NAME) == "one"
    set_to("two")
    assert secrets.secret(NAME) == "one"
    secrets.forget()
    assert secrets.secret(NAME) == "two"


def test_a_rotation_is_seen_after_five_minutes(seconds: SimpleNamespace) -> None:
    set_to("one")
    assert secrets.secret(NAME) == "one"
    set_to("two")
    seconds.now += 299
    assert secrets.secret(NAME) == "one"
    seconds.now += 2
    assert secrets.secret(NAME) == "two"


def test_a_missing_one_is_named() -> None:
    """PLAT-41."""
    with pytest.raises(SettingsInvalid, match=r"^/svyaz/test/keys/none: "):
        secrets.secret("keys/none")


def test_what_was_missing_is_asked_for_again() -> None:
    with pytest.raises(SettingsInvalid):
        secrets.secret(NAME)
    set_to("there")
    assert secrets.secret(NAME) == "there"


def test_a_service_that_fails_is_no_missing_secret() -> None:
    with refusing("ssm", "GetParameter", "InternalServerError", 500), pytest.raises(ProviderUnavailable):
        secrets.secret("keys/lookup")


def test_stages_have_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVYAZ_STAGE", "prod")
    assert secrets.path("keys/lookup") == "/svyaz/prod/keys/lookup"


def test_a_document_is_an_object() -> None:
    set_to('{"bot_token": "1:a", "webhook_secrets": ["b"]}')
    assert secrets.document(NAME) == {"bot_token": "1:a", "webhook_secrets": ["b"]}


@pytest.mark.parametrize("value", ["1:top-secret", "[]", "null", '"top-secret"', "{", " "])
def test_any_other_document_is_refused_by_name_and_not_told(value: str) -> None:
    set_to(value)
    with pytest.raises(SettingsInvalid, match=f"^/svyaz/test/{NAME}: ") as refused:
        secrets.document(NAME)
    shown: list[Any] = [
        str(refused.value),
        refused.value.extra,
        refused.value.__cause__,
        refused.value.__suppress_context__,
    ]
    assert "top-secret" not in str(shown)
