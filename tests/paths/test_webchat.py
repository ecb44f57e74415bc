"""From a web page to a booking, over the running product."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from infra.local.product import Product
from tests.support.running import ChatVisitor

Page = Callable[..., ChatVisitor]


def test_a_visitor_books_in_four_taps(page: Page) -> None:
    """BOOK-11, BOOK-20."""
    visitor = page()
    message = visitor.hello()
    for choice in ("Педикюр", 5, 2, "Confirm"):
        message = visitor.tap(message, choice)
    assert message["text"].startswith("You are booked")


def test_a_visitor_who_comes_back_finds_his_chat(page: Page) -> None:
    visitor = page()
    visitor.tap(visitor.hello(), 0)
    visitor.close()
    again = page(visitor=visitor.ticket["visitor"])
    again.send("chat.hello")
    history = again.receive("chat.history")["data"]["messages"]
    assert [message["answers"] for message in history][1:] == [history[0]["buttons"][0][0]["label"]]


def test_the_same_frame_twice_is_answered_once(page: Page) -> None:
    """BOOK-21."""
    visitor = page()
    visitor.hello()
    for _ in range(3):
        visitor.send("chat.say", "same", text="hello")
    visitor.receive("chat.message")
    visitor.send("chat.hello")
    assert len(visitor.receive("chat.history")["data"]["messages"]) == 2


def test_a_ticket_is_used_once(page: Page) -> None:
    visitor = page()
    address = f"{visitor.ticket['websocket_url']}?ticket={visitor.ticket['ticket']}"
    with pytest.raises(InvalidStatus), connect(address):
        pass


def test_another_sites_page_gets_no_ticket(product: Product) -> None:
    answer = httpx.post(
        f"{product.base_url}/v1/messengers/chat/tickets",
        json={"master": "anna"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
