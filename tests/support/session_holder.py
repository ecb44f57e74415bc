"""A person with sessions in organisations of his own, for tests of sessions."""

from __future__ import annotations

import json
from typing import Any

from functions.accounts.authorizer import caller_of
from functions.accounts.models import Tokens
from functions.accounts.tables import MemberItem, OrganisationItem, UserItem, org_key, user_key
from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from shared import revocations
from shared.audit import AuditRow
from shared.errors import Unauthorized
from shared.identity import Caller
from tests.support.clock import START

USER, ORG = "usr_1", "org_1"
HERE = Place("203.0.113.7", "Firefox on Linux")
THERE = Place("198.51.100.9", "Chrome on Android")


def begin() -> None:
    """Stores a person who is an administrator and belongs to a second organisation, too."""
    UserItem(user_key(USER), "user", created_at=START.isoformat(), org_id=ORG).save()
    organisation(ORG)
    organisation("org_2")
    join(ORG, "administrator", "support")
    join("org_2", "analyst")


def organisation(org_id: str, **settings: Any) -> None:
    """Stores an organisation."""
    item = OrganisationItem(org_key(org_id, "organisation"), "organisation", name="Lipa", created_at=START.isoformat())
    item.settings = json.dumps(settings)
    item.save()


def join(org_id: str, *roles: str) -> None:
    """Stores a membership."""
    MemberItem(org_key(org_id, "members"), USER, roles=" ".join(roles), joined_at=START.isoformat()).save()


def opened(org_id: str = ORG, *methods: str) -> Tokens:
    """A new session."""
    return sessions.open_session(USER, org_id, methods or ("password",), HERE)


def caller(tokens: Tokens) -> Caller:
    """Who comes with these tokens, to a process that has just begun.

    Raises: Unauthorized.
    """
    revocations.forget()
    return caller_of(f"Bearer {tokens.access_token}")


def is_in(tokens: Tokens) -> bool:
    """Whether an access token opens anything."""
    try:
        caller(tokens)
    except Unauthorized:
        return False
    return True


def entries() -> list[tuple[str, str, str]]:
    """Action, thing and result of the audit's entries."""
    return [(row.action, row.thing, row.result) for row in AuditRow.scan()]
