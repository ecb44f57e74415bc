"""A person's ways in: whoever has his password for an hour shall not add one of his own that nobody notices."""

from __future__ import annotations

from functions.accounts import letters
from functions.accounts.people import profiles


def tell_changed(user_id: str) -> None:
    """Has a person told, where he has an address, that a way into his account or its second factor was changed."""
    profile = profiles.find_profile(user_id)
    if profile.email:
        letters.tell("ways_changed", to=profile.email, language=profile.language)
