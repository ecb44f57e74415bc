"""The removal of a person with a login: step by step, each of which may be done again after a crash."""

from __future__ import annotations

from collections.abc import Iterator

from pynamodb.expressions.update import Action

from functions.accounts.organisation import membership
from functions.accounts.people.identities import SK as IDENTITY
from functions.accounts.tables import (
    AccountsItem,
    IdentityItem,
    MemberItem,
    MembershipPointer,
    OrganisationItem,
    UserIdentityItem,
    UserItem,
    org_key,
    user_key,
)
from functions.accounts.tokens import sessions
from shared import audit
from shared.contention import ATTEMPTS, give_way
from shared.errors import Conflict, Contended, RuleViolation
from shared.personal_requests import PREFIX
from shared.rights import Role
from shared.tables import Transaction, find, unless

REMOVED = "removed"


def check_may_leave(user_id: str) -> None:
    """Passes where every organisation of a person has another administrator than him.

    Raises: Conflict.
    """
    for org_id in _organisations(user_id):
        member = find(MemberItem, org_key(org_id, "members"), user_id)
        organisation = find(OrganisationItem, org_key(org_id, "organisation"), "organisation")
        is_administrator = member is not None and Role.ADMINISTRATOR in member.roles.split()
        if is_administrator and organisation is not None and organisation.administrators <= 1:
            raise _last()


def remove_user(user_id: str) -> int:
    """How many things are gone; what stays is his id, that he was removed, and when he came.

    Raises: Conflict for the last administrator of an organisation, before anything is touched; Contended.
    """
    check_may_leave(user_id)
    removed = sum(_left(user_id, org_id) for org_id in _organisations(user_id))
    _mark_removed(user_id)
    removed += sessions.end_all(user_id)
    removed += sum(_freed(user_id, row) for row in _identities(user_id))
    return removed + sum(_deleted(row) for row in _private(user_id))


def _organisations(user_id: str) -> list[str]:
    rows = MembershipPointer.query(user_key(user_id), MembershipPointer.sk.startswith("member#"), consistent_read=True)
    return [row.sk.removeprefix("member#") for row in rows]


def _left(user_id: str, org_id: str) -> int:
    for attempt in range(ATTEMPTS):
        member = find(MemberItem, org_key(org_id, "members"), user_id)
        if member is None:
            return 0
        transaction = Transaction()
        membership.write_removed(transaction, org_id, member)
        sessions.restamp(transaction, user_id, org_id)
        audit.add(transaction, "accounts.member.removed", user_id, org_id=org_id)
        try:
            transaction.commit()
        except RuleViolation:
            raise _last() from None
        except Contended:
            give_way("removal", attempt)
        else:
            return 1
    raise Contended("Too many change the same member.", retry_after_s=1)


def _mark_removed(user_id: str) -> None:
    """From here on nobody logs in as him, nor does a login end that has begun."""
    user = UserItem(user_key(user_id), "user")
    gone: list[Action] = [UserItem.status.set(REMOVED), UserItem.org_id.set(""), UserItem.version.add(1)]
    with unless(Conflict("There is no such person.")):
        user.update(gone, condition=UserItem.pk.exists())


def _identities(user_id: str) -> list[UserIdentityItem]:
    rows = UserIdentityItem.query(user_key(user_id), UserIdentityItem.sk.startswith("identity#"), consistent_read=True)
    return list(rows)


def _freed(user_id: str, row: UserIdentityItem) -> int:
    """Frees an identity for others; one that another person has by now stays his."""
    owner = IdentityItem(f"{row.sk}#{row.lookup}", IDENTITY)
    transaction = Transaction()
    his_or_gone = IdentityItem.pk.does_not_exist() | (IdentityItem.user_id == user_id)
    transaction.delete(owner, condition=his_or_gone, otherwise=Conflict("This is somebody else's now."))
    transaction.delete(row)
    try:
        transaction.commit()
    except Conflict:
        row.delete()
    return 1


def _private(user_id: str) -> Iterator[AccountsItem]:
    """All else that lies with a person: profiles, passwords, second factor, what waits for a letter."""
    rows = AccountsItem.query(user_key(user_id), consistent_read=True)
    return (row for row in rows if row.sk != "user" and not row.sk.startswith(f"{PREFIX}_"))


def _deleted(row: AccountsItem) -> int:
    row.delete()
    return 1


def _last() -> Conflict:
    return Conflict("You are the last administrator of an organisation. Make somebody else one first.")
