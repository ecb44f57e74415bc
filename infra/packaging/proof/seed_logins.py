"""The people who sign in by samples, and the letters that are to be sent to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from functions.accounts import letters
from functions.accounts.entry import passwords
from functions.accounts.letter_texts import Letter
from functions.accounts.models import Membership, Profile
from functions.accounts.organisation import membership
from functions.accounts.people import identities, profiles
from functions.accounts.people.users import SK
from functions.accounts.tables import SessionItem, UserItem, user_key
from shared.clock import epoch_s, now
from shared.rights import Role
from shared.tables import Transaction

ORG: Final = "org_lipa"
FIRST: Final = 0x01900000000070008000000000000000
SIGNS_IN, CHANGES = 0xB1, 0xB2
REGISTERS, FORGETS = 0xB1, 0xB2
ADDRESS: Final = "olga.lipova@example.org"
# Of "four quiet otters in a boat", made cheaply: the first login makes it anew.
HASH: Final = "$argon2id$v=19$m=8,t=1,p=1$WMxM2GT296Cpfx0exT6fvg$n2ginC3STxnP5uehaZqxlZpNfJz89F7i19yySeaVPNw"


def seed_logins() -> None:
    """Stores them."""
    seed_user(SIGNS_IN, ADDRESS)
    seed_user(CHANGES, "olga.changes@example.org")
    letters.keep(sample_id("let", REGISTERS), Letter("registration", "new@example.org", "ru", {"token": "sample"}))
    letters.keep(sample_id("let", FORGETS), Letter("reset", ADDRESS, "ru", {}))


def sample_id(prefix: str, number: int) -> str:
    """An id that a sample names."""
    return f"{prefix}_{FIRST + number:032x}"


def seed_user(number: int, address: str) -> None:
    """Stores somebody with the sample password and a session."""
    user_id, moment = sample_id("usr", number), now()
    transaction = Transaction()
    transaction.create(UserItem(user_key(user_id), SK, created_at=moment.isoformat(), org_id=ORG))
    transaction.create(_session(user_id, number, moment))
    profiles.write_new(transaction, user_id, Profile("Olga", "en", address, moment))
    identities.write_new(transaction, user_id, identities.email_identity(address))
    passwords.set_first(transaction, user_id, HASH, moment)
    membership.write_new(transaction, Membership(ORG, user_id, (Role.SUPPORT,)))
    transaction.commit()


def _session(user_id: str, number: int, moment: datetime) -> SessionItem:
    since, later = moment.isoformat(), moment + timedelta(days=30)
    return SessionItem(
        user_key(user_id),
        f"session#{sample_id('ses', number)}",
        org_id=ORG,
        refresh_digest="",
        created_at=since,
        used_at=since,
        ends_at=later.isoformat(),
        expires_at=epoch_s(later),
    )
