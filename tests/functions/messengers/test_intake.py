"""Webhooks over HTTP, from the samples in `events/`."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared import aws as clients
from shared.bus import Envelope, InboundMessage
from shared.outbox import conversation_key
from shared.tables import Transaction
from tests.support.events import sample
from tests.support.moto_aws import waiting
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("demo")
QUEUE = "inbound-booking.fifo"


def _post(name: str, **change: Any) -> dict[str, Any]:
    event = sample(f"messengers/api__telegram_{name}.json") | change
    app = importlib.import_module("functions.messengers.api").app
    answer: dict[str, Any] = app(event, None)
    return answer


def test_an_update_is_acknowledged_and_queued() -> None:
    """BOOK-20."""
    answer = _post("start")
    assert (answer["statusCode"], answer["body"]) == (200, "")
    (body,) = waiting(QUEUE)
    envelope = Envelope.model_validate_json(body)
    message = envelope.read(InboundMessage)
    assert (envelope.org_id, envelope.type, message.payload) == ("org_lipa", "message.received", "anna")
    assert envelope.actor == conversation_key(message.contact)
    assert envelope.correlation_id == answer["headers"]["X-Correlation-Id"]


def test_a_replayed_update_is_queued_once() -> None:
    """BOOK-21: the queue drops what comes twice within five minutes; consumers drop it for eight days."""
    assert [_post("text")["statusCode"] for _ in range(3)] == [200, 200, 200]
    assert len(waiting(QUEUE)) == 1


@pytest.mark.parametrize("name", ["unknown_kind", "group"])
def test_what_does_not_concern_us_is_acknowledged_and_dropped(name: str) -> None:
    assert _post(name)["statusCode"] == 200
    assert waiting(QUEUE) == []


def test_a_forged_webhook_is_refused_and_leaves_only_a_metric(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """BOOK-22."""
    monkeypatch.setattr(Transaction, "commit", lambda _: pytest.fail("a forged webhook wrote"))
    answer = _post("wrong_secret")
    assert answer["statusCode"] == 401
    assert waiting(QUEUE) == []
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [metric["WebhookRefused"] for metric in metrics] == [1]


@pytest.mark.parametrize("account", ["bot_nobody", "anna", "bot_boris"])
def test_the_secret_of_one_account_opens_no_other(account: str) -> None:
    event = sample("messengers/api__telegram_text.json")
    if account == "bot_boris":
        event["headers"]["X-Telegram-Bot-Api-Secret-Token"] = "its-own"
    event["pathParameters"] = {"channel": "telegram", "account_id": account}
    app = importlib.import_module("functions.messengers.api").app
    assert app(event, None)["statusCode"] == 401


def test_a_missing_secret_is_refused() -> None:
    event = sample("messengers/api__telegram_text.json")
    del event["headers"]["X-Telegram-Bot-Api-Secret-Token"]
    app = importlib.import_module("functions.messengers.api").app
    assert app(event, None)["statusCode"] == 401


def test_broken_json_is_refused() -> None:
    assert _post("broken_json")["statusCode"] == 400


def test_a_body_of_a_megabyte_is_refused() -> None:
    answer = _post("text", body=json.dumps({"update_id": 1, "message": {"text": "x" * 1_000_001}}))
    assert answer["statusCode"] == 413


@pytest.mark.parametrize("channel", ["viber", "base", "webchat", "telegram_sender", "..", "os"])
def test_a_channel_without_a_webhook_is_not_found(channel: str) -> None:
    assert call("POST", f"/webhooks/{channel}/bot_anna", body={})[0] == 404


def test_a_queue_that_does_not_answer_makes_the_messenger_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """BOOK-20: nothing is acknowledged that is not stored."""

    def throttle(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "SendMessage")

    monkeypatch.setattr(clients.client("sqs"), "send_message", throttle)
    answer = _post("text")
    assert answer["statusCode"] == 503
    assert answer["headers"]["Retry-After"] == "1"
