"""A new password by letter: it works whatever is locked, ends every session and takes a young second factor off."""

from __future__ import annotations

from functions.accounts import letters
from functions.accounts.entry import lockout, passwords, pending, second_factor
from functions.accounts.entry.addresses import normalised
from functions.accounts.people import profiles
from functions.accounts.people.users import find_active, write_touched
from functions.accounts.tables import user_key
from functions.accounts.tokens import sessions
from shared import audit
from shared.clock import now
from shared.errors import InvalidField
from shared.tables import Transaction


def ask(email: str, language: str) -> None:
    """Has a letter sent to the address where it is that of an account; takes the same time where it is not.

    Raises: InvalidField for what is no address.
    """
    letters.ask("reset", to=normalised(email), language=language)


def confirm(token: str, password: str) -> str:
    """Sets the password; gives a token for the device that this is done at, so that no lock keeps it out.

    Raises: InvalidField for a link that is void, or a weak password; Contended.
    """
    found = pending.opened(pending.RESET, token)
    user_id = found.owner.removeprefix(user_key(""))
    user = find_active(user_id)
    profile = profiles.find_profile(user_id) if user is not None else None
    if user is None or profile is None or profile.email != found.content["to"]:
        raise InvalidField("This link is not valid any more. Ask for a new one.")
    passwords.refuse_weak(password, profile.email)
    transaction = Transaction()
    pending.spend(transaction, found)
    passwords.set_password(transaction, user_id, passwords.hashed(password), now())
    pending.drop(transaction, found.owner, pending.EMAIL_CHANGE)
    second_factor.write_off_young(transaction, user_id)
    write_touched(transaction, user_id)
    sessions.write_ends(transaction, user_id)
    audit.add(transaction, "accounts.password.reset", user_id, org_id=user.org_id, way="link")
    transaction.commit()
    sessions.end_all(user_id)
    letters.tell("password_changed", to=profile.email, language=profile.language)
    return lockout.device_token(profile.email)
