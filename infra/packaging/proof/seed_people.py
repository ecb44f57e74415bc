"""The people whose data the samples ask for: two with a login, two clients, each with all that may be kept of him."""

from __future__ import annotations

from datetime import timedelta

from functions.accounts.models import Membership, Profile
from functions.accounts.organisation import membership
from functions.accounts.people import identities, profiles
from functions.accounts.tables import PasswordItem, SessionItem, UserItem, user_key
from functions.booking.agreement import Client, new_booking
from functions.booking.bookings import write_new
from functions.booking.models import Conversation
from functions.booking.tables import find_master, write_conversation
from shared import outbox, storage
from shared.bus import Contact, OutboundMessage, PersonalDataRequested, PersonNamed
from shared.clock import epoch_s, now
from shared.outbox import conversation_key
from shared.personal_requests import BUCKET, file_key, write_asked
from shared.rights import Role
from shared.tables import Transaction

ORG = "org_lipa"
DIGITS = "{:032x}"
FIRST = 0x01900000000070008000000000000000
EXPORTED, REMOVED, EARLIER = 0xA1, 0xA2, 0x2A2
ASKER = "usr_01900000000070008000000000000001"


def seed_people() -> None:
    """Stores them, and the requests of `events/platform/personal__….json`."""
    for number, what in ((EXPORTED, "export"), (REMOVED, "remove")):
        _seed_user(number)
        _seed_client(number)
        for person in (user(number), client(number)):
            transaction = Transaction()
            write_asked(transaction, request(what, person))
            transaction.commit()
    _seed_earlier_file()


def user(number: int) -> PersonNamed:
    """Somebody with a login."""
    return PersonNamed(user_id=_id("usr", number))


def client(number: int) -> PersonNamed:
    """A client of the demo's first organisation."""
    return PersonNamed(org_id=ORG, client_id=_id("cli", number))


def request(what: str, person: PersonNamed) -> PersonalDataRequested:
    """What the sample of a request carries."""
    is_user = bool(person.user_id)
    number = int(person.id.rpartition("_")[2], 16) % 0x100 + (0 if is_user else 0x100)
    return PersonalDataRequested.model_validate(
        {
            "request_id": _id("prq", number),
            "what": what,
            "person": person,
            "asked_by": person.user_id or ASKER,
            "asker_kind": "user",
        }
    )


def _seed_earlier_file() -> None:
    """A file of the client who is removed, made before."""
    transaction = Transaction()
    earlier = request("export", client(REMOVED)).model_copy(update={"request_id": _id("prq", EARLIER)})
    item = write_asked(transaction, earlier)
    transaction.commit()
    storage.write(BUCKET, file_key(item), b"{}", "application/json")


def _id(prefix: str, number: int) -> str:
    return f"{prefix}_{DIGITS.format(FIRST + number)}"


def _seed_user(number: int) -> None:
    user_id, moment = user(number).user_id, now()
    since = moment.isoformat()
    address = f"person{number}@example.org"
    transaction = Transaction()
    transaction.create(UserItem(user_key(user_id), "user", created_at=since, org_id=ORG))
    transaction.create(PasswordItem(user_key(user_id), "password", hash="$argon2id$", effective_from=since))
    transaction.create(_session(number, user_id, since))
    profiles.write_new(transaction, user_id, Profile("Olga", "en", address, moment))
    identities.write_new(transaction, user_id, identities.email_identity(address))
    membership.write_new(transaction, Membership(ORG, user_id, (Role.SUPPORT,)))
    transaction.commit()


def _session(number: int, user_id: str, since: str) -> SessionItem:
    later = now() + timedelta(days=30)
    return SessionItem(
        user_key(user_id),
        f"session#{_id('ses', number)}",
        org_id=ORG,
        refresh_digest="",
        created_at=since,
        used_at=since,
        ends_at=later.isoformat(),
        expires_at=epoch_s(later),
    )


def _seed_client(number: int) -> None:
    contact = Contact(channel="telegram", account_id="bot_anna", chat=str(700000000 + number))
    master, client_id = find_master("anna"), client(number).client_id
    service = master.catalogue.services[0]
    start = (now() + timedelta(days=5 + number % 2)).replace(minute=0, second=0, microsecond=0)
    named = Client(client_id, "Olga", contact, "en")
    booking = new_booking(
        master, service, master.places_of(service)[0], start, named, booking_id=_id("bkg", number), now=now()
    )
    conversation = Conversation(key=conversation_key(contact), client_id=client_id, name="Olga")
    said = OutboundMessage(id=_id("msg", number), contact=contact, text="You are booked.", answers="Confirm")
    transaction = Transaction()
    write_new(transaction, master, (), booking)
    write_conversation(transaction, conversation, epoch_s(now() + timedelta(days=1)))
    outbox.add(transaction, ORG, [said])
    transaction.commit()
