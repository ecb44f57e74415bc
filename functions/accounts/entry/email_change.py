"""Another e-mail address: it holds once its own letter's link is followed; the old one is told, and may undo it.

Every address that was left may take its change back for a week, also where others followed: whoever moves a stolen
account on and on does not get rid of its owner. What an earlier address takes back, a later one cannot undo.
"""

from __future__ import annotations

from typing import Final

from functions.accounts import letters
from functions.accounts.entry import pending
from functions.accounts.entry.addresses import normalised
from functions.accounts.models import IdentityKind
from functions.accounts.people import identities, profiles
from functions.accounts.people.users import find_active, write_touched
from functions.accounts.tables import user_key
from functions.accounts.tokens import sessions
from shared import audit
from shared.clock import now
from shared.errors import Conflict, RuleViolation
from shared.keys import lookup_key
from shared.tables import Transaction

LEFT_MOST: Final = 10
"""As many addresses may take a change back; one transaction voids them all."""


def ask(user_id: str, email: str) -> None:
    """Writes to the new address and to the old one; answers the same where the new one is somebody's.

    Raises: InvalidField for what is no address, Conflict where it is his own already, RuleViolation after many changes.
    """
    address, profile = normalised(email), profiles.find_profile(user_id)
    if address == profile.email:
        raise Conflict("This is your address already.")
    owner, change = user_key(user_id), {"old": profile.email, "new": address}
    if pending.standing(owner, pending.EMAIL_STOP) >= LEFT_MOST:
        raise RuleViolation("The address was changed too often within a week. Wait a few days.")
    if profile.email:  # he is written to first: nobody confirms what the owner has not been told of
        stop = pending.keep(owner, pending.EMAIL_STOP, change, lookup_key(IdentityKind.EMAIL, profile.email))
        letters.ask("email_notice", to=profile.email, language=profile.language, token=stop)
    token = pending.keep(owner, pending.EMAIL_CHANGE, change)
    letters.ask("email_change", to=address, language=profile.language, token=token)
    audit.write("accounts.email.change_asked", user_id)


def confirm(token: str) -> None:
    """The new address holds from now on.

    Raises: InvalidField for a link that is void, Conflict where the address has an account by now, Contended.
    """
    found = pending.opened(pending.EMAIL_CHANGE, token)
    user_id, transaction = found.owner.removeprefix(user_key("")), Transaction()
    pending.spend(transaction, found)
    _move(transaction, user_id, found.content["old"], found.content["new"])
    _end(transaction, user_id, "accounts.email.changed")


def stop(token: str) -> None:
    """The old address stays, or holds again; whoever is signed in is signed out.

    Raises: InvalidField for a link that is void, Conflict where the address is somebody else's by now, Contended.
    """
    found = pending.opened(pending.EMAIL_STOP, token)
    user_id, transaction = found.owner.removeprefix(user_key("")), Transaction()
    old, present = found.content["old"], profiles.find_profile(user_id).email
    pending.spend(transaction, found)
    pending.drop_later(transaction, found)
    pending.drop(transaction, found.owner, pending.EMAIL_CHANGE)
    if present == old:
        write_touched(transaction, user_id)
    else:
        _move(transaction, user_id, present, old)
    sessions.write_ends(transaction, user_id)
    _end(transaction, user_id, "accounts.email.change_stopped")
    sessions.end_all(user_id)


def _move(transaction: Transaction, user_id: str, old: str, new: str) -> None:
    """Moves a person from one address to another, and voids a reset that went to the one before."""
    profiles.change(transaction, user_id, now(), email=new)
    if old:
        identities.write_removed(transaction, user_id, IdentityKind.EMAIL, old)
    identities.write_new(transaction, user_id, identities.email_identity(new))
    pending.drop(transaction, user_key(user_id), pending.RESET)
    write_touched(transaction, user_id)


def _end(transaction: Transaction, user_id: str, action: str) -> None:
    """Commits, with an entry that his organisation sees."""
    user = find_active(user_id)
    audit.add(transaction, action, user_id, org_id=user.org_id if user is not None else "", way="link")
    transaction.commit()
