"""The members of an organisation: listed, given other roles, removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from functions.accounts.models import Membership, Session
from functions.accounts.organisation import membership, teams
from functions.accounts.people import profiles
from functions.accounts.tables import MemberItem, ProfileItem, org_key, user_key
from functions.accounts.tokens import sessions
from shared import audit
from shared.errors import NotFound
from shared.identity import Caller
from shared.rights import Right, rights_of
from shared.tables import Transaction, fetch

LISTING = "members"


@dataclass(frozen=True)
class Member:
    """A member as his organisation sees him."""

    membership: Membership
    name: str
    email: str
    joined_at: datetime

    @property
    def user_id(self) -> str:
        """The person's id."""
        return self.membership.user_id


@dataclass(frozen=True)
class Change:
    """What is to be different about a member; None stays as it is."""

    roles: tuple[str, ...] | None = None
    teams: tuple[str, ...] | None = None
    master_id: str | None = None


def page(org_id: str, most: int, after: str = "") -> list[Member]:
    """Members by their ids, those after one of them where it is given."""
    later = MemberItem.sk > after if after else None
    rows = MemberItem.query(org_key(org_id, "members"), later, limit=most, consistent_read=True)
    return list(_shown(org_id, list(rows)))


def find_member(org_id: str, user_id: str) -> Member:
    """One member.

    Raises: NotFound.
    """
    (found,) = _shown(org_id, [membership.find_member(org_id, user_id)])
    return found


def change(caller: Caller, user_id: str, wanted: Change) -> Member:
    """The member with other roles, teams or another master; his tokens end where they told of what has changed.

    Raises: NotFound, Forbidden, InvalidField, RuleViolation for the last administrator, Contended.
    """
    was = membership.find_member(caller.org_id, user_id)
    before = membership.membership(caller.org_id, was)
    after = replace(before, **{name: value for name, value in vars(wanted).items() if value is not None})
    membership.check_grant(caller, after.roles, before.roles)
    teams.check(caller.org_id, tuple(set(after.teams) - set(before.teams)))
    transaction = Transaction()
    gained = rights_of(after.roles) - rights_of(before.roles)
    if gained or after.master_id not in {before.master_id, ""}:
        rights, refused = {Right.MEMBERS_CHANGE, *gained}, membership.not_yours()
        membership.hold(transaction, caller.org_id, caller.subject, rights, otherwise=refused, but=user_id)
    membership.write_changed(transaction, was, after)
    if (after.roles, after.master_id) != (before.roles, before.master_id):
        sessions.restamp(transaction, user_id, caller.org_id)
    audit.add(transaction, "accounts.member.changed", user_id)
    transaction.commit()
    return find_member(caller.org_id, user_id)


def remove(caller: Caller, user_id: str) -> None:
    """Ends a membership, and with it what the person's tokens allowed here.

    Raises: NotFound, RuleViolation for the last administrator, Contended.
    """
    was = membership.find_member(caller.org_id, user_id)
    transaction = Transaction()
    membership.write_removed(transaction, caller.org_id, was)
    sessions.restamp(transaction, user_id, caller.org_id)
    audit.add(transaction, "accounts.member.removed", user_id)
    transaction.commit()


def sessions_of(org_id: str, user_id: str) -> list[Session]:
    """The logins of a member that were opened here and stand.

    Raises: NotFound.
    """
    membership.find_member(org_id, user_id)
    return [session for session in sessions.sessions_of(user_id) if session.org_id == org_id]


def end_sessions(org_id: str, user_id: str) -> None:
    """Ends the logins of a member that were opened here, and no others of his.

    Raises: NotFound.
    """
    for session in sessions_of(org_id, user_id):
        with suppress(NotFound):  # it has just ended by itself
            sessions.end(user_id, session.id)


def _shown(org_id: str, rows: Sequence[MemberItem]) -> Iterator[Member]:
    stored = fetch([(ProfileItem, user_key(row.sk), "profile") for row in rows])
    known = {team.id for team in teams.teams_of(org_id)}
    for row, profile in zip(rows, stored, strict=True):
        told = membership.membership(org_id, row)
        told = replace(told, teams=tuple(team for team in told.teams if team in known))
        seen = profiles.opened(row.sk, profile) if profile else None
        yield Member(told, seen.name if seen else "", seen.email if seen else "", membership.joined_at(row))
