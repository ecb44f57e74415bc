"""HTTP routes of those who are invited to an organisation."""

from __future__ import annotations

from functions.accounts.models import Membership
from functions.accounts.organisation import joining
from functions.accounts.organisation.joining_views import Acceptance, JoiningRegistration, MembershipView
from shared.errors import Conflict, Contended, Forbidden, InvalidField, NotFound
from shared.http.api import Api
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.rights import PUBLIC, SIGNED_IN

api = Api("accounts")
MAX_BYTES = 8192


@api.post(
    "/v1/accounts/invitations/acceptance",
    "Joins the organisation that a letter's link invites to",
    access=SIGNED_IN,
    body=Acceptance,
    answer=MembershipView,
    status=201,
    rate=Rate(30, 60),
    errors=(NotFound, Forbidden, Conflict, Contended),
    max_bytes=MAX_BYTES,
)
def accept_invitation(request: Request[None, Acceptance]) -> MembershipView:
    """What the caller now is there."""
    return _view(joining.accept(request.caller.subject, request.body.token))


@api.post(
    "/v1/accounts/invitations/registration",
    "Makes an account by a letter's link, and joins the organisation that it invites to",
    access=PUBLIC,
    body=JoiningRegistration,
    answer=MembershipView,
    status=201,
    rate=Rate(20, 3600),
    errors=(NotFound, Forbidden, InvalidField, Conflict, Contended),
    max_bytes=MAX_BYTES,
)
def register_by_invitation(request: Request[None, JoiningRegistration]) -> MembershipView:
    """What the new person is there; he may sign in now."""
    wanted = request.body
    language = wanted.language or request.words.language
    return _view(joining.register(wanted.token, wanted.name, wanted.password, language))


def _view(joined: Membership) -> MembershipView:
    return MembershipView(org_id=joined.org_id, user_id=joined.user_id, roles=joined.roles, teams=joined.teams)
