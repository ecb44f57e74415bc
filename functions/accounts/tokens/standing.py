"""What a person is now: a member of one organisation with some roles, or of none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from functions.accounts.tables import MemberItem, OrganisationItem, TotpItem, UserItem, org_key, user_key
from shared.errors import Unauthorized
from shared.tables import fetch, find

ACTIVE = "active"
SECOND_FACTORS = frozenset({"totp", "recovery"})


@dataclass(frozen=True)
class Standing:
    """A membership as a token tells it; all of it is empty for a person without an organisation."""

    org_id: str = ""
    roles: tuple[str, ...] = ()
    needs_second_factor: bool = False
    master_id: str = ""


def home_of(user_id: str) -> str:
    """The organisation that a person chose last; empty for none.

    Raises: Unauthorized for a person who is not there any more.
    """
    return str(_active(find(UserItem, user_key(user_id), "user")).org_id)


def standing(user_id: str, org_id: str, methods: Iterable[str]) -> Standing:
    """What a person who signed in by these methods is in an organisation.

    Shape: a second factor that he has switched off since is none.
    Raises: Unauthorized for a person who is not there any more.
    """
    user, totp, member, organisation = fetch(
        [
            (UserItem, user_key(user_id), "user"),
            (TotpItem, user_key(user_id), "totp"),
            (MemberItem, org_key(org_id, "members"), user_id),
            (OrganisationItem, org_key(org_id, "organisation"), "organisation"),
        ]
    )
    _active(user)
    if not org_id or member is None or organisation is None:
        return Standing()
    required = json.loads(organisation.settings).get("second_factor_roles", ())
    shown = methods if totp is not None and totp.is_confirmed else ()
    signed_in = as_signed_in(org_id, member.roles.split(), required, shown)
    return replace(signed_in, master_id=member.master_id)


def as_signed_in(org_id: str, roles: Iterable[str], required: Iterable[str], methods: Iterable[str]) -> Standing:
    """A member who has no roles until he shows a second factor, where one of his roles requires it."""
    given = tuple(roles)
    if set(given) & set(required) and not SECOND_FACTORS & set(methods):
        return Standing(org_id, (), needs_second_factor=True)
    return Standing(org_id, given)


def _active(user: UserItem | None) -> UserItem:
    if user is None or user.status != ACTIVE:
        raise Unauthorized("Sign in again.")
    return user
