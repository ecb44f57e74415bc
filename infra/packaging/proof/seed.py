"""The data that the samples of `events/` meet: the demo's organisations, and what they name by fixed ids."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

from functions.accounts.tokens import keyring
from functions.accounts.tokens.keyring import SigningKey
from functions.booking.agreement import Client, new_booking
from functions.booking.bookings import REMINDER, TIMERS_QUEUE, write_new
from functions.booking.models import Conversation, Offer
from functions.booking.tables import find_master, write_conversation
from infra import demo_data
from infra.packaging.proof.seed_logins import seed_logins
from infra.packaging.proof.seed_organisation import seed_organisation
from infra.packaging.proof.seed_outside import seed_outside
from infra.packaging.proof.seed_people import seed_people
from shared import aws, secrets, storage, timers
from shared.bus import Contact, OutboundMessage
from shared.clock import epoch_s, now
from shared.identity import Caller
from shared.outbox import OutboxRow, conversation_key
from shared.sockets import Connection, Grant, Ticket, issue_ticket, open_connection, ticket_key
from shared.tables import Transaction

TICKET = "sample-ticket000000000000000000000000000000"
CONNECTION, OWN_CONNECTION, OFFER = "L0SM9cOFvHcCIhw=", "L0SM9dOFvHcCIhw=", "sampleoffer"
REMINDED, CANCELLED = "bkg_01900000000070008000000000000001", "bkg_01900000000070008000000000000002"
CLIENT = "cli_01900000000070008000000000000001"
START = datetime(2026, 11, 21, 10, tzinfo=UTC)
BOOKINGS = {REMINDED: START, CANCELLED: START + timedelta(days=2)}
CHAT = Contact(channel="telegram", account_id="bot_anna", chat="700000001")
VISITOR_ID = "vis_0190000000007000800000000000abcd"
VISITOR = Grant(system="messengers", subject=VISITOR_ID, org_id="org_lipa", resource="anna", language="ru")
# Whoever reads this could sign with it: no ring of keys but that of a proof or of a test ever holds it.
_SEED = base64.urlsafe_b64encode(hashlib.sha256(b"the samples in events/").digest()).decode()
SIGNER = SigningKey("samples", datetime(2026, 11, 20, 9, tzinfo=UTC), _SEED)
SIGNED_AT = datetime(2026, 11, 20, 9, 59, tzinfo=UTC)
MEMBER = Caller(
    kind="user",
    subject="usr_01900000000070008000000000000001",
    org_id="org_lipa",
    roles=("administrator",),
    session_id="ses_01900000000070008000000000000001",
)
SIGNED_IN = Grant(
    system="messengers", subject=MEMBER.subject, org_id="org_lipa", resource="anna", session_id=MEMBER.session_id
)


def seed() -> None:
    """Stores it all in the AWS that the environment names."""
    demo_data.seed()
    catalogue = (demo_data.FILES / "anna.json").read_bytes()
    storage.write("imports", "catalogues/org_lipa/anna.json", catalogue, "application/json")
    _seed_keys()
    _seed_sockets()
    _seed_bookings()
    _seed_conversation()
    _seed_unsent()
    seed_people()
    seed_organisation()
    seed_logins()
    seed_outside()


def _seed_keys() -> None:
    """The key that signed the samples' access token is known, too."""
    known = secrets.document(keyring.PUBLIC)
    public = SIGNER.unlocked().public_key().public_bytes_raw()
    known["keys"].append(keyring.public_jwk(SIGNER.kid, SIGNER.created, public))
    name = secrets.path(keyring.PUBLIC)
    aws.client("ssm").put_parameter(Name=name, Value=json.dumps(known), Type="SecureString", Overwrite=True)
    secrets.forget()


def _seed_sockets() -> None:
    grant, later = VISITOR.model_dump_json(), epoch_s(now() + timedelta(hours=1))
    Ticket(ticket_key(TICKET), "ticket", grant=grant, expires_at=later).save()
    Connection(f"connection#{CONNECTION}", "connection", grant=grant, expires_at=later).save()
    open_connection(issue_ticket(SIGNED_IN), OWN_CONNECTION)


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
