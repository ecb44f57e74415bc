"""HTTP routes of one's own account: profile, password, address, sessions."""

from __future__ import annotations

from functions.accounts.entry import email_change, own_password
from functions.accounts.models import Session
from functions.accounts.people import me
from functions.accounts.tokens import sessions
from functions.accounts.views import (
    Accepted,
    Done,
    EmailChange,
    LinkToken,
    MeView,
    OrganisationChoice,
    PasswordChange,
    ProfileChange,
    SessionList,
    SessionPath,
    SessionsEnded,
    SessionView,
)
from shared.errors import Conflict, Contended, InvalidField, NotFound, RuleViolation, Unauthorized
from shared.http.api import Api
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.rights import PUBLIC, SIGNED_IN

api = Api("accounts")


@api.get("/v1/accounts/me", "Who is signed in", access=SIGNED_IN, answer=MeView, errors=(NotFound,))
def read_me(request: Request[None, None]) -> MeView:
    """The person, his organisations, his rights."""
    return me.view(request.caller)


@api.patch(
    "/v1/accounts/me",
    "Changes one's name or language",
    access=SIGNED_IN,
    body=ProfileChange,
    answer=MeView,
    errors=(InvalidField, NotFound, Contended),
)
def change_me(request: Request[None, ProfileChange]) -> MeView:
    """The person as he now is."""
    return me.change(request.caller, request.body)


@api.post(
    "/v1/accounts/me/password",
    "Changes one's password; all other sessions end",
    access=SIGNED_IN,
    body=PasswordChange,
    answer=Done,
    errors=(InvalidField, Unauthorized, Contended),
    rate=Rate(30, 60),
)
def change_password(request: Request[None, PasswordChange]) -> Done:
    """That the new password holds."""
    caller, given = request.caller, request.body
    own_password.change(caller.subject, caller.session_id, given.old or "", given.new)
    return Done()


@api.post(
    "/v1/accounts/me/email",
    "Asks for another address; letters go to it and to the old one",
    access=SIGNED_IN,
    body=EmailChange,
    answer=Accepted,
    status=202,
    errors=(InvalidField, Unauthorized, Conflict, RuleViolation),
    rate=Rate(20, 3600),
)
def ask_email_change(request: Request[None, EmailChange]) -> Accepted:
    """That the letters are on their way."""
    caller, given = request.caller, request.body
    own_password.demand(caller.subject, caller.session_id, given.password or "")
    email_change.ask(caller.subject, given.email)
    return Accepted()


@api.post(
    "/v1/accounts/email-changes/confirmation",
    "Puts the new address in place by its letter's link; once",
    access=PUBLIC,
    body=LinkToken,
    answer=Done,
    errors=(InvalidField, Conflict, Contended),
    rate=Rate(30, 60),
)
def confirm_email_change(request: Request[None, LinkToken]) -> Done:
    """That the new address holds."""
    email_change.confirm(request.body.token)
    return Done()


@api.post(
    "/v1/accounts/email-changes/stop",
    "Stops a change of address, or takes it back, by the link of the letter to the old one; every session ends",
    access=PUBLIC,
    body=LinkToken,
    answer=Done,
    errors=(InvalidField, Conflict, Contended),
    rate=Rate(30, 60),
)
def stop_email_change(request: Request[None, LinkToken]) -> Done:
    """That the old address holds."""
    email_change.stop(request.body.token)
    return Done()


@api.get("/v1/accounts/me/sessions", "Where one is signed in", access=SIGNED_IN, answer=SessionList)
def list_own_sessions(request: Request[None, None]) -> SessionList:
    """The sessions, the newest first."""
    found = sessions.sessions_of(request.caller.subject)
    return SessionList(items=tuple(_session(each, request.caller.session_id) for each in found))


@api.delete(
    "/v1/accounts/me/sessions/{session_id}",
    "Signs one of one's devices out",
    access=SIGNED_IN,
    params=SessionPath,
    answer=Done,
    errors=(NotFound,),
)
def end_own_session(request: Request[None, None], session_id: str) -> Done:
    """That the session is over."""
    sessions.end(request.caller.subject, session_id)
    return Done()


@api.delete("/v1/accounts/me/sessions", "Signs out everywhere, here too", access=SIGNED_IN, answer=SessionsEnded)
def end_own_sessions(request: Request[None, None]) -> SessionsEnded:
    """How many sessions are over."""
    return SessionsEnded(number=sessions.end_all(request.caller.subject))


@api.post(
    "/v1/accounts/me/organisation",
    "Goes on in another of one's organisations; the next tokens are for it",
    access=SIGNED_IN,
    body=OrganisationChoice,
    answer=Done,
    errors=(InvalidField, NotFound),
)
def switch_organisation(request: Request[None, OrganisationChoice]) -> Done:
    """That the session is now in that organisation."""
    sessions.switch(request.caller.subject, request.caller.session_id, request.body.org_id)
    return Done()


def _session(found: Session, current: str) -> SessionView:
    return SessionView(
        id=found.id,
        device=found.device,
        network=found.network,
        created_at=found.created_at,
        used_at=found.used_at,
        expires_at=found.expires_at,
        is_current=found.id == current,
    )
