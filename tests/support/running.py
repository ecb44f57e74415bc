"""People who use the running product: in the loopback Telegram and in the web chat, over HTTP and WebSocket alone."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

import httpx
from websockets.sync.client import ClientConnection, connect

from infra.local.product import Product

T = TypeVar("T")
PATIENCE_S = 20.0
_people = itertools.count(800_000_001)
_frames = itertools.count(1)
_addresses = itertools.count(1)


def until(look: Callable[[], T | None], patience_s: float = PATIENCE_S) -> T:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("nothing came in time")


def client_from(address: str) -> httpx.Client:
    """A client that calls from this address of the loopback network."""
    return httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=60)


class TelegramPerson:
    """Somebody with a phone who chats with a demo bot."""

    def __init__(self, product: Product, *, language: str = "en", person_id: int = 0) -> None:
        self.id = person_id or next(_people)
        self.bot = product.demo["masters"][0]["bot"]
        self._http = httpx.Client(base_url=product.demo["telegram_url"], timeout=10)
        if not person_id:
            person = {"first_name": "Olga", "language_code": language, "person_id": self.id}
            self._http.post("/people", json=person).raise_for_status()

    def close(self) -> None:
        """Puts the phone away."""
        self._http.close()

    def do(self, act: str, **content: Any) -> None:
        """One act: start, text, tap, sticker, block."""
        self._http.post(f"/people/{self.id}/chats/{self.bot}/{act}", json=content).raise_for_status()

    def messages(self) -> list[dict[str, Any]]:
        """The chat as the person sees it."""
        found: list[dict[str, Any]] = self._http.get(f"/people/{self.id}/chats/{self.bot}").json()["messages"]
        return found

    def said(self) -> list[str]:
        """What the bot has said."""
        return [message["text"] for message in self.messages() if message["from"]["is_bot"]]

    def sees(self, part: str) -> str:
        """The last message of the bot, as soon as it holds this."""
        return until(lambda: next((text for text in self.said()[-1:] if part in text), None))

    def labels(self) -> list[str]:
        """The buttons under the last message of the bot."""
        last = next(message for message in reversed(self.messages()) if message["from"]["is_bot"])
        return [button["text"] for row in last.get("reply_markup", {}).get("inline_keyboard", []) for button in row]

    def tap(self, part: str | int) -> None:
        """Taps a button of the last message."""
        label = self.labels()[part] if isinstance(part, int) else next(each for each in self.labels() if part in each)
        self.do("tap", label=label)

    def book(self, service: str, day: int, time_of_day: int = 2) -> None:
        """Follows Anna's link and books in four taps."""
        self.do("start", payload="anna")
        self.sees("what would you like to book")
        taps = ((service, "Which day"), (day, "Which time"), (time_of_day, "Shall I book"), ("Confirm", "are booked"))
        for button, answer in taps:
            self.tap(button)
            self.sees(answer)

    def fault(self, **fault: Any) -> None:
        """Lets Telegram's next calls meet trouble."""
        self._http.post("/faults", json=fault).raise_for_status()


class ChatVisitor:
    """Somebody on a web chat's page."""

    def __init__(
        self, product: Product, master: str = "anna", language: str = "en", visitor: str | None = None
    ) -> None:
        self._product = product
        self.master = master
        request = {"master": master, "language": language} | ({"visitor": visitor} if visitor else {})
        with client_from(f"127.0.2.{next(_addresses) % 250 + 1}") as client:
            answer = client.post(f"{product.base_url}/v1/messengers/chat/tickets", json=request)
        answer.raise_for_status()
        self.ticket: dict[str, Any] = answer.json()
        self._stack = ExitStack()
        opening = connect(f"{self.ticket['websocket_url']}?ticket={self.ticket['ticket']}")
        self.socket: ClientConnection = self._stack.enter_context(opening)

    def close(self) -> None:
        """Leaves the page."""
        self._stack.close()

    def send(self, action: str, frame_id: str = "", **data: Any) -> str:
        """The id of a frame that was sent."""
        name = frame_id or f"f{next(_frames)}"
        frame = {"v": 1, "system": "messengers", "action": action, "id": name, "seq": 1, "data": data}
        self.socket.send(json.dumps(frame))
        return name

    def receive(self, action: str) -> dict[str, Any]:
        """The next frame of that kind."""
        while True:
            frame: dict[str, Any] = json.loads(self.socket.recv(timeout=PATIENCE_S))
            if frame["action"] == action:
                return frame

    def hello(self) -> dict[str, Any]:
        """The first message of a new conversation."""
        self.send("chat.hello")
        history: dict[str, Any] = self.receive("chat.history")["data"]
        messages: list[dict[str, Any]] = history["messages"]
        return messages[-1] if messages else self.receive("chat.message")["data"]

    def tap(self, message: dict[str, Any], at: int | str) -> dict[str, Any]:
        """The message that answers a tap on a button of another."""
        buttons = [button for row in message["buttons"] for button in row]
        button = buttons[at] if isinstance(at, int) else next(each for each in buttons if at in each["label"])
        name = self.send("chat.tap", payload=button["payload"], label=button["label"])
        frame = self.receive("chat.message")
        assert frame["id"] == name
        answer: dict[str, Any] = frame["data"]
        return answer
