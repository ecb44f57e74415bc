"""Profiles: what a person is called and written to, one version after another, of which the old ones are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from functions.accounts.models import Profile
from functions.accounts.tables import ProfileItem, user_key
from shared import vault
from shared.errors import Contended, NotFound
from shared.tables import Transaction, find

SK: Final = "profile"


def find_profile(user_id: str) -> Profile:
    """What holds now of a person.

    Raises: NotFound.
    """
    return opened(user_id, _stored(user_id))


def opened(user_id: str, item: ProfileItem) -> Profile:
    """A version of a profile in plain words."""
    return Profile(
        name=vault.decrypt(item.name, _context(user_id, "name")),
        language=item.language,
        email=vault.decrypt(item.email, _context(user_id, "email")) if item.email else "",
        effective_from=datetime.fromisoformat(item.effective_from),
        effective_to=datetime.fromisoformat(item.effective_to) if item.effective_to else None,
    )


def write_new(transaction: Transaction, user_id: str, profile: Profile) -> None:
    """Writes a person's first profile with the transaction."""
    transaction.create(_item(user_id, profile, 1))


def change(
    transaction: Transaction,
    user_id: str,
    moment: datetime,
    *,
    name: str | None = None,
    language: str | None = None,
    email: str | None = None,
) -> Profile:
    """The profile as it will be with the transaction; what is None stays, and the version before keeps when it held.

    Raises: NotFound; Contended, from the transaction's commit.
    """
    stored = _stored(user_id)
    was = opened(user_id, stored)
    after = Profile(
        name=was.name if name is None else name,
        language=was.language if language is None else language,
        email=was.email if email is None else email,
        effective_from=moment,
    )
    unchanged = ProfileItem.version == stored.version
    busy = Contended("Somebody else changes this profile at this moment.")
    transaction.put(_item(user_id, after, int(stored.version) + 1), condition=unchanged, otherwise=busy)
    transaction.put(_superseded(stored, moment))
    return after


def _stored(user_id: str) -> ProfileItem:
    stored = find(ProfileItem, user_key(user_id), SK)
    if stored is None:
        raise NotFound("There is no such person.")
    return stored


def _superseded(stored: ProfileItem, moment: datetime) -> ProfileItem:
    """The version that held until a moment; its sealed fields stay as they are."""
    return ProfileItem(
        stored.pk,
        f"{SK}#{stored.effective_from}",
        name=stored.name,
        language=stored.language,
        email=stored.email,
        effective_from=stored.effective_from,
        effective_to=moment.isoformat(),
        version=stored.version,
    )


def _item(user_id: str, profile: Profile, version: int) -> ProfileItem:
    return ProfileItem(
        user_key(user_id),
        SK,
        name=vault.encrypt(profile.name, _context(user_id, "name")),
        language=profile.language,
        email=vault.encrypt(profile.email, _context(user_id, "email")) if profile.email else "",
        effective_from=profile.effective_from.isoformat(),
        version=version,
    )


def _context(user_id: str, field: str) -> str:
    return f"accounts|{user_id}|{field}"
