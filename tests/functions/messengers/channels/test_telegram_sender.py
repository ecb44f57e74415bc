"""What we say to Telegram, said by aiogram to a Telegram on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from functions.messengers.channels import base
from infra.demo_data import ORGANISATIONS
from infra.local.fakes.telegram import Fault
from shared.bus import Button, Contact, OutboundMessage
from shared.errors import ProviderRejected, ProviderThrottled, ProviderUnavailable
from shared.settings import settings
from tests.support.telegram import LoopbackTelegram, loopback_telegram

BOT = ORGANISATIONS[0].bot
OLGA = 700000001


@pytest.fixture
def telegram(demo: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackTelegram]:
    """A Telegram in which Olga has started the bot."""
    from functions.messengers.channels import telegram_sender  # noqa: PLC0415  # a second of import

    with loopback_telegram(BOT.token, BOT.username) as found:
        monkeypatch.setattr(telegram_sender, "settings", lambda: settings()._replace(telegram_api_url=found.base_url))
        found.run(found.server.create_person("Olga", person_id=OLGA))
        found.run(found.server.start(OLGA, BOT.username, "anna"))
        yield found
        telegram_sender._loop.run_until_complete(telegram_sender._bot(BOT.account_id).session.close())
        telegram_sender._bot.cache_clear()


def _message(
    text: str = "Hello", *, edits: str | None = None, receipt: str | None = None, chat: int = OLGA
) -> OutboundMessage:
    return OutboundMessage(
        id="msg_1",
        contact=Contact(channel="telegram", account_id=BOT.account_id, chat=str(chat)),
        text=text,
        buttons=((Button(label="Yes", payload="m:anna"), Button(label="No", payload="l:anna")),),
        edits=edits,
        receipt=receipt,
    )


def test_a_message_arrives_with_its_buttons(telegram: LoopbackTelegram) -> None:
    provider_id = base.sender("telegram").send(_message("<b>Hello</b> & you"))
    said = telegram.messages(OLGA)[-1]
    assert (str(said["message_id"]), said["text"]) == (provider_id, "<b>Hello</b> & you")
    assert [[button["text"] for button in row] for row in said["reply_markup"]["inline_keyboard"]] == [["Yes", "No"]]


def test_a_tapped_message_is_edited_in_place(telegram: LoopbackTelegram) -> None:
    sender = base.sender("telegram")
    first = sender.send(_message("Before"))
    number = len(telegram.messages(OLGA))
    assert sender.send(_message("After", edits=first)) == first
    assert len(telegram.messages(OLGA)) == number
    assert telegram.messages(OLGA)[-1]["text"] == "After"


def test_the_same_edit_twice_is_no_failure(telegram: LoopbackTelegram) -> None:
    """A message that was sent before a crash is sent again."""
    sender = base.sender("telegram")
    first = sender.send(_message("Before"))
    assert sender.send(_message("After", edits=first)) == sender.send(_message("After", edits=first))


def test_what_cannot_be_edited_is_sent_anew(telegram: LoopbackTelegram) -> None:
    sender = base.sender("telegram")
    assert sender.send(_message("Anew", edits="9999", receipt="4242")) != "9999"
    assert telegram.messages(OLGA)[-1]["text"] == "Anew"


def test_a_blocked_bot_is_refused_for_good(telegram: LoopbackTelegram) -> None:
    telegram.run(telegram.server.block(OLGA, BOT.username))
    with pytest.raises(ProviderRejected, match="blocked"):
        base.sender("telegram").send(_message())


def test_an_unknown_chat_is_refused_for_good(telegram: LoopbackTelegram) -> None:
    with pytest.raises(ProviderRejected, match="chat not found"):
        base.sender("telegram").send(_message(chat=1))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(kind="too_many_requests", retry_after_s=14), ProviderThrottled),
        (Fault(kind="server_error"), ProviderUnavailable),
        (Fault(kind="drop"), ProviderUnavailable),
    ],
)
def test_trouble_is_told_in_our_words(telegram: LoopbackTelegram, fault: Fault, error: type[Exception]) -> None:
    telegram.server.add_fault(fault)
    with pytest.raises(error) as told:
        base.sender("telegram").send(_message())
    assert not isinstance(told.value, ProviderThrottled) or told.value.retry_after_s == 14


def test_after_trouble_the_next_call_works(telegram: LoopbackTelegram) -> None:
    telegram.server.add_fault(Fault(kind="server_error"))
    sender = base.sender("telegram")
    with pytest.raises(ProviderUnavailable):
        sender.send(_message())
    assert sender.send(_message())
