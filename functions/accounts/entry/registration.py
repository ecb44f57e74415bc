"""Registration: nothing is made of it until its letter's link is followed, and its answer tells nothing.

Whether an address is known decides which letter goes to it; the request itself does the same for both.
"""

from __future__ import annotations

from functions.accounts import letters
from functions.accounts.entry import lockout, passwords, pending
from functions.accounts.entry.addresses import normalised
from functions.accounts.models import Organisation, Profile
from functions.accounts.organisation import organisations
from functions.accounts.people import identities, profiles
from functions.accounts.people.identities import Identity
from functions.accounts.people.users import SK
from functions.accounts.tables import UserItem, user_key
from shared import audit
from shared.clock import now
from shared.errors import Unauthorized
from shared.ids import new_id
from shared.tables import Transaction


def register(email: str, password: str, name: str, language: str, organisation: str = "") -> None:
    """Sends a letter to the address: with a link that makes the account, or saying that there is one already.

    Raises: InvalidField for an address or a password that cannot be.
    """
    address = normalised(email)
    passwords.refuse_weak(password, address)
    wanted = {
        "email": address,
        "password_hash": passwords.hashed(password),
        "name": name,
        "language": language,
        "organisation": organisation,
    }
    token = pending.keep(f"registration#{new_id('reg')}", pending.REGISTRATION, wanted)
    letters.ask("registration", to=address, language=language, token=token)


def confirm(token: str, password: str) -> str:
    """The id of the person whom the link makes, with his organisation where he named one.

    Shape: the password is the one that was chosen: who reads the letter but did not ask for it makes no account that
    somebody else knows the password of.
    Raises: InvalidField for a link that was used, is too old or was made up; Unauthorized for another password,
    TooManyRequests after several; Conflict where the address has an account by now; Contended.
    """
    found = pending.opened(pending.REGISTRATION, token)
    guess = lockout.spend("registration", found.owner)
    wanted, transaction = found.content, Transaction()
    if not passwords.matches(wanted["password_hash"], password):
        raise Unauthorized("The password is wrong.")
    lockout.forget(guess)
    pending.spend(transaction, found)
    org_id = new_id("org") if wanted["organisation"] else ""
    user_id = create_user(
        transaction,
        name=wanted["name"],
        language=wanted["language"],
        email=wanted["email"],
        password_hash=wanted["password_hash"],
        org_id=org_id,
    )
    if org_id:
        organisations.write_founded(transaction, Organisation(org_id, wanted["organisation"], now()), user_id)
    audit.add(transaction, "accounts.registration.confirmed", user_id, org_id=org_id, way="link")
    transaction.commit()
    return user_id


def create_user(
    transaction: Transaction,
    *,
    name: str,
    language: str,
    email: str = "",
    password_hash: str = "",
    identity: Identity | None = None,
    org_id: str = "",
) -> str:
    """The id of a person whom the transaction makes.

    Shape: `email` is one that he has proved to read; `identity` another thing that he is found by; `org_id` is the
    organisation that he begins in.
    Raises: Conflict, from the transaction's commit, where somebody else is found by that.
    """
    user_id, moment = new_id("usr"), now()
    transaction.create(UserItem(user_key(user_id), SK, created_at=moment.isoformat(), org_id=org_id))
    profiles.write_new(transaction, user_id, Profile(name, language, email, moment))
    found_by = [identities.email_identity(email)] if email else []
    for each in [*found_by, *([identity] if identity else [])]:
        identities.write_new(transaction, user_id, each)
    if password_hash:
        passwords.set_first(transaction, user_id, password_hash, moment)
    audit.add(transaction, "accounts.user.created", user_id)
    return user_id
