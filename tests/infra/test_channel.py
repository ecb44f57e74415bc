"""A real bot, connected."""

from __future__ import annotations

import json

import pytest

from functions.messengers.tables import find_account
from infra import channel
from infra.demo_data import ORGANISATIONS
from shared import aws as clients
from shared.secrets import path
from tests.support.telegram import loopback_telegram

pytestmark = pytest.mark.usefixtures("aws")
BOT = ORGANISATIONS[0].bot


def _connect(api_url: str) -> int:
    return channel.main(
        [
            "telegram",
            "--stage",
            "test",
            "--base-url",
            "http://127.0.0.1:9",
            "--org",
            "org_mine",
            "--telegram-api-url",
            api_url,
        ]
    )


@pytest.fixture(autouse=True)
def _stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "STAGES", ("test",))
    monkeypatch.setenv("SVYAZ_STAGE", "test")


def _secrets(account: str) -> list[str]:
    value = clients.client("ssm").get_parameter(Name=path(f"channels/{account}"), WithDecryption=True)
    found: list[str] = json.loads(value["Parameter"]["Value"])["webhook_secrets"]
    return found


def test_a_bot_is_connected_and_its_secret_rotated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two webhook secrets hold during a rotation."""
    monkeypatch.setenv(channel.TOKEN_VARIABLE, BOT.token)
    with loopback_telegram(BOT.token, BOT.username) as telegram:
        assert _connect(telegram.base_url) == 0
        first = _secrets(f"bot_{BOT.username}")
        assert _connect(telegram.base_url) == 0
        second = _secrets(f"bot_{BOT.username}")
        assert telegram.server.webhook_info(BOT.username)["url"].endswith(f"/webhooks/telegram/bot_{BOT.username}")
    assert second[1:] == first
    account = find_account(f"bot_{BOT.username}")
    assert account is not None
    assert account.org_id == "org_mine"
    assert f"t.me/{BOT.username}" in capsys.readouterr().out


def test_a_wrong_token_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(channel.TOKEN_VARIABLE, "1:wrong")
    with loopback_telegram(BOT.token, BOT.username) as telegram:
        assert _connect(telegram.base_url) == 1
    assert "Unauthorized" in capsys.readouterr().err


def test_a_missing_token_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(channel.TOKEN_VARIABLE, raising=False)
    assert _connect("http://127.0.0.1:9") == 1
    assert channel.TOKEN_VARIABLE in capsys.readouterr().err


def test_a_telegram_that_does_not_answer_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(channel.TOKEN_VARIABLE, BOT.token)
    assert _connect("http://127.0.0.1:9") == 1
    assert "does not answer" in capsys.readouterr().err
