"""Telegram's updates, as the samples in `events/` and Telegram's own document show them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.messengers.channels.telegram import CHANNEL
from functions.messengers.models import ChannelAccount
from shared.bus import InboundKind
from shared.errors import InvalidPayload
from tests.support.events import sample

ACCOUNT = ChannelAccount(id="bot_anna", org_id="org_lipa", channel="telegram", consumer="booking", title="Anna")
USER = {"id": 5, "is_bot": False, "first_name": "Olga", "language_code": "ru"}
CHAT = {"id": 5, "type": "private"}


def _read(update: Any) -> list[Any]:
    return CHANNEL.read(json.dumps(update).encode(), ACCOUNT)


def _sample(name: str) -> list[Any]:
    return CHANNEL.read(sample(f"messengers/api__telegram_{name}.json")["body"].encode(), ACCOUNT)


def test_a_start_carries_its_parameter() -> None:
    """BOOK-10."""
    (message,) = _sample("start")
    assert (message.kind, message.payload, message.event_id) == (InboundKind.START, "anna", "910000001")
    assert (message.name, message.language, message.contact.chat) == ("Ольга", "ru", "700000001")


def test_a_text_is_a_text() -> None:
    (message,) = _sample("text")
    assert (message.kind, message.text) == (InboundKind.TEXT, "Здравствуйте!")


def test_a_tap_names_its_message_and_wants_a_receipt() -> None:
    (message,) = _sample("tap")
    assert (message.kind, message.payload, message.tapped) == (InboundKind.TAP, "s:anna:1", "13")
    assert message.receipt == "3006477890123456789"


def test_a_message_too_old_to_edit_is_not_named() -> None:
    """Telegram's InaccessibleMessage has date 0."""
    (message,) = _sample("old_tap")
    assert message.tapped is None


def test_a_voice_is_something_else() -> None:
    """BOOK-23."""
    assert [message.kind for message in _sample("voice")] == [InboundKind.OTHER]


@pytest.mark.parametrize("name", ["unknown_kind", "group"])
def test_what_does_not_concern_us_is_left_out(name: str) -> None:
    assert _sample(name) == []


@pytest.mark.parametrize(
    ("text", "kind", "payload"),
    [
        ("/start", InboundKind.START, ""),
        ("/start  anna ", InboundKind.START, "anna"),
        ("/started", InboundKind.TEXT, ""),
        ("start", InboundKind.TEXT, ""),
    ],
)
def test_only_the_command_starts(text: str, kind: InboundKind, payload: str) -> None:
    (message,) = _read({"update_id": 1, "message": {"message_id": 1, "from": USER, "chat": CHAT, "text": text}})
    assert (message.kind, message.payload) == (kind, payload)


def test_a_tap_without_its_message_answers_the_person() -> None:
    (message,) = _read({"update_id": 1, "callback_query": {"id": "9", "from": USER, "data": "m:anna"}})
    assert (message.contact.chat, message.tapped) == ("5", None)


@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b"{}", b'{"update_id": "x"}', b'{"update_id": 1, "message": 5}', b"\xff", b"[" * 100_000],
)
def test_what_telegram_would_never_send_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidPayload):
        CHANNEL.read(raw, ACCOUNT)


@given(
    st.dictionaries(st.text(max_size=20), st.none() | st.integers() | st.text(max_size=50), max_size=8), st.integers()
)
def test_unknown_kinds_and_fields_never_break_the_reading(extra: dict[str, Any], number: int) -> None:
    try:
        found = CHANNEL.read(json.dumps({**extra, "update_id": number}).encode(), ACCOUNT)
    except InvalidPayload:
        return
    assert found == []


@given(st.text(max_size=5000), st.text(max_size=300))
def test_any_text_and_name_fit(text: str, name: str) -> None:
    update = {
        "update_id": 1,
        "message": {"message_id": 1, "from": {**USER, "first_name": name}, "chat": CHAT, "text": text},
    }
    (message,) = _read(update)
    assert len(message.text) <= 4096
    assert len(message.name) <= 128


@pytest.mark.parametrize(
    ("given_secret", "secrets", "is_genuine"),
    [
        ("a", ["a"], True),
        ("b", ["a", "b"], True),
        ("", ["a"], False),
        ("A", ["a"], False),
        ("я", ["a"], False),
        ("a", [], False),
    ],
)
def test_the_secret_header_is_checked(given_secret: str, secrets: list[str], is_genuine: bool) -> None:  # noqa: FBT001
    """BOOK-22; two secrets hold during a rotation."""
    headers = {"x-telegram-bot-api-secret-token": given_secret} if given_secret else {}
    assert CHANNEL.is_genuine(headers, b"", secrets) is is_genuine
