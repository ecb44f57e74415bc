"""The organisation that the samples ask about: its administrator, a team, an invitation, a key, a letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from functions.accounts import letters
from functions.accounts.letter_texts import Letter
from functions.accounts.tables import (
    ApiKeyItem,
    ApiKeyPointer,
    InvitationItem,
    MemberItem,
    MembershipPointer,
    OrganisationItem,
    TeamItem,
    UserItem,
    org_key,
    user_key,
)
from shared import vault
from shared.clock import epoch_s, now
from shared.keys import lookup_key
from shared.rights import Right, Role

ORG, ADMINISTRATOR = "org_lipa", "usr_01900000000070008000000000000001"
TEAM, INVITATION, KEY = (f"{prefix}_01900000000070008000000000000001" for prefix in ("team", "inv", "key"))
LETTER = "let_01900000000070008000000000000501"
TEST_KEY = "key_01900000000070008000000000000007"
INVITED = "person501@example.org"


def seed_organisation() -> None:
    """Stores it all."""
    since = now().isoformat()
    OrganisationItem(
        org_key(ORG, "organisation"), "organisation", name="Студия «Липа»", created_at=since, administrators=1
    ).save()
    UserItem(user_key(ADMINISTRATOR), "user", created_at=since, org_id=ORG).save()
    MemberItem(org_key(ORG, "members"), ADMINISTRATOR, roles=Role.ADMINISTRATOR.value, joined_at=since).save()
    MembershipPointer(user_key(ADMINISTRATOR), f"member#{ORG}").save()
    TeamItem(org_key(ORG, "teams"), TEAM, name="Маникюр").save()
    _seed_invitation(since)
    _seed_key(KEY, (Right.SMS_SEND,), since)
    _seed_key(TEST_KEY, (Right.MEMBERS_CHANGE, Right.KEYS_READ), since, is_test=True)
    letters.keep(LETTER, Letter("invitation", INVITED, "ru", {"organisation": "Студия «Липа»", "token": "sample"}))


def _seed_key(key_id: str, scopes: Iterable[Right], since: str, *, is_test: bool = False) -> None:
    ApiKeyItem(
        org_key(ORG, "keys"),
        key_id,
        name="Касса",
        digest="",
        scopes=" ".join(scopes),
        is_test=is_test,
        created_at=since,
        created_by=ADMINISTRATOR,
    ).save()
    ApiKeyPointer(f"key#{key_id}", "key", org_id=ORG).save()


def _seed_invitation(since: str) -> None:
    InvitationItem(
        org_key(ORG, "invitations"),
        INVITATION,
        email=vault.encrypt(INVITED, f"accounts|{INVITATION}|email"),
        email_lookup=lookup_key("email", INVITED),
        roles=Role.SUPPORT.value,
        invited_by=ADMINISTRATOR,
        created_at=since,
        expires_at=epoch_s(now() + timedelta(days=7)),
    ).save()
