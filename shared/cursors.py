"""Cursors of paged lists: signed, and without any key of the database in them."""

from __future__ import annotations

from shared.errors import InvalidField, InvalidPayload
from shared.keys import seal, unseal


def cursor(listing: str, position: str) -> str:
    """A cursor that goes on after `position` of the listing it was made for."""
    return seal(f"cursor:{listing}", {"p": position})


def position(listing: str, given: str) -> str:
    """Where a cursor goes on.

    Raises: InvalidField for a cursor that was made up or belongs to another listing.
    """
    try:
        return str(unseal(f"cursor:{listing}", given)["p"])
    except (InvalidPayload, KeyError):
        raise InvalidField("This cursor does not belong to this list.") from None
