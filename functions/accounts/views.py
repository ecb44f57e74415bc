"""What the HTTP API of logins and of one's own account takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from functions.accounts.organisation.organisation_views import Title
from shared.bus import Value
from shared.rights import Right, Role


def _one_line(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise ValueError("a name in one line is wanted")
    return text.strip()


PersonName = Annotated[str, Field(min_length=1, max_length=120, examples=["Ольга"]), AfterValidator(_one_line)]
Email = Annotated[str, Field(min_length=3, max_length=254, examples=["olga@example.org"])]
NewPassword = Annotated[str, Field(min_length=8, max_length=256, examples=["three quiet lime trees"])]
Password = Annotated[str, Field(min_length=1, max_length=256, examples=["three quiet lime trees"])]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", examples=["ru"])]
Token = Annotated[str, Field(min_length=1, max_length=2048)]
Code = Annotated[str, Field(min_length=6, max_length=40, examples=["287082"])]
SessionId = Annotated[str, Field(pattern=r"^ses_[0-9a-z]{1,40}$", examples=["ses_01a1f9708b7e7a698a78fc280d7dc2d3"])]
OrganisationId = Annotated[
    str, Field(pattern=r"^org_[0-9a-z]{1,40}$", examples=["org_01a1f9708b7e7a698a78fc280d7dc2d3"])
]


class Registration(Value):
    """Somebody who wants an account, and an organisation where he names one."""

    email: Email
    password: NewPassword
    name: PersonName
    language: Language | None = None
    organisation: Title | None = None


class LinkToken(Value):
    """What stands behind # in a letter's link."""

    token: Token


class Confirmation(Value):
    """What stands behind # in a letter's link, and the password that was chosen for the account."""

    token: Token
    password: Password


class Credentials(Value):
    """An address with its password; `device_token` as an earlier login at this device gave it."""

    email: Email
    password: Password
    device_token: Token | None = None


class SecondFactor(Value):
    """A code of the authenticator, or a recovery code, for the challenge that a login was answered with."""

    challenge: Token
    code: Code


class RefreshToken(Value):
    """The refresh token that was given last."""

    refresh_token: Token


class ResetRequest(Value):
    """Whose password is forgotten."""

    email: Email


class Reset(Value):
    """A new password by a letter's link."""

    token: Token
    password: NewPassword


class PasswordChange(Value):
    """A new password in place of the old one, or the first one."""

    old: Password | None = None
    new: NewPassword


class EmailChange(Value):
    """A new address; the password where there is one."""

    email: Email
    password: Password | None = None


class ProfileChange(Value):
    """What is to be different; what is left out stays."""

    name: PersonName | None = None
    language: Language | None = None


class OrganisationChoice(Value):
    """The organisation that the person goes on in."""

    org_id: OrganisationId


class SessionPath(Value):
    """One session."""

    session_id: SessionId


class Accepted(Value):
    """That a letter is on its way, where there is anybody to write to."""

    status: Literal["accepted"] = "accepted"


class Done(Value):
    """That it is done."""

    status: Literal["done"] = "done"


class ResetDone(Done):
    """That the password is set; `device_token` is shown at the next login at this device."""

    device_token: str


class LoginAnswer(Value):
    """Tokens, or the challenge of a second factor.

    Shape: in a browser `refresh_token` is left out: it lies in the cookie.
    Units: `expires_in_s` is the access token's life in seconds.
    """

    access_token: str | None = None
    refresh_token: str | None = None
    expires_in_s: int | None = None
    device_token: str | None = None
    challenge: str | None = None


class MembershipView(Value):
    """An organisation that a person belongs to."""

    org_id: OrganisationId
    name: str
    roles: tuple[Role, ...]


class MeView(Value):
    """Who is signed in, and what he may do here.

    Shape: `org_id`, `roles` and `rights` are of the session, `organisations` all that he may go on in.
    """

    id: Annotated[str, Field(examples=["usr_01a1f9708b7e7a698a78fc280d7dc2d3"])]
    name: str
    language: Language
    email: str
    org_id: str
    roles: tuple[Role, ...]
    rights: tuple[Right, ...]
    organisations: tuple[MembershipView, ...]
    has_password: bool
    has_second_factor: bool
    needs_second_factor: bool


class SessionView(Value):
    """A session as its person sees it; `network` is a part of the address alone."""

    id: SessionId
    device: str
    network: str
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    is_current: bool


class SessionList(Value):
    """All sessions of a person, the newest first."""

    items: tuple[SessionView, ...]


class SessionsEnded(Value):
    """How many sessions were ended."""

    number: int
