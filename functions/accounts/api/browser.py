"""HTTP routes of login, refresh and logout, for our pages: the refresh token goes into a cookie and nowhere else."""

from __future__ import annotations

from contextlib import suppress

from chalice.app import Response

from functions.accounts.api.login import LOGIN_RATE, answer_to
from functions.accounts.entry import cookies
from functions.accounts.entry import login as logins
from functions.accounts.entry.login import Challenge, Entry
from functions.accounts.entry.places import place_of
from functions.accounts.tokens import refresh_tokens, sessions
from functions.accounts.views import Credentials, Done, LoginAnswer, SecondFactor
from shared.bus import Value
from shared.errors import Contended, Forbidden, InvalidField, NotFound, Unauthorized
from shared.http.api import Api
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.rights import PUBLIC

api = Api("accounts")
SENT = ("Origin", "X-Svyaz-Csrf")


@api.post(
    "/v1/accounts/browser/login",
    "Signs a browser in by address and password",
    access=PUBLIC,
    body=Credentials,
    answer=LoginAnswer,
    errors=(InvalidField, Unauthorized, Forbidden),
    rate=LOGIN_RATE,
    headers=SENT,
)
def browser_login(request: Request[None, Credentials]) -> Response:
    """An access token and the cookie, or a challenge."""
    cookies.check_origin(request.headers)
    given = request.body
    return entered(logins.login(given.email, given.password, place_of(request), given.device_token or ""))


@api.post(
    "/v1/accounts/browser/login/second-factor",
    "Ends a browser's login by a code",
    access=PUBLIC,
    body=SecondFactor,
    answer=LoginAnswer,
    errors=(InvalidField, Unauthorized, Forbidden),
    rate=LOGIN_RATE,
    headers=SENT,
)
def browser_second_factor(request: Request[None, SecondFactor]) -> Response:
    """An access token and the cookie."""
    cookies.check_origin(request.headers)
    return entered(logins.answer_challenge(request.body.challenge, request.body.code, place_of(request)))


@api.post(
    "/v1/accounts/browser/refresh",
    "A new access token for the session in the cookie",
    access=PUBLIC,
    answer=LoginAnswer,
    errors=(Unauthorized, Forbidden, Contended),
    rate=Rate(120, 60),
    headers=SENT,
)
def browser_refresh(request: Request[None, None]) -> Response:
    """An access token and the next cookie."""
    cookies.check_origin(request.headers)
    return entered(Entry(sessions.refresh(cookies.refresh_token_of(request.headers), place_of(request))))


@api.post(
    "/v1/accounts/browser/logout",
    "Ends the session in the cookie",
    access=PUBLIC,
    answer=Done,
    errors=(Forbidden,),
    rate=Rate(60, 60),
    headers=SENT,
)
def browser_logout(request: Request[None, None]) -> Response:
    """That the browser is signed out, also where its session was over already."""
    cookies.check_origin(request.headers)
    with suppress(Unauthorized, NotFound):
        found = refresh_tokens.read(cookies.refresh_token_of(request.headers))
        sessions.end(found.user_id, found.session_id)
    return _response(Done(), cookies.cleared())


def entered(given: Entry | Challenge) -> Response:
    """What a browser's login is answered with: the refresh token goes into the cookie alone."""
    answer = answer_to(given).model_copy(update={"refresh_token": None})
    cookie = None if isinstance(given, Challenge) else cookies.session_cookie(given.tokens.refresh_token)
    return _response(answer, cookie)


def _response(answer: Value, cookie: str | None) -> Response:
    headers: dict[str, str | list[str]] = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    if cookie is not None:
        headers["Set-Cookie"] = cookie
    return Response(body=answer.model_dump_json(exclude_none=True), status_code=200, headers=headers)
