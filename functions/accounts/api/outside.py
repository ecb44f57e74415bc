"""HTTP routes of logins by Telegram and VK ID, and of what a person is found by."""

from __future__ import annotations

from chalice.app import Response

from functions.accounts.api.browser import entered
from functions.accounts.api.login import LOGIN_RATE, answer_to
from functions.accounts.entry import cookies, own_password
from functions.accounts.entry.login import Challenge, Entry
from functions.accounts.entry.places import place_of
from functions.accounts.models import IdentityKind, Tokens
from functions.accounts.outside import arrival, cookie, link, telegram, vk
from functions.accounts.outside.views import (
    IdentityList,
    IdentityView,
    OutsideLogins,
    PasswordProof,
    TelegramConnection,
    TelegramLogin,
    VkAddress,
    VkReturn,
)
from functions.accounts.views import Done, LoginAnswer
from shared.errors import Conflict, Contended, Forbidden, InvalidField, NotFound, RuleViolation, Unauthorized
from shared.http.api import Api
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.rights import PUBLIC, SIGNED_IN

api = Api("accounts")
RATE = Rate(30, 60)
MAX_BYTES = 16_384
CONNECT_ERRORS = (InvalidField, Unauthorized, NotFound, Conflict, Contended)
DISCONNECT_ERRORS = (NotFound, RuleViolation, Contended)


@api.get(
    "/v1/accounts/login/outside", "What people may sign in by here", access=PUBLIC, answer=OutsideLogins, rate=RATE
)
def list_outside_logins(_request: Request[None, None]) -> OutsideLogins:
    """The bot of Telegram's widget with its page, and whether VK ID is set up."""
    return OutsideLogins(
        telegram_bot=telegram.bot_username(),
        telegram_url=telegram.page_url(cookies.origin(), arrival.page()),
        vk=vk.is_set_up(),
    )


@api.post(
    "/v1/accounts/login/telegram",
    "Signs in by what Telegram's login widget gave; who is new gets an account",
    access=PUBLIC,
    body=TelegramLogin,
    answer=LoginAnswer,
    errors=(InvalidField, Unauthorized, NotFound, Contended),
    rate=LOGIN_RATE,
    max_bytes=MAX_BYTES,
)
def login_by_telegram(request: Request[None, TelegramLogin]) -> LoginAnswer:
    """Tokens, or a challenge."""
    return answer_to(_by_telegram(request))


@api.post(
    "/v1/accounts/browser/login/telegram",
    "Signs a browser in by what Telegram's login widget gave",
    access=PUBLIC,
    body=TelegramLogin,
    answer=LoginAnswer,
    errors=(InvalidField, Unauthorized, Forbidden, NotFound, Contended),
    rate=LOGIN_RATE,
    max_bytes=MAX_BYTES,
)
def browser_login_by_telegram(request: Request[None, TelegramLogin]) -> Response:
    """An access token and the cookie, or a challenge."""
    cookies.check_origin(request.headers)
    return entered(_by_telegram(request))


@api.get(
    "/v1/accounts/login/vk",
    "Sends a browser to VK ID",
    access=PUBLIC,
    status=302,
    content_type="text/plain",
    errors=(NotFound,),
    rate=LOGIN_RATE,
)
def leave_for_vk(_request: Request[None, None]) -> Response:
    """The way to VK ID, with a cookie that ties the return to this browser."""
    url, sealed = vk.begin(arrival.callback())
    return arrival.redirect(url, cookie.kept(sealed))


@api.get(
    "/v1/accounts/login/vk/callback",
    "Where VK ID sends a browser back to",
    access=PUBLIC,
    query=VkReturn,
    status=302,
    content_type="text/plain",
    errors=(InvalidField,),
    rate=LOGIN_RATE,
)
def return_from_vk(request: Request[VkReturn, None]) -> Response:
    """The way to our own page, which is told after # what has come of it."""
    query = request.query.model_dump(exclude_none=True)
    return arrival.after_vk(query, cookie.state_of(request.headers), place_of(request), request.words.language)


@api.get("/v1/accounts/me/identities", "What one is found by", access=SIGNED_IN, answer=IdentityList)
def list_identities(request: Request[None, None]) -> IdentityList:
    """The address, and accounts elsewhere."""
    found = link.connected(request.caller.subject)
    return IdentityList(items=tuple(IdentityView(kind=each.kind, label=each.label) for each in found))


@api.post(
    "/v1/accounts/me/identities/telegram",
    "Connects a Telegram account to one's own, to sign in by",
    access=SIGNED_IN,
    body=TelegramConnection,
    answer=Done,
    errors=CONNECT_ERRORS,
    rate=RATE,
    max_bytes=MAX_BYTES,
)
def connect_telegram(request: Request[None, TelegramConnection]) -> Done:
    """That it is connected."""
    caller, given = request.caller, request.body
    own_password.demand(caller.subject, caller.session_id, given.password or "")
    link.connect(caller.subject, telegram.person(given.login.fields))
    return Done()


@api.delete(
    "/v1/accounts/me/identities/telegram",
    "Disconnects one's Telegram account; the last way in stays",
    access=SIGNED_IN,
    answer=Done,
    errors=DISCONNECT_ERRORS,
)
def disconnect_telegram(request: Request[None, None]) -> Done:
    """That it opens nothing any more."""
    link.disconnect(request.caller.subject, IdentityKind.TELEGRAM)
    return Done()


@api.post(
    "/v1/accounts/me/identities/vk",
    "Begins to connect a VK ID to one's account: the browser goes to the address next",
    access=SIGNED_IN,
    body=PasswordProof,
    answer=VkAddress,
    errors=CONNECT_ERRORS,
    rate=RATE,
    max_bytes=MAX_BYTES,
)
def connect_vk(request: Request[None, PasswordProof]) -> Response:
    """The address, with a cookie that ties the return to this browser and person."""
    caller = request.caller
    own_password.demand(caller.subject, caller.session_id, request.body.password or "")
    url, sealed = vk.begin(arrival.callback(), user_id=caller.subject, session_id=caller.session_id)
    return Response(
        body=VkAddress(url=url).model_dump_json(),
        status_code=200,
        headers={
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
            "Set-Cookie": cookie.kept(sealed),
        },
    )


@api.delete(
    "/v1/accounts/me/identities/vk",
    "Disconnects one's VK ID; the last way in stays",
    access=SIGNED_IN,
    answer=Done,
    errors=DISCONNECT_ERRORS,
)
def disconnect_vk(request: Request[None, None]) -> Done:
    """That it opens nothing any more."""
    link.disconnect(request.caller.subject, IdentityKind.VK)
    return Done()


def _by_telegram(request: Request[None, TelegramLogin]) -> Entry | Challenge:
    person = telegram.person(request.body.fields)
    found = link.enter(person, place_of(request), request.words.language)
    return Entry(found) if isinstance(found, Tokens) else found
