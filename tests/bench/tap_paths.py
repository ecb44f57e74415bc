"""The way of a tap through the handlers, in this process, for `tap_cost`."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from functions.booking import jobs as booking_jobs
from functions.booking.agreement import Client, chosen, new_booking
from functions.booking.models import Day
from functions.booking.reservation import dates_around, taken
from functions.booking.tables import find_days, find_master, master_key, write_booking, write_days
from functions.messengers import api as messengers_api
from functions.messengers import jobs as messengers_jobs
from functions.messengers.channels import base, webchat
from functions.platform import socket
from infra import demo_data
from shared import outbox, sockets
from shared.bus import OutboundMessage
from shared.clock import now
from shared.ids import new_id
from shared.tables import Transaction
from tests.support import moto_aws
from tests.support.events import sample

_numbers = itertools.count(950_000_000)
_stored = 0


def store_bookings(number: int) -> None:
    """Brings the bookings stored for Anna to this number: a few ahead, all others in the past."""
    global _stored  # noqa: PLW0603  # the one counter of a bench run
    if not _stored:
        moto_aws.create()
        demo_data.seed()
    master = find_master("anna")
    service, place = chosen(master, "1", None)
    known: dict[Any, Day] = {}
    for at in range(_stored, number):
        back = at - 5
        start = (now() - timedelta(hours=3 * back)).replace(minute=0, second=0, microsecond=0)
        client = Client(new_id("cli"), "Bench")
        booking = new_booking(master, service, place, start, client, booking_id=new_id("bkg"), now=now())
        transaction = Transaction()
        around = dates_around(booking.start, booking.end, master.zone)
        known = known or {day.date: day for day in find_days(master, *around, is_consistent=True)}
        days = taken(tuple(known.values()), booking, master.zone)
        write_days(transaction, master_key(master.org_id, master.id), days)
        write_booking(transaction, booking)
        transaction.commit()
        known = {day.date: day.model_copy(update={"version": day.version + 1}) for day in days}
    _stored = number


class Path:
    """A person who books in four taps; each is measured from its arrival to the call of the channel."""

    name = ""
    outgoing = ""

    def __init__(self, meter: Any) -> None:
        self._meter = meter
        self._spent_s = 0.0

    def book(self) -> dict[str, tuple[list[str], float, float, float]]:
        """Requests, read units, write units and handlers' milliseconds of each tap."""
        self.arrive("start", "anna")
        self._drain()
        found = {}
        for name, at in (("service", 0), ("day", 3), ("time", 2), ("confirm", 0)):
            payload = [button.payload for row in self.last().buttons for button in row][at]
            found[name] = self._measured(payload)
        return found

    def arrive(self, kind: str, payload: str) -> None:
        """Lets the person do something."""
        raise NotImplementedError

    def last(self) -> OutboundMessage:
        """What was said last."""
        raise NotImplementedError

    def timed(self, handler: Callable[..., Any], event: Any) -> Any:
        """What a handler answers, its time added up."""
        begin = time.perf_counter()
        try:
            return handler(event, SimpleNamespace())
        finally:
            self._spent_s += time.perf_counter() - begin

    def _measured(self, payload: str) -> tuple[list[str], float, float, float]:
        self._meter.calls, self._meter.reads, self._meter.writes, self._spent_s = [], 0, 0, 0.0
        self.arrive("tap", payload)
        self._drain()
        return list(self._meter.calls), self._meter.reads, self._meter.writes, self._spent_s * 1000

    def _drain(self) -> None:
        self._pump("inbound-booking.fifo", booking_jobs.inbound)
        self._pump(self.outgoing, getattr(messengers_jobs, f"send_{self.name}"))

    def _pump(self, queue: str, handler: Callable[..., Any]) -> None:
        seen = (list(self._meter.calls), self._meter.reads, self._meter.writes)
        bodies = moto_aws.waiting(queue)
        self._meter.calls, self._meter.reads, self._meter.writes = seen
        records = [
            {"messageId": str(at), "receiptHandle": "r", "body": body, "attributes": {"MessageGroupId": "g"}}
            for at, body in enumerate(bodies)
        ]
        answer = self.timed(handler, {"Records": records})
        if answer["batchItemFailures"]:
            raise RuntimeError(f"{queue}: {answer}")


class TelegramPath(Path):
    """Over Telegram; its sender is left out after our own work, for its time is Telegram's."""

    name = "telegram"
    outgoing = "outgoing-telegram.fifo"

    def __init__(self, meter: Any) -> None:
        super().__init__(meter)
        self._sent: list[OutboundMessage] = []
        self._chat = next(_numbers)
        base.sender = self._sender

    def _sender(self, name: str) -> Any:
        if name == "telegram":
            return SimpleNamespace(send=self._take)
        return __import__(f"functions.messengers.channels.{name}_sender", fromlist=["SENDER"]).SENDER

    def _take(self, message: OutboundMessage) -> str:
        self._sent.append(message)
        return "1"

    def arrive(self, kind: str, payload: str) -> None:
        """Posts an update."""
        event = sample(f"messengers/api__telegram_{kind}.json")
        update = json.loads(event["body"])
        update["update_id"] = next(_numbers)
        for part in (update.get("message"), update.get("callback_query", {}).get("message")):
            if part:
                part["chat"]["id"] = self._chat
        if kind == "tap":
            update["callback_query"]["data"] = payload
        self.timed(messengers_api.app, event | {"body": json.dumps(update)})

    def last(self) -> OutboundMessage:
        """The last message to Telegram."""
        return self._sent[-1]


class WebChatPath(Path):
    """Over the web chat; the frames are pushed to a management endpoint that answers at once."""

    name = "webchat"
    outgoing = "outgoing-webchat.fifo"

    def __init__(self, meter: Any) -> None:
        super().__init__(meter)
        self._connection_id = f"c{next(_numbers)}="
        self._grant = sockets.Grant(
            system="messengers", subject=new_id("vis"), org_id="org_lipa", resource="anna", language="ru"
        )
        sockets.open_connection(sockets.issue_ticket(self._grant), self._connection_id)
        sockets.push = self._push

    def _push(self, *_: Any, **__: Any) -> None:
        self._meter.calls.append("PostToConnection")

    def arrive(self, kind: str, payload: str) -> None:
        """Sends a frame."""
        if kind == "start":
            frame: dict[str, Any] = {"action": "chat.hello", "data": {}}
        else:
            frame = {"action": "chat.tap", "data": {"payload": payload, "label": "x"}}
            sockets._known().clear()  # as on a function that has not seen this connection
        body = {"v": 1, "system": "messengers", "id": f"f{next(_numbers)}", "seq": 1, **frame}
        context = {"eventType": "MESSAGE", "routeKey": "$default", "connectionId": self._connection_id}
        self.timed(socket.handle, {"requestContext": context, "body": json.dumps(body)})

    def last(self) -> OutboundMessage:
        """The last message of the conversation."""
        rows = outbox.history(webchat.contact_of(self._grant), 1)
        return OutboundMessage.model_validate_json(rows[-1].message)
