"""Joining an organisation by a letter's link: by somebody who has signed in, or by registering through it."""

from __future__ import annotations

import hmac

from functions.accounts.entry import passwords, registration
from functions.accounts.models import IdentityKind, Membership
from functions.accounts.organisation import invitations, membership
from functions.accounts.organisation.invitations import Invitation
from functions.accounts.tables import UserIdentityItem, user_key
from shared import audit
from shared.errors import Forbidden
from shared.keys import lookup_key
from shared.tables import Transaction, find


def accept(user_id: str, token: str) -> Membership:
    """The membership that a signed-in person now has.

    Raises: NotFound, Forbidden where the invitation is another person's, Conflict for who is a member already.
    """
    invitation = invitations.read(token)
    owned = find(UserIdentityItem, user_key(user_id), f"identity#{IdentityKind.EMAIL}")
    if owned is None or not hmac.compare_digest(owned.lookup, lookup_key(IdentityKind.EMAIL, invitation.email)):
        raise Forbidden("This invitation is for another e-mail address.")
    transaction = Transaction()
    joined = _join(transaction, invitation, user_id)
    membership.write_home(transaction, joined.org_id, user_id)
    transaction.commit()
    return joined


def register(token: str, name: str, password: str, language: str) -> Membership:
    """The membership of a new person: the letter has shown that its address is his.

    Raises: NotFound, InvalidField for a weak password, Conflict where the address has an account by now; Forbidden
    for a test's letter, which shows nothing: it lies with the organisation and not in his mailbox.
    """
    invitation = invitations.read(token)
    if invitation.is_test:
        raise Forbidden("The invitation of a test key makes no account. Register first.")
    passwords.refuse_weak(password, invitation.email)
    transaction = Transaction()
    user_id = registration.create_user(
        transaction,
        name=name,
        language=language,
        email=invitation.email,
        password_hash=passwords.hashed(password),
        org_id=invitation.org_id,
    )
    joined = _join(transaction, invitation, user_id)
    transaction.commit()
    return joined


def _join(transaction: Transaction, invitation: Invitation, user_id: str) -> Membership:
    """Uses an invitation up for a person, with the transaction."""
    member = Membership(invitation.org_id, user_id, invitation.roles, invitation.teams)
    invitations.write_used(transaction, invitation)
    membership.count_administrators(transaction, invitation.org_id, (), invitation.roles)
    membership.write_new(transaction, member)
    audit.add(transaction, "accounts.invitation.accepted", invitation.id, org_id=invitation.org_id, way="link")
    return member
