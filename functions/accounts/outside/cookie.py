"""The cookie that a browser keeps while its person is at VK ID; it comes back with him from there (SameSite=Lax)."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final

from functions.accounts.outside.state import LIFE
from shared.settings import settings

NAME: Final = "svyaz_outside"
SECURE_PREFIX: Final = "__Host-"


def kept(sealed_state: str) -> str:
    """The `Set-Cookie` header that puts a state into the browser."""
    return _cookie(sealed_state, int(LIFE.total_seconds()))


def dropped() -> str:
    """The `Set-Cookie` header that takes it away."""
    return _cookie("", 0)


def state_of(headers: Mapping[str, str]) -> str:
    """The sealed state that the browser sent; empty where it sent none."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(_name())
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _cookie(value: str, max_age_s: int) -> str:
    secure = "" if settings().is_local else "; Secure"
    return f"{_name()}={value}; Max-Age={max_age_s}; Path=/; HttpOnly; SameSite=Lax{secure}"


def _name() -> str:
    return NAME if settings().is_local else SECURE_PREFIX + NAME
