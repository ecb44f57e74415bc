"""A person's own password, asked before what a stolen token shall not do, and changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from functions.accounts import letters
from functions.accounts.entry import lockout, passwords, pending
from functions.accounts.people import profiles
from functions.accounts.people.users import write_touched
from functions.accounts.tables import user_key
from functions.accounts.tokens import sessions
from shared import audit
from shared.clock import now
from shared.errors import Unauthorized
from shared.tables import Transaction

FRESH: Final = timedelta(minutes=15)


def demand(user_id: str, session_id: str, password: str) -> None:
    """Says nothing where a signed-in person gives his right password, or has none and has just signed in otherwise.

    Raises: Unauthorized, TooManyRequests.
    """
    guess = lockout.spend("own-password", user_id)
    if passwords.verify(user_id, password):
        lockout.forget(guess)
        return
    if passwords.has_one(user_id):
        raise Unauthorized("The password is wrong.")
    if not any(each.id == session_id and now() - each.created_at < FRESH for each in sessions.sessions_of(user_id)):
        raise Unauthorized("Sign in again to do this.")
    lockout.forget(guess)


def change(user_id: str, session_id: str, old: str, new: str) -> None:
    """Puts a new password in place of the old one; all other sessions of the person end.

    Raises: Unauthorized, TooManyRequests, InvalidField for a weak one, Contended.
    """
    profile = profiles.find_profile(user_id)
    passwords.refuse_weak(new, profile.email)
    demand(user_id, session_id, old)
    transaction = Transaction()
    passwords.set_password(transaction, user_id, passwords.hashed(new), now())
    pending.drop(transaction, user_key(user_id), pending.EMAIL_CHANGE)
    pending.drop(transaction, user_key(user_id), pending.RESET)
    write_touched(transaction, user_id)
    sessions.write_ends(transaction, user_id, but=session_id)
    audit.add(transaction, "accounts.password.changed", user_id)
    transaction.commit()
    sessions.end_all(user_id, but=session_id)
    if profile.email:
        letters.tell("password_changed", to=profile.email, language=profile.language)
