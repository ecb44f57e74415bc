"""Values of accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class IdentityKind(StrEnum):
    """What a person may be found by."""

    EMAIL = "email"
    TELEGRAM = "telegram"
    VK = "vk"


@dataclass(frozen=True)
class Profile:
    """What a person calls himself, from one moment to another; `effective_to` is None for what holds now."""

    name: str
    language: str
    email: str
    effective_from: datetime
    effective_to: datetime | None = None


@dataclass(frozen=True)
class User:
    """A person with a login."""

    id: str
    is_active: bool
    created_at: datetime
    profile: Profile


@dataclass(frozen=True)
class OrganisationSettings:
    """What an organisation chooses: which roles have to have a second factor."""

    second_factor_roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Organisation:
    """A business and what it chose."""

    id: str
    name: str
    created_at: datetime
    settings: OrganisationSettings = field(default_factory=OrganisationSettings)


@dataclass(frozen=True)
class Membership:
    """What a person is in an organisation."""

    org_id: str
    user_id: str
    roles: tuple[str, ...]
    teams: tuple[str, ...] = ()
    master_id: str = ""


@dataclass(frozen=True)
class Session:
    """One login, until it ends.

    Shape: `generation` counts the refresh tokens given out; `device` is the user agent in a few words; `place` a
    keyed digest of the address and `network` its network.
    """

    id: str
    user_id: str
    org_id: str
    generation: int
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    device: str
    network: str
    methods: tuple[str, ...]


@dataclass(frozen=True)
class Tokens:
    """What a login gives.

    Units: `expires_in_s` is the access token's life in seconds.
    """

    access_token: str
    refresh_token: str
    expires_in_s: int
