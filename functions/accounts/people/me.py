"""The signed-in person: what he is called, where he belongs, what he may do."""

from __future__ import annotations

from functions.accounts.entry import passwords, second_factor
from functions.accounts.people import profiles
from functions.accounts.tables import MemberItem, MembershipPointer, OrganisationItem, org_key, user_key
from functions.accounts.views import MembershipView, MeView, ProfileChange
from shared import audit
from shared.clock import now
from shared.identity import Caller
from shared.rights import Right, Role
from shared.tables import Transaction, fetch

POINTER = "member#"


def view(caller: Caller) -> MeView:
    """Everything that the person's own page shows.

    Raises: NotFound for a person who was removed.
    """
    profile = profiles.find_profile(caller.subject)
    return MeView(
        id=caller.subject,
        name=profile.name,
        language=profile.language,
        email=profile.email,
        org_id=caller.org_id,
        roles=tuple(Role(role) for role in caller.roles),
        rights=tuple(sorted(Right(right) for right in caller.rights)),
        organisations=memberships(caller.subject),
        has_password=passwords.has_one(caller.subject),
        has_second_factor=second_factor.is_on(caller.subject),
        needs_second_factor=caller.needs_second_factor,
    )


def change(caller: Caller, wanted: ProfileChange) -> MeView:
    """The person with another name or language.

    Raises: NotFound, Contended.
    """
    transaction = Transaction()
    profiles.change(transaction, caller.subject, now(), name=wanted.name, language=wanted.language)
    audit.add(transaction, "accounts.profile.changed", caller.subject)
    transaction.commit()
    return view(caller)


def memberships(user_id: str) -> tuple[MembershipView, ...]:
    """The organisations that a person belongs to, by name."""
    pointers = MembershipPointer.query(user_key(user_id), MembershipPointer.sk.startswith(POINTER))
    org_ids = [pointer.sk.removeprefix(POINTER) for pointer in pointers]
    organisations = fetch([(OrganisationItem, org_key(org_id, "organisation"), "organisation") for org_id in org_ids])
    members = fetch([(MemberItem, org_key(org_id, "members"), user_id) for org_id in org_ids])
    found = [
        MembershipView(org_id=org_id, name=organisation.name, roles=tuple(Role(role) for role in member.roles.split()))
        for org_id, organisation, member in zip(org_ids, organisations, members, strict=True)
        if organisation is not None and member is not None
    ]
    return tuple(sorted(found, key=lambda each: (each.name, each.org_id)))
