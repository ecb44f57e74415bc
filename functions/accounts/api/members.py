"""HTTP routes of an organisation's members: who they are, their roles, their logins, and who is invited."""

from __future__ import annotations

from chalice.app import Response

from functions.accounts.api.repeating import repeat_of
from functions.accounts.models import Session
from functions.accounts.organisation import invitations, members
from functions.accounts.organisation.invitations import Invitation, Wanted
from functions.accounts.organisation.members import Member
from functions.accounts.organisation.organisation_views import (
    InvitationList,
    InvitationPath,
    InvitationView,
    MemberChange,
    MemberPage,
    MemberPath,
    MemberView,
    NewInvitation,
    PageQuery,
    SessionList,
    SessionView,
)
from shared import cursors
from shared.errors import Contended, Forbidden, InvalidField, NotFound, RuleViolation, TooManyRequests
from shared.http.api import Api
from shared.http.requests import Request
from shared.rights import Right

api = Api("accounts")


@api.get(
    "/v1/accounts/members",
    "The members of the organisation",
    access=Right.MEMBERS_READ,
    query=PageQuery,
    answer=MemberPage,
    errors=(InvalidField,),
)
def list_members(request: Request[PageQuery, None]) -> MemberPage:
    """A page of members."""
    org_id, query = request.caller.org_id, request.query
    listing = f"{members.LISTING}:{org_id}"
    after = cursors.position(listing, query.cursor) if query.cursor else ""
    found = members.page(org_id, query.limit + 1, after)
    page = tuple(_member(member) for member in found[: query.limit])
    more = cursors.cursor(listing, page[-1].user_id) if len(found) > query.limit else None
    return MemberPage(items=page, next_cursor=more)


@api.get(
    "/v1/accounts/members/{user_id}",
    "A member",
    access=Right.MEMBERS_READ,
    params=MemberPath,
    answer=MemberView,
    errors=(NotFound,),
)
def read_member(request: Request[None, None], user_id: str) -> MemberView:
    """The member as his organisation sees him."""
    return _member(members.find_member(request.caller.org_id, user_id))


@api.patch(
    "/v1/accounts/members/{user_id}",
    "Gives a member other roles, teams, or says which master he is; his tokens end within a minute",
    access=Right.MEMBERS_CHANGE,
    params=MemberPath,
    body=MemberChange,
    answer=MemberView,
    errors=(NotFound, Forbidden, InvalidField, RuleViolation, Contended),
)
def change_member(request: Request[None, MemberChange], user_id: str) -> MemberView:
    """The member as he now is."""
    wanted = members.Change(**request.body.model_dump(mode="json"))
    return _member(members.change(request.caller, user_id, wanted))


@api.delete(
    "/v1/accounts/members/{user_id}",
    "Takes a member out of the organisation; his tokens end within a minute",
    access=Right.MEMBERS_CHANGE,
    params=MemberPath,
    status=204,
    errors=(NotFound, RuleViolation, Contended),
)
def remove_member(request: Request[None, None], user_id: str) -> Response:
    """Nothing: the person is no member any more."""
    members.remove(request.caller, user_id)
    return Response(body="", status_code=204)


@api.get(
    "/v1/accounts/members/{user_id}/sessions",
    "A member's logins in this organisation",
    access=Right.SESSIONS_END,
    params=MemberPath,
    answer=SessionList,
    errors=(NotFound,),
)
def list_member_sessions(request: Request[None, None], user_id: str) -> SessionList:
    """The logins that have not ended."""
    found = members.sessions_of(request.caller.org_id, user_id)
    return SessionList(items=tuple(_session(session) for session in found))


@api.delete(
    "/v1/accounts/members/{user_id}/sessions",
    "Ends a member's logins in this organisation within a minute",
    access=Right.SESSIONS_END,
    params=MemberPath,
    status=204,
    errors=(NotFound,),
)
def end_member_sessions(request: Request[None, None], user_id: str) -> Response:
    """Nothing: the person has to sign in anew."""
    members.end_sessions(request.caller.org_id, user_id)
    return Response(body="", status_code=204)


@api.get(
    "/v1/accounts/invitations",
    "The invitations that nobody has accepted yet",
    access=Right.MEMBERS_READ,
    answer=InvitationList,
)
def list_invitations(request: Request[None, None]) -> InvitationList:
    """The invitations that stand."""
    found = invitations.standing(request.caller.org_id)
    return InvitationList(items=tuple(_invitation(invitation) for invitation in found))


@api.post(
    "/v1/accounts/invitations",
    "Invites somebody by a letter with a link that works once, for a week",
    access=Right.MEMBERS_CHANGE,
    body=NewInvitation,
    answer=InvitationView,
    status=201,
    errors=(NotFound, Forbidden, InvalidField, TooManyRequests, Contended),
    takes_idempotency_key=True,
)
def create_invitation(request: Request[None, NewInvitation]) -> InvitationView:
    """The invitation, whose letter is on its way."""
    given = request.body
    roles = tuple(role.value for role in given.roles)
    wanted = Wanted(given.email, roles, given.teams, request.words.language)
    return _invitation(invitations.invite(request.caller, wanted, repeat_of(request, "invitations")))


@api.delete(
    "/v1/accounts/invitations/{invitation_id}",
    "Takes an invitation back",
    access=Right.MEMBERS_CHANGE,
    params=InvitationPath,
    status=204,
    errors=(NotFound,),
)
def revoke_invitation(request: Request[None, None], invitation_id: str) -> Response:
    """Nothing: the letter's link no longer works."""
    invitations.revoke(request.caller.org_id, invitation_id)
    return Response(body="", status_code=204)


def _member(found: Member) -> MemberView:
    told = found.membership
    return MemberView(
        user_id=told.user_id,
        name=found.name,
        email=found.email,
        roles=told.roles,
        teams=told.teams,
        master_id=told.master_id,
        joined_at=found.joined_at,
    )


def _session(found: Session) -> SessionView:
    return SessionView(
        id=found.id, device=found.device, network=found.network, created_at=found.created_at, used_at=found.used_at
    )


def _invitation(found: Invitation) -> InvitationView:
    return InvitationView(
        id=found.id,
        email=found.email,
        roles=found.roles,
        teams=found.teams,
        invited_by=found.invited_by,
        created_at=found.created_at,
        expires_at=found.expires_at,
    )
