"""What VK ID remembers: applications, people, codes and tokens. No I/O and no clock.

Source: see `functions.accounts.outside.vk_api`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], datetime]

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(hours=1)
KEPT = 1000
PLAIN = re.compile(r"[A-Za-z0-9_-]*")
VERIFIER = re.compile(r"[A-Za-z0-9_-]{43,128}")
MIN_STATE = 32
PERSONAL, EMAIL, PHONE = "vkid.personal_info", "email", "phone"


class Refused(Exception):
    """A request that VK ID refuses, in its own words."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True)
class Application:
    """An application as its owner has registered it."""

    client_id: str
    redirect_uris: tuple[str, ...]
    name: str = "Svyaz"


@dataclass(frozen=True)
class VkPerson:
    """A person with a VK ID."""

    user_id: int
    first_name: str
    last_name: str
    email: str = ""
    phone: str = ""

    def profile(self, scopes: tuple[str, ...]) -> Json:
        """What user_info tells of him to an application with these rights: numbers as text, as VK ID does."""
        told = {
            "user_id": str(self.user_id),
            "first_name": self.first_name,
            "last_name": self.last_name,
            "avatar": "",
            "sex": 1,
            "verified": False,
            "birthday": "01.02.1990",
        }
        more = {EMAIL: self.email, PHONE: self.phone}
        return told | {name: value for name, value in more.items() if name in scopes and value}


DEMO_PEOPLE = (
    VkPerson(870_000_001, "Ольга", "Смирнова", "olga@example.org", "79000000001"),
    VkPerson(870_000_002, "Nino", "Beridze"),
)


@dataclass(frozen=True)
class Asked:
    """What an application asks a person for."""

    application: Application
    redirect_uri: str
    state: str
    challenge: str
    scopes: tuple[str, ...]


@dataclass
class Code:
    """A code that an application may exchange once."""

    asked: Asked
    person: VkPerson
    device_id: str
    ends_at: datetime
    is_used: bool = False


@dataclass
class Token:
    """What shows an application a person's profile."""

    client_id: str
    person: VkPerson
    scopes: tuple[str, ...]
    ends_at: datetime


@dataclass
class VkId:
    """All of it, and the decisions."""

    applications: tuple[Application, ...]
    people: tuple[VkPerson, ...]
    clock: Clock
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)

    def asked(self, query: Mapping[str, str]) -> Asked:
        """What the query of `authorize` asks for.

        Raises: Refused, where the person is shown an error instead of being sent back.
        """
        application = self._application(query.get("client_id", ""))
        redirect_uri, state = query.get("redirect_uri", ""), query.get("state", "")
        if redirect_uri not in application.redirect_uris:
            raise Refused("invalid_request", "redirect_uri is missing or invalid")
        if query.get("response_type") != "code":
            raise Refused("invalid_request", "response_type is missing or invalid")
        if len(state) < MIN_STATE or not PLAIN.fullmatch(state):
            raise Refused("invalid_request", "state is missing or invalid")
        challenge = query.get("code_challenge", "")
        if not challenge or query.get("code_challenge_method", "").lower() != "s256":
            raise Refused("invalid_request", "code_challenge is missing or invalid")
        scopes = tuple(query.get("scope", "").split()) or (PERSONAL,)
        return Asked(application, redirect_uri, state, challenge, scopes)

    def allow(self, asked: Asked, user_id: int) -> Json:
        """What the person's browser brings back to the application."""
        person = next((person for person in self.people if person.user_id == user_id), None)
        if person is None:
            raise Refused("invalid_request", "there is no such person")
        code, device_id = f"vk2.a.{secrets.token_urlsafe(64)}", secrets.token_urlsafe(64)
        self.codes = dict(list(self.codes.items())[1 - KEPT :])
        self.codes[code] = Code(asked, person, device_id, self.clock() + CODE_LIFE)
        life_s = int(CODE_LIFE.total_seconds())
        return {"code": code, "expires_in": life_s, "device_id": device_id, "state": asked.state, "type": "code_v2"}

    def exchange(self, form: Mapping[str, str]) -> Json:
        """The tokens for a code.

        Raises: Refused.
        """
        if form.get("grant_type") != "authorization_code":
            raise Refused("unsupported_grant_type", "grant_type is missing or invalid")
        application = self._application(form.get("client_id", ""))
        code = self.codes.get(form.get("code", ""))
        if code is None or code.is_used or code.ends_at <= self.clock() or code.asked.application != application:
            raise Refused("invalid_grant", "Code is invalid or expired.")
        if form.get("device_id") != code.device_id:
            raise Refused("invalid_request", "device_id is missing or invalid")
        if form.get("redirect_uri") != code.asked.redirect_uri:
            raise Refused("invalid_request", "redirect_uri is missing or invalid")
        code.is_used = True
        if not _proves(form.get("code_verifier", ""), code.asked.challenge):
            raise Refused("invalid_request", "verifier is missing or invalid")
        return self._tokens(code, form.get("state", ""))

    def profile(self, form: Mapping[str, str]) -> Json:
        """Whose a token is.

        Raises: Refused.
        """
        application = self._application(form.get("client_id", ""))
        token = self.tokens.get(form.get("access_token", ""))
        if token is None or token.ends_at <= self.clock() or token.client_id != application.client_id:
            raise Refused("invalid_token", "access_token is missing or invalid")
        return {"user": token.person.profile(token.scopes)}

    def _application(self, client_id: str) -> Application:
        found = next((each for each in self.applications if each.client_id == client_id), None)
        if found is None:
            raise Refused("invalid_client", "client_id is missing or invalid")
        return found

    def _tokens(self, code: Code, state: str) -> Json:
        access = f"vk2.a.{secrets.token_urlsafe(96)}"
        self.tokens = dict(list(self.tokens.items())[1 - KEPT :])
        self.tokens[access] = Token(
            code.asked.application.client_id, code.person, code.asked.scopes, self.clock() + TOKEN_LIFE
        )
        return {
            "refresh_token": f"vk2.a.{secrets.token_urlsafe(96)}",
            "access_token": access,
            "id_token": secrets.token_urlsafe(96),
            "token_type": "Bearer",
            "expires_in": int(TOKEN_LIFE.total_seconds()),
            "user_id": code.person.user_id,
            "state": state,
            "scope": " ".join(code.asked.scopes),
        }


def _proves(verifier: str, challenge: str) -> bool:
    if not VERIFIER.fullmatch(verifier):
        return False
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(made, challenge)
