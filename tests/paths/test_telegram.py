"""From a person's phone to a booking, over the running product."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from infra.local.product import Product
from tests.support.running import TelegramPerson, until

Phone = Callable[..., TelegramPerson]


def test_a_person_books_in_telegram(phone: Phone) -> None:
    """BOOK-10, BOOK-11, BOOK-20: link, service, day, time, confirm; the chat is edited in place."""
    person = phone()
    person.do("start", payload="anna")
    person.sees("what would you like to book")
    person.tap("Маникюр ·")
    person.sees("Which day")
    person.tap(3)
    person.sees("Which time")
    person.tap(0)
    person.sees("Shall I book this")
    person.tap("Confirm")
    assert "Студия «Липа»" in person.sees("You are booked")
    assert len(person.said()) == 1


def test_a_double_tap_books_once(phone: Phone) -> None:
    """BOOK-21: Telegram delivers twice, the person taps twice."""
    person = phone()
    person.fault(kind="double_delivery", times=12)
    person.do("start", payload="anna")
    person.sees("what would you like to book")
    for label, answer in (
        ("Снятие", "Which day"),
        (4, "Which time"),
        (1, "Shall I book"),
        ("Confirm", "You are booked"),
    ):
        person.tap(label)
        person.sees(answer)
    person.tap("Book another")
    person.sees("what would you like to book")
    person.tap("My bookings")
    until(lambda: any("Снятие" in label for label in person.labels()))
    assert len([label for label in person.labels() if "Снятие" in label]) == 1


def test_trouble_at_telegram_loses_no_answer(phone: Phone) -> None:
    """BOOK-20: 429, 500, an answer that never comes: what was decided is said in the end."""
    person = phone()
    person.fault(kind="too_many_requests", retry_after_s=1)
    person.do("start", payload="anna")
    person.sees("what would you like to book")


def test_a_sticker_gets_a_helpful_answer(phone: Phone) -> None:
    """BOOK-23."""
    person = phone(language="ru")
    person.do("start", payload="anna")
    person.sees("на что вас записать")
    person.do("sticker")
    person.sees("не умею читать")


def test_a_forged_webhook_is_refused(product: Product) -> None:
    """BOOK-22."""
    webhook = product.demo["masters"][0]["webhook"]
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
        assert httpx.post(webhook, json={"update_id": 1}, headers=headers).status_code == 401
