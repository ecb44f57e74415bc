"""What VK ID answers, in values, and its errors as ours.

Source: https://id.vk.com/about/business/go/docs/ru/vkid/latest/vk-id/connection/api-integration/api-description, and
its clients VKCOM/vkid-web-sdk at 1d97f0c (src/auth) and mIwr/vkid-dart-sdk at fa81ee2 (lib/src/network); the errors of
a wrong verifier: VKCOM/vkid-web-sdk issue 34 (read 2026-11-20).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from functions.accounts.models import IdentityKind
from functions.accounts.outside.person import OutsidePerson, full_name
from shared import log
from shared.errors import ProviderRejected, ProviderThrottled, ProviderUnavailable, SvyazError, Unauthorized
from shared.settings import settings

TIMEOUT_S: Final = 5.0
MAX_BYTES: Final = 65_536
ASK_PATH, TOKEN_PATH, USER_PATH = "/authorize", "/oauth2/auth", "/oauth2/user_info"
THEIR_FAULT = frozenset({"server_error", "temporarily_unavailable"})
PLAIN: Final = {"Accept": "application/json", "Accept-Encoding": "identity"}
SLOW_DOWN: Final = "slow_down"
THE_PERSON = frozenset({"access_denied", "invalid_grant", "invalid_request", "invalid_token", "invalid_id_token"})


def access_token(form: Mapping[str, str]) -> str:
    """What a code was exchanged for.

    Raises: Unauthorized for a code that is used, old or of another verifier; ProviderRejected, ProviderUnavailable,
    ProviderThrottled.
    """
    found = _post(TOKEN_PATH, form)
    if found.get("state") != form["state"]:
        raise _unclear()
    return _text(found, "access_token")


def person(token: str, client_id: str) -> OutsidePerson:
    """Whose a token is.

    Raises: the same.
    """
    found = _post(USER_PATH, {"access_token": token, "client_id": client_id}).get("user")
    if not isinstance(found, dict):
        raise _unclear()
    subject = str(found.get("user_id", ""))
    if not (subject.isascii() and subject.isdecimal() and len(subject) <= len(str(2**63))):
        raise _unclear()
    name = full_name(_optional(found, "first_name"), _optional(found, "last_name")) or f"VK {subject}"
    return OutsidePerson(IdentityKind.VK, subject, name, _optional(found, "email"))


def address(path: str) -> str:
    """Where VK ID is."""
    return settings().vk_id_url.rstrip("/") + path


def error_of(code: str) -> SvyazError:
    """Our error for the word that VK ID says."""
    log.warning("vkid.refused", error=code if code in {*THE_PERSON, *THEIR_FAULT, SLOW_DOWN} else "other")
    if code in THE_PERSON:
        return Unauthorized("VK ID did not confirm this login. Begin anew.")
    if code == SLOW_DOWN:
        return ProviderThrottled("VK ID asks for a pause.")
    return _unavailable() if code in THEIR_FAULT else ProviderRejected("VK ID refused this login.")


def _post(path: str, form: Mapping[str, str]) -> dict[str, Any]:
    status, raw = _sent(address(path), form)
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and "error" in found:
        raise error_of(str(found["error"]))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise error_of(SLOW_DOWN)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _unavailable()
    if not isinstance(found, dict) or status != HTTPStatus.OK:
        raise _unclear()
    return found


def _sent(url: str, form: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and body; the library is loaded by the first login alone."""
    import httpx  # noqa: PLC0415

    try:
        with (
            httpx.Client(timeout=TIMEOUT_S, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", url, data=dict(form), headers=PLAIN) as answer,
        ):
            return answer.status_code, _bounded(answer.iter_raw())
    except httpx.HTTPError:
        raise _unavailable() from None


def _bounded(parts: Iterable[bytes]) -> bytes:
    """The whole of an answer that is neither long nor slow."""
    found, ends = b"", time.monotonic() + TIMEOUT_S
    for part in parts:
        found += part
        if len(found) > MAX_BYTES:
            raise _unclear()
        if time.monotonic() > ends:
            raise _unavailable()
    return found


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise _unclear()
    return value


def _optional(found: Mapping[str, Any], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) and value else None


def _unavailable() -> ProviderUnavailable:
    return ProviderUnavailable("VK ID does not answer. Try again later.")


def _unclear() -> ProviderRejected:
    return ProviderRejected("VK ID answered something that we do not understand.")
