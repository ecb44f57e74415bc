"""Where people sign in from: whether that is new for them, and what to call their devices."""

from __future__ import annotations

import re
from typing import Any, Final

from functions.accounts import letters
from functions.accounts.people import profiles
from functions.accounts.tables import UserItem, user_key
from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from shared import suspicion
from shared.http.requests import Request

SYSTEMS: Final = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "macOS",
    "Linux": "Linux",
}
PROGRAMS: Final = {
    "YaBrowser/": "Yandex Browser",
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
NAME = re.compile(r"[A-Za-z0-9._-]{1,40}", re.ASCII)
USER_AGENT_MOST: Final = 512


def device(user_agent: str) -> str:
    """A device in a few words, such as `Chrome, Windows`; without versions, which change by themselves.

    Shape: a program that is no browser is called by its own name; empty for what says nothing.
    """
    given = user_agent[:USER_AGENT_MOST]
    program = next((name for mark, name in PROGRAMS.items() if mark in given), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in given), "")
    if not program:
        own = NAME.match(given)
        program = own[0] if own and own[0] != "Mozilla" else ""
    return ", ".join(part for part in (program, system) if part)


def is_strange(user_id: str, place: Place) -> bool:
    """Whether none of a person's sessions is from this network on such a device; his first one is not strange."""
    known = {(session.network, session.device) for session in sessions.sessions_of(user_id)}
    return bool(known) and (place.network, place.device) not in known


def tell(user: UserItem, place: Place) -> None:
    """Tells a person and his administrators of a login from a new place."""
    user_id = user.pk.removeprefix(user_key(""))
    suspicion.strange_place(user.org_id, user_id, place.network)
    profile = profiles.find_profile(user_id)
    if profile.email:
        letters.tell(
            "strange_place", to=profile.email, language=profile.language, network=place.network, device=place.device
        )


def place_of(request: Request[Any, Any]) -> Place:
    """Where a request comes from."""
    return Place(request.source_ip, device(request.headers.get("user-agent", "")))
