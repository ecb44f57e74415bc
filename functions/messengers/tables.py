"""The messengers' table: channel accounts, such as one bot or one web chat, and who has a chat of his own there."""

from __future__ import annotations

import time
from datetime import timedelta

from pynamodb.attributes import UnicodeAttribute

from functions.messengers.models import ChannelAccount
from shared.clock import epoch_s, now
from shared.tables import Table, find

KEEP_S = 60
OWN_CHAT_KEPT = timedelta(days=400)
KEPT_MOST = 1000
_kept: dict[str, tuple[float, ChannelAccount]] = {}


class Account(Table):
    """One account of a channel; its secrets lie in SSM, not here."""

    class Meta:
        """The system's table."""

        name = "messengers"

    org_id = UnicodeAttribute()
    channel = UnicodeAttribute()
    consumer = UnicodeAttribute()
    title = UnicodeAttribute()
    start = UnicodeAttribute(null=True)


class OwnChat(Table):
    """Says that a signed-in person has opened the web chat of an account: `person#<id>` / account id."""

    class Meta:
        """The system's table."""

        name = "messengers"


def note_own_chat(user_id: str, account_id: str) -> None:
    """Notes where a person is found, as long as what is said there may be kept."""
    OwnChat(f"person#{user_id}", account_id, expires_at=epoch_s(now() + OWN_CHAT_KEPT)).save()


def own_chats(user_id: str) -> list[str]:
    """The accounts whose web chats a person has opened."""
    return [row.sk for row in OwnChat.query(f"person#{user_id}", consistent_read=True)]


def find_account(account_id: str) -> ChannelAccount | None:
    """The account of that id; kept for a minute, for it rarely changes."""
    kept = _kept.get(account_id)
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    row = find(Account, f"account#{account_id}", "account")
    if row is None:
        return None
    account = ChannelAccount(
        id=account_id,
        org_id=row.org_id,
        channel=row.channel,
        consumer=row.consumer,
        title=row.title,
        start=row.start or "",
    )
    if len(_kept) >= KEPT_MOST:
        _kept.clear()
    _kept[account_id] = (time.monotonic() + KEEP_S, account)
    return account


def save_account(account: ChannelAccount) -> None:
    """Stores an account whole."""
    Account(
        f"account#{account.id}",
        "account",
        org_id=account.org_id,
        channel=account.channel,
        consumer=account.consumer,
        title=account.title,
        start=account.start or None,
    ).save()
    _kept.pop(account.id, None)
