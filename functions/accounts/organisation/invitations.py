"""Invitations: a letter with a link, by which its reader joins an organisation; once, within a week, until revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pynamodb.expressions.condition import Condition

from functions.accounts import letters
from functions.accounts.entry.addresses import mailbox, normalised
from functions.accounts.models import IdentityKind
from functions.accounts.organisation import membership, teams
from functions.accounts.organisation.organisations import find_organisation
from functions.accounts.organisation.repeats import ONCE, Repeat, once
from functions.accounts.tables import InvitationItem, org_key
from shared import audit, limits, vault
from shared.clock import epoch_s, now
from shared.errors import InvalidPayload, NotFound, SvyazError
from shared.identity import Caller
from shared.ids import new_id
from shared.keys import lookup_key, seal, unseal
from shared.rights import Right, rights_of
from shared.tables import Transaction, find

STANDS = timedelta(days=7)
PURPOSE = "invitation"
PER_DAY = 200
PER_ADDRESS = 5
DAY_S = 86_400
MOST = 200


@dataclass(frozen=True)
class Invitation:
    """An invitation that stands.

    Shape: the letter of one with `is_test` went to no mailbox, but to those who read the messages of tests.
    """

    id: str
    org_id: str
    email: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    invited_by: str
    created_at: datetime
    expires_at: datetime
    is_test: bool = False


@dataclass(frozen=True)
class Wanted:
    """Who is to be invited, as what, and the language of the letter."""

    email: str
    roles: tuple[str, ...]
    teams: tuple[str, ...] = ()
    language: str = "en"


def invite(caller: Caller, wanted: Wanted, repeat: Repeat = ONCE) -> Invitation:
    """An invitation, whose letter is on its way; a request that comes again sends the letter again.

    Raises: Forbidden, InvalidField, TooManyRequests.
    """
    address = normalised(wanted.email)
    membership.check_grant(caller, wanted.roles)
    teams.check(caller.org_id, wanted.teams)
    limits.spend("invitations", caller.org_id, PER_DAY, DAY_S)
    limits.spend("invitations-by", caller.subject, PER_DAY, DAY_S)
    limits.spend("invitations-to", f"{caller.org_id} {mailbox(address)}", PER_ADDRESS, DAY_S)
    organisation = find_organisation(caller.org_id)
    made = once(
        repeat, lambda: _written(caller, wanted, address, repeat), lambda made_id: _standing(caller.org_id, made_id)
    )
    token, language = _token(made), wanted.language
    letters.ask("invitation", to=made.email, token=token, organisation=organisation.name, language=language)
    return made


def standing(org_id: str) -> list[Invitation]:
    """The invitations that nobody has accepted yet, the oldest first."""
    rows = InvitationItem.query(org_key(org_id, "invitations"), limit=MOST, consistent_read=True)
    moment = epoch_s(now())
    return [_invitation(org_id, row) for row in rows if (row.expires_at or 0) > moment]


def revoke(org_id: str, invitation_id: str) -> None:
    """Takes an invitation back: its link no longer works.

    Raises: NotFound.
    """
    transaction = Transaction()
    item = InvitationItem(org_key(org_id, "invitations"), invitation_id)
    transaction.delete(item, condition=_stands(), otherwise=_gone())
    audit.add(transaction, "accounts.invitation.revoked", invitation_id)
    transaction.commit()


def read(token: str) -> Invitation:
    """The invitation that a link leads to.

    Raises: NotFound for one that was made up, accepted, revoked or is too old.
    """
    try:
        content = unseal(PURPOSE, token)
    except InvalidPayload:
        raise _gone() from None
    return _standing(str(content["o"]), str(content["i"]))


def write_held(transaction: Transaction, invitation: Invitation, *, otherwise: SvyazError) -> None:
    """Lets the transaction happen only while whoever invites may give what the invitation gives.

    Raises: `otherwise`; Contended, from the transaction's commit.
    """
    rights = {Right.MEMBERS_CHANGE, *rights_of(invitation.roles)}
    membership.hold(transaction, invitation.org_id, invitation.invited_by, rights, otherwise=otherwise)


def write_used(transaction: Transaction, invitation: Invitation) -> None:
    """Uses an invitation up with the transaction.

    Raises: NotFound where it does not stand any more, or whoever invites could not do so now; Contended.
    """
    write_held(transaction, invitation, otherwise=_gone())
    item = InvitationItem(org_key(invitation.org_id, "invitations"), invitation.id)
    transaction.delete(item, condition=_stands(), otherwise=_gone())


def _written(caller: Caller, wanted: Wanted, address: str, repeat: Repeat) -> Invitation:
    moment = now().replace(microsecond=0)
    made = Invitation(
        new_id("inv"),
        caller.org_id,
        address,
        wanted.roles,
        wanted.teams,
        caller.subject,
        moment,
        moment + STANDS,
        is_test=caller.is_test,
    )
    transaction = Transaction()
    write_held(transaction, made, otherwise=membership.not_yours())
    transaction.create(_item(made))
    audit.add(transaction, "accounts.invitation.sent", made.id)
    repeat.write(transaction, made.id)
    transaction.commit()
    return made


def _standing(org_id: str, invitation_id: str) -> Invitation:
    row = find(InvitationItem, org_key(org_id, "invitations"), invitation_id)
    if row is None or (row.expires_at or 0) <= epoch_s(now()):
        raise _gone()
    return _invitation(org_id, row)


def _stands() -> Condition:
    stands: Condition = InvitationItem.pk.exists() & (InvitationItem.expires_at > epoch_s(now()))
    return stands


def _gone() -> NotFound:
    return NotFound("This invitation no longer stands.")


def _token(invitation: Invitation) -> str:
    return seal(PURPOSE, {"o": invitation.org_id, "i": invitation.id})


def _item(invitation: Invitation) -> InvitationItem:
    return InvitationItem(
        org_key(invitation.org_id, "invitations"),
        invitation.id,
        email=vault.encrypt(invitation.email, _context(invitation.id)),
        email_lookup=lookup_key(IdentityKind.EMAIL, invitation.email),
        roles=" ".join(invitation.roles),
        teams=" ".join(invitation.teams),
        invited_by=invitation.invited_by,
        created_at=invitation.created_at.isoformat(),
        expires_at=epoch_s(invitation.expires_at),
        is_test=invitation.is_test,
    )


def _invitation(org_id: str, row: InvitationItem) -> Invitation:
    return Invitation(
        row.sk,
        org_id,
        vault.decrypt(row.email, _context(row.sk)),
        tuple(row.roles.split()),
        tuple(row.teams.split()),
        row.invited_by,
        datetime.fromisoformat(row.created_at),
        datetime.fromtimestamp(row.expires_at or 0, UTC),
        is_test=bool(row.is_test),
    )


def _context(invitation_id: str) -> str:
    return f"accounts|{invitation_id}|email"
