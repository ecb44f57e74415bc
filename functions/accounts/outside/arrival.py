"""How a browser comes back from VK ID: always to our own page, which reads after # what has come of it.

Shape: `#challenge=…` asks for the second factor, `#connected=vk`, `#failed=<kind of error>`; nothing where the person
is signed in by the cookie. What stands after # is sent to no server and lies in no log.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from chalice.app import Response

from functions.accounts.entry import cookies
from functions.accounts.entry.login import Challenge
from functions.accounts.outside import cookie, link, vk
from functions.accounts.tokens.sessions import Place
from shared import audit, log, revocations
from shared.errors import SvyazError, Unauthorized
from shared.settings import settings

PAGE = "/account"
CALLBACK = "/v1/accounts/login/vk/callback"


def callback() -> str:
    """The address that VK ID sends browsers back to, as it is registered there."""
    return _own(CALLBACK)


def page() -> str:
    """The address of our page."""
    return _own(PAGE)


def after_vk(query: Mapping[str, str], sealed_state: str, place: Place, language: str) -> Response:
    """The way to our page, signed in or told why not; a return changes things, so that it leaves a trail."""
    with audit.acting(audit.Actor("guest", "", "http", address=place.address)):
        try:
            told, session = _arrived(query, sealed_state, place, language)
        except SvyazError as error:
            log.warning("vkid.not_let_in", reason=error.kind)
            result: audit.Result = "failed" if error.is_ours else "refused"
            audit.write_folded("accounts.return_from_vk", audit.NOTHING, result=result, reason=error.kind)
            told, session = {"failed": error.kind}, []
    return redirect(page() + (f"#{urlencode(told)}" if told else ""), cookie.dropped(), *session)


def redirect(url: str, *set_cookies: str) -> Response:
    """The answer that sends a browser elsewhere."""
    headers: dict[str, str | list[str]] = {
        "Location": url,
        "Set-Cookie": list(set_cookies),
        "Content-Type": "text/plain",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Response(body="", status_code=302, headers=headers)


def _arrived(
    query: Mapping[str, str], sealed_state: str, place: Place, language: str
) -> tuple[dict[str, str], list[str]]:
    """What the page is told, and the session's cookie where there is one."""
    person, state = vk.finish(query, sealed_state)
    if state.user_id:
        if revocations.is_revoked(state.session_id, state.begun_at):
            raise Unauthorized("Sign in again.")
        with audit.acting(audit.Actor("user", state.user_id, "http", address=place.address)):
            link.connect(state.user_id, person)
        return {"connected": person.kind.value}, []
    found = link.enter(person, place, language)
    if isinstance(found, Challenge):
        return {"challenge": found.token}, []
    return {}, [cookies.session_cookie(found.refresh_token)]


def _own(path: str) -> str:
    return settings().public_base_url.rstrip("/") + path
