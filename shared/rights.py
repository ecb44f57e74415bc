"""The one table of rights: what each role may do, in all systems.

A right is `<system>.<thing>.<verb>`. Routes name the right they need; the manual's table is printed from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed-in"


class Role(StrEnum):
    """What somebody is in an organisation."""

    ADMINISTRATOR = "administrator"
    MASTER = "master"
    CLIENT = "client"
    SMS_OPERATOR = "sms_operator"
    SERVICE = "service"
    ANALYST = "analyst"
    SMM_DIRECTOR = "smm_director"
    BUYER = "buyer"
    SELLER = "seller"
    SHOP = "shop"
    MARKETPLACE_STAFF = "marketplace_staff"
    SUPPORT = "support"
    ANTI_FRAUD = "anti_fraud"
    MARKETING = "marketing"


class Right(StrEnum):
    """One thing that may be done."""

    ORGANISATION_READ = "accounts.organisation.read"
    ORGANISATION_CHANGE = "accounts.organisation.change"
    MEMBERS_READ = "accounts.members.read"
    MEMBERS_CHANGE = "accounts.members.change"
    TEAMS_CHANGE = "accounts.teams.change"
    SESSIONS_END = "accounts.sessions.end"
    KEYS_READ = "accounts.keys.read"
    KEYS_CHANGE = "accounts.keys.change"
    AUDIT_READ = "accounts.audit.read"
    NOTICES_READ = "accounts.notices.read"
    PEOPLE_EXPORT = "accounts.people.export"
    PEOPLE_REMOVE = "accounts.people.remove"
    BOOKINGS_READ = "booking.bookings.read"
    BOOKINGS_READ_OWN = "booking.bookings.read_own"
    CATALOGUE_CHANGE = "booking.catalogue.change"
    SMS_SEND = "sms.messages.send"
    SMS_READ = "sms.messages.read"
    CONTACT_RULES_READ = "rules.rules.read"
    CONTACT_RULES_CHANGE = "rules.rules.change"
    SOURCES_READ = "crawler.sources.read"
    SOURCES_CHANGE = "crawler.sources.change"
    REPORTS_READ = "reports.reports.read"
    REPORTS_CHANGE = "reports.reports.change"
    CALLS_JOIN = "calls.calls.join"
    CALLS_OPEN = "calls.calls.open"
    RECORDINGS_READ = "calls.recordings.read"
    DEALS_READ = "calls.deals.read"
    FRAUD_DECIDE = "calls.fraud.decide"
    FUNNELS_READ = "calls.funnels.read"
    DIALOGS_READ = "robot.dialogs.read"
    DIALOGS_ANSWER = "robot.dialogs.answer"
    SCRIPTS_CHANGE = "robot.scripts.change"


_ROLE_NAMES = frozenset(role.value for role in Role)
_RIGHT_NAMES = frozenset(right.value for right in Right)
_STAFF = frozenset({Right.ORGANISATION_READ})
ROLES: Final[dict[Role, frozenset[Right]]] = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.MASTER: _STAFF | {Right.BOOKINGS_READ_OWN, Right.CATALOGUE_CHANGE, Right.DIALOGS_READ, Right.DIALOGS_ANSWER},
    Role.CLIENT: frozenset(),
    Role.SMS_OPERATOR: _STAFF | {Right.SMS_SEND, Right.SMS_READ, Right.CONTACT_RULES_READ, Right.CONTACT_RULES_CHANGE},
    Role.SERVICE: frozenset({Right.SMS_SEND, Right.SMS_READ, Right.CONTACT_RULES_READ, Right.BOOKINGS_READ}),
    Role.ANALYST: _STAFF | {Right.SOURCES_READ, Right.SOURCES_CHANGE, Right.REPORTS_READ, Right.REPORTS_CHANGE},
    Role.SMM_DIRECTOR: _STAFF | {Right.SOURCES_READ, Right.REPORTS_READ},
    Role.BUYER: frozenset({Right.CALLS_JOIN}),
    Role.SELLER: frozenset({Right.CALLS_JOIN, Right.CALLS_OPEN, Right.DEALS_READ}),
    Role.SHOP: _STAFF
    | {Right.CALLS_JOIN, Right.CALLS_OPEN, Right.DEALS_READ, Right.RECORDINGS_READ, Right.FUNNELS_READ},
    Role.MARKETPLACE_STAFF: _STAFF | {Right.CALLS_OPEN, Right.DEALS_READ, Right.RECORDINGS_READ},
    Role.SUPPORT: _STAFF | {Right.DIALOGS_READ, Right.DIALOGS_ANSWER, Right.RECORDINGS_READ, Right.BOOKINGS_READ},
    Role.ANTI_FRAUD: _STAFF | {Right.RECORDINGS_READ, Right.DEALS_READ, Right.FRAUD_DECIDE},
    Role.MARKETING: _STAFF | {Right.FUNNELS_READ, Right.REPORTS_READ},
}


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """What these roles may do together; a role that is not known here gives nothing."""
    known = [ROLES[Role(role)] for role in roles if role in _ROLE_NAMES]
    return frozenset(right.value for rights in known for right in rights)


def is_access(name: str) -> bool:
    """Whether a route may ask for this."""
    return name in {PUBLIC, SIGNED_IN} or name in _RIGHT_NAMES
