"""The browser's session: its refresh token lies in a cookie that no script reads and no other site makes it send.

Source: RFC 6265bis (cookie prefixes, SameSite), OWASP Cross-Site Request Forgery Prevention (read 2026-11-20).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

from shared.errors import Forbidden, Unauthorized
from shared.settings import settings

NAME: Final = "svyaz_session"
SECURE_PREFIX: Final = "__Host-"
CSRF_HEADER: Final = "x-svyaz-csrf"
KEPT: Final = timedelta(days=30)


def session_cookie(refresh_token: str) -> str:
    """The `Set-Cookie` header that puts a refresh token into the browser."""
    return _cookie(refresh_token, int(KEPT.total_seconds()))


def cleared() -> str:
    """The `Set-Cookie` header that takes it away."""
    return _cookie("", 0)


def refresh_token_of(headers: Mapping[str, str]) -> str:
    """The refresh token that the browser sent.

    Raises: Unauthorized where it sent none.
    """
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(_name())
    except CookieError:
        found = None
    if found is None or not found.value:
        raise Unauthorized("Sign in to use this.")
    return found.value


def check_origin(headers: Mapping[str, str]) -> None:
    """Says nothing for a request of our own pages: another site can set neither the origin nor the header.

    Raises: Forbidden.
    """
    if headers.get("origin") != origin() or headers.get(CSRF_HEADER) != "1":
        raise Forbidden("This may be asked by our own pages only.")


def origin() -> str:
    """Where our pages are, as a browser names it in `Origin`."""
    address = urlsplit(settings().public_base_url)
    return f"{address.scheme}://{address.netloc}"


def _cookie(value: str, max_age_s: int) -> str:
    secure = "" if settings().is_local else "; Secure"
    return f"{_name()}={value}; Max-Age={max_age_s}; Path=/; HttpOnly; SameSite=Strict{secure}"


def _name() -> str:
    return NAME if settings().is_local else SECURE_PREFIX + NAME
