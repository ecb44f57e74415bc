"""What may be used once: remembered, by its digest, until it would be too old anyway."""

from __future__ import annotations

import hashlib
from datetime import datetime

from functions.accounts.tables import AccountsItem
from shared.clock import epoch_s
from shared.errors import Unauthorized
from shared.tables import unless


class UsedItem(AccountsItem):
    """Something that was used: `used#<what>#<digest>` / `used`, until `expires_at`."""


def spend(what: str, value: str, until: datetime) -> None:
    """Marks a value as used.

    Raises: Unauthorized where it was used before.
    """
    digest = hashlib.sha256(value.encode()).hexdigest()
    item = UsedItem(f"used#{what}#{digest}", "used", expires_at=epoch_s(until) + 1)
    with unless(Unauthorized("This login was used already. Begin anew.")):
        item.save(UsedItem.pk.does_not_exist())
