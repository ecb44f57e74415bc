"""Who belongs to an organisation, and as what: the writes that go together into one transaction.

The organisation counts its administrators, and no write takes the last one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pynamodb.expressions.update import Action

from functions.accounts.models import Membership
from functions.accounts.people.users import ACTIVE, SK
from functions.accounts.tables import (
    ApiKeyItem,
    MemberItem,
    MembershipPointer,
    OrganisationItem,
    UserItem,
    org_key,
    user_key,
)
from shared.clock import now
from shared.errors import Conflict, Contended, Forbidden, NotFound, RuleViolation, SvyazError
from shared.identity import Caller
from shared.rights import Role, rights_of
from shared.tables import Transaction, find


def find_member(org_id: str, user_id: str) -> MemberItem:
    """The membership of a person, of this organisation alone.

    Raises: NotFound.
    """
    item = find(MemberItem, org_key(org_id, "members"), user_id)
    if item is None:
        raise NotFound("There is no such member.")
    return item


def membership(org_id: str, item: MemberItem) -> Membership:
    """What an item says."""
    roles, teams = tuple(item.roles.split()), tuple(item.teams.split())
    return Membership(org_id, item.sk, roles, teams, item.master_id)


def joined_at(item: MemberItem) -> datetime:
    """Since when a person has been a member."""
    return datetime.fromisoformat(item.joined_at)


def check_grant(caller: Caller, roles: Iterable[str], had: Iterable[str] = ()) -> None:
    """Passes where the caller has every right that these roles add to those that somebody had.

    Raises: Forbidden.
    """
    if not rights_of(roles) - rights_of(had) <= caller.rights:
        raise not_yours()


def not_yours() -> Forbidden:
    """What to say to somebody who gives rights that he does not have."""
    return Forbidden("You may not give rights that you do not have.")


def hold(
    transaction: Transaction, org_id: str, giver: str, rights: Iterable[str], *, otherwise: SvyazError, but: str = ""
) -> None:
    """Lets the transaction happen only while whoever gives rights, a member or a key, has them himself.

    Shape: a token tells for up to a minute of roles that were taken away, an invitation for a week; `but` names the
    member whom the transaction changes, as he was read, by itself.
    Raises: `otherwise`; Contended, from the transaction's commit, where he is changed at this moment.
    """
    item = _giver(org_id, giver)
    if item is None or not set(rights) <= _rights(item):
        raise otherwise
    if giver != but:
        transaction.check(item, type(item).version == item.version, otherwise=_contended())


def write_new(transaction: Transaction, member: Membership) -> None:
    """Writes a membership that is not there yet, with the transaction; the founder's is counted with his organisation.

    Raises: Conflict, from the transaction's commit.
    """
    transaction.create(_item(member, now()), otherwise=Conflict("This person is a member already."))
    transaction.put(MembershipPointer(user_key(member.user_id), f"member#{member.org_id}"))


def write_home(transaction: Transaction, org_id: str, user_id: str) -> None:
    """Writes, with the transaction, that a person's next login is to this organisation.

    Raises: NotFound, from the transaction's commit.
    """
    gone = NotFound("There is no such person.")
    chosen: list[Action] = [UserItem.org_id.set(org_id)]
    transaction.update(UserItem(user_key(user_id), SK), chosen, condition=UserItem.status == ACTIVE, otherwise=gone)


def write_changed(transaction: Transaction, was: MemberItem, member: Membership) -> None:
    """Writes a membership with other roles or teams, with the transaction.

    Raises: RuleViolation for the last administrator, Contended; both from the transaction's commit.
    """
    item = _item(member, joined_at(was), version=int(was.version) + 1)
    count_administrators(transaction, member.org_id, was.roles.split(), member.roles)
    transaction.put(item, condition=MemberItem.version == was.version, otherwise=_contended())


def write_removed(transaction: Transaction, org_id: str, was: MemberItem) -> None:
    """Writes the end of a membership with the transaction.

    Raises: RuleViolation for the last administrator, Contended; both from the transaction's commit.
    """
    count_administrators(transaction, org_id, was.roles.split(), ())
    transaction.delete(MemberItem(was.pk, was.sk), condition=MemberItem.version == was.version, otherwise=_contended())
    transaction.delete(MembershipPointer(user_key(was.sk), f"member#{org_id}"))


def count_administrators(transaction: Transaction, org_id: str, had: Iterable[str], has: Iterable[str]) -> None:
    """Counts, with the transaction, an administrator who comes or goes; the last one stays.

    Raises: RuleViolation, from the transaction's commit.
    """
    step = int(Role.ADMINISTRATOR in has) - int(Role.ADMINISTRATOR in had)
    if step:
        item = OrganisationItem(org_key(org_id, "organisation"), "organisation")
        enough = OrganisationItem.administrators > (1 if step < 0 else 0)
        last = RuleViolation("An organisation needs an administrator: make somebody else one first.")
        transaction.update(item, [OrganisationItem.administrators.add(step)], condition=enough, otherwise=last)


def _item(member: Membership, since: datetime, version: int = 1) -> MemberItem:
    return MemberItem(
        org_key(member.org_id, "members"),
        member.user_id,
        roles=" ".join(member.roles),
        teams=" ".join(member.teams),
        master_id=member.master_id,
        joined_at=since.isoformat(),
        version=version,
    )


def _giver(org_id: str, giver: str) -> MemberItem | ApiKeyItem | None:
    if giver.startswith("key_"):
        return find(ApiKeyItem, org_key(org_id, "keys"), giver)
    return find(MemberItem, org_key(org_id, "members"), giver)


def _rights(item: MemberItem | ApiKeyItem) -> frozenset[str]:
    return frozenset(item.scopes.split()) if isinstance(item, ApiKeyItem) else rights_of(item.roles.split())


def _contended() -> Contended:
    return Contended("Somebody else changes this member.")
