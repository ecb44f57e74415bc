"""Login by VK ID: OAuth 2.1 with PKCE, finished by the browser that began it.

Source: see `vk_api`; RFC 7636 for PKCE (read 2026-11-20).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from functions.accounts.outside import configured, vk_api
from functions.accounts.outside.person import OutsidePerson
from functions.accounts.outside.state import State, opened
from shared.errors import Unauthorized

SCOPE: Final = "vkid.personal_info email"
DEVICE = re.compile(r"[A-Za-z0-9_.~-]{1,512}")
CODE = re.compile(r"[A-Za-z0-9_.~+/=-]{1,2048}")


def begin(redirect_uri: str, *, user_id: str = "", session_id: str = "") -> tuple[str, str]:
    """Where the browser goes, and the sealed state that it keeps in a cookie meanwhile.

    Raises: NotFound where no application is set up for logins.
    """
    state = State(redirect_uri, user_id, session_id)
    query = {
        "response_type": "code",
        "client_id": _client_id(),
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": state.value,
        "code_challenge": challenge(state.verifier),
        "code_challenge_method": "s256",
    }
    return f"{vk_api.address(vk_api.ASK_PATH)}?{urlencode(query)}", state.sealed()


def finish(query: Mapping[str, str], sealed_state: str) -> tuple[OutsidePerson, State]:
    """Who came back, and the state that he left with.

    Raises: Unauthorized for another browser, a used or an old login, and where the person declined; ProviderRejected,
    ProviderUnavailable, ProviderThrottled, NotFound.
    """
    state = opened(sealed_state, query.get("state", ""))
    if "error" in query:
        raise vk_api.error_of(query["error"])
    code, device = query.get("code", ""), query.get("device_id", "")
    if CODE.fullmatch(code) is None or DEVICE.fullmatch(device) is None:
        raise Unauthorized("VK ID did not confirm this login. Begin anew.")
    client_id = _client_id()
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "redirect_uri": state.redirect_uri,
        "code": code,
        "code_verifier": state.verifier,
        "device_id": device,
        "state": state.value,
    }
    return vk_api.person(vk_api.access_token(form), client_id), state


def is_set_up() -> bool:
    """Whether people can log in this way here."""
    return configured.optional(configured.VK) is not None


def challenge(verifier: str) -> str:
    """What VK ID is told of a verifier before it sees it (S256)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _client_id() -> str:
    return str(configured.required(configured.VK)["client_id"])
