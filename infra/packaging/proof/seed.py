"""The data that the samples of `events/` meet: the demo's organisations, and what they name by fixed ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from functions.booking.agreement import Client, new_booking
from functions.booking.bookings import REMINDER, TIMERS_QUEUE, write_new
from functions.booking.models import Conversation, Offer
from functions.booking.tables import find_master, write_conversation
from infra import demo_data
from shared import storage, timers
from shared.bus import Contact, OutboundMessage
from shared.clock import epoch_s, now
from shared.outbox import OutboxRow, conversation_key
from shared.sockets import Connection, Grant, Ticket
from shared.tables import Transaction

TICKET = "sample-ticket000000000000000000000000000000"
CONNECTION, OFFER = "L0SM9cOFvHcCIhw=", "sampleoffer"
REMINDED, CANCELLED = "bkg_01900000000070008000000000000001", "bkg_01900000000070008000000000000002"
CLIENT = "cli_01900000000070008000000000000001"
START = datetime(2026, 11, 21, 10, tzinfo=UTC)
BOOKINGS = {REMINDED: START, CANCELLED: START + timedelta(days=2)}
CHAT = Contact(channel="telegram", account_id="bot_anna", chat="700000001")
VISITOR_ID = "vis_0190000000007000800000000000abcd"
VISITOR = Grant(system="messengers", subject=VISITOR_ID, org_id="org_lipa", resource="anna", language="ru")


def seed() -> None:
    """Stores it all in the AWS that the environment names."""
    demo_data.seed()
    catalogue = (demo_data.FILES / "anna.json").read_bytes()
    storage.write("imports", "catalogues/org_lipa/anna.json", catalogue, "application/json")
    _seed_sockets()
    _seed_bookings()
    _seed_conversation()
    _seed_unsent()


def _seed_sockets() -> None:
    grant, later = VISITOR.model_dump_json(), epoch_s(now() + timedelta(hours=1))
    Ticket(f"ticket#{TICKET}", "ticket", grant=grant, expires_at=later).save()
    Connection(f"connection#{CONNECTION}", "connection", grant=grant, expires_at=later).save()


def _seed_bookings() -> None:
    """Two visits ahead: the first one's reminder is due by now, the second one is cancelled by a sample."""
    master = find_master("anna")
    service = master.catalogue.services[0]
    place = master.places_of(service)[0]
    client = Client(CLIENT, "Ольга", CHAT, "ru")
    for booking_id, start in BOOKINGS.items():
        booking = new_booking(master, service, place, start, client, booking_id=booking_id, now=now())
        transaction = Transaction()
        write_new(transaction, master, (), booking)
        transaction.commit()
    subject = {"booking_id": REMINDED, "start": START.isoformat(), "before_min": "1440"}
    due = timers.timer(TIMERS_QUEUE, REMINDER, now(), org_id="org_lipa", timer_id="sample", subject=subject)
    due.save()


def _seed_conversation() -> None:
    """The client of that visit is asked to confirm another."""
    offer = Offer(token=OFFER, service_key="1", place_key="1", start=START + timedelta(days=3))
    conversation = Conversation(
        key=conversation_key(CHAT),
        client_id=CLIENT,
        language="ru",
        name="Ольга",
        masters={"anna": "Анна Светлова"},
        active="anna",
        offer=offer,
    )
    transaction = Transaction()
    write_conversation(transaction, conversation, epoch_s(now() + timedelta(days=1)))
    transaction.commit()


def _seed_unsent() -> None:
    """A message that should have been sent a minute ago."""
    message = OutboundMessage(id="msg_01900000000070008000000000000003", contact=CHAT, text="Здравствуйте!")
    OutboxRow(
        conversation_key(CHAT),
        message.id,
        org_id="org_lipa",
        message=message.model_dump_json(exclude_none=True),
        unsent_shard="0",
        try_at=epoch_s(now() - timedelta(minutes=1)),
        lease="lea_01900000000070008000000000000003",
        correlation_id="cor_01900000000070008000000000000003",
    ).save()
