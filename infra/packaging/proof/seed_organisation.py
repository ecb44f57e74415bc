"""The organisation that the samples ask about: its administrator, a team, an invitation, a key, a letter."""

from __future__ import annotations

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
    key = ApiKeyItem(org_key(ORG, "keys"), KEY, name="Касса", digest="", scopes=Right.SMS_SEND.value, created_at=since)
    key.created_by = ADMINISTRATOR
    key.save()
    ApiKeyPointer(f"key#{KEY}", "key", org_id=ORG).save()
    letters.keep(LETTER, Letter("invitation", INVITED, "ru", {"organisation": "Студия «Липа»", "token": "sample"}))


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
