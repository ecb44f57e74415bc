"""HTTP routes of login, refresh and logout, for programs: tokens in bodies."""

from __future__ import annotations

from functions.accounts.entry import login as logins
from functions.accounts.entry.login import Challenge, Entry
from functions.accounts.entry.places import place_of
from functions.accounts.models import Tokens
from functions.accounts.tokens import sessions
from functions.accounts.views import Credentials, Done, LoginAnswer, RefreshToken, SecondFactor
from shared.errors import Contended, InvalidField, NotFound, Unauthorized
from shared.http.api import Api
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.rights import PUBLIC, SIGNED_IN

api = Api("accounts")
LOGIN_RATE = Rate(60, 60)


@api.post(
    "/v1/accounts/login",
    "Signs in by address and password; asks for a second factor where it is on",
    access=PUBLIC,
    body=Credentials,
    answer=LoginAnswer,
    errors=(InvalidField, Unauthorized),
    rate=LOGIN_RATE,
)
def login(request: Request[None, Credentials]) -> LoginAnswer:
    """Tokens, or a challenge."""
    given = request.body
    return answer_to(logins.login(given.email, given.password, place_of(request), given.device_token or ""))


@api.post(
    "/v1/accounts/login/second-factor",
    "Ends a login by a code",
    access=PUBLIC,
    body=SecondFactor,
    answer=LoginAnswer,
    errors=(InvalidField, Unauthorized),
    rate=LOGIN_RATE,
)
def login_second_factor(request: Request[None, SecondFactor]) -> LoginAnswer:
    """Tokens."""
    return answer_to(logins.answer_challenge(request.body.challenge, request.body.code, place_of(request)))


@api.post(
    "/v1/accounts/tokens",
    "New tokens for the refresh token that was given last; each works once",
    access=PUBLIC,
    body=RefreshToken,
    answer=LoginAnswer,
    errors=(InvalidField, Unauthorized, Contended),
    rate=Rate(120, 60),
)
def refresh_tokens(request: Request[None, RefreshToken]) -> LoginAnswer:
    """Tokens."""
    return answer_to(Entry(sessions.refresh(request.body.refresh_token, place_of(request))))


@api.post("/v1/accounts/logout", "Ends the session that asks", access=SIGNED_IN, answer=Done, errors=(NotFound,))
def logout(request: Request[None, None]) -> Done:
    """That the session is over: within a minute its tokens work nowhere."""
    sessions.end(request.caller.subject, request.caller.session_id)
    return Done()


def answer_to(given: Entry | Challenge) -> LoginAnswer:
    """What a login is answered with."""
    if isinstance(given, Challenge):
        return LoginAnswer(challenge=given.token)
    return _tokens(given.tokens, given.device_token)


def _tokens(tokens: Tokens, device_token: str) -> LoginAnswer:
    return LoginAnswer(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_in_s=tokens.expires_in_s,
        device_token=device_token or None,
    )
