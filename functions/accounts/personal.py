"""What accounts keep of a person with a login, as he may read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from functions.accounts.organisation import membership
from functions.accounts.people import profiles
from functions.accounts.people.removal import remove_user
from functions.accounts.tables import (
    AccountsItem,
    MembershipPointer,
    PasswordItem,
    ProfileItem,
    SessionItem,
    TotpItem,
    UserIdentityItem,
    UserItem,
    user_key,
)
from shared import vault
from shared.audit import NOBODY, AuditRow, actor_key
from shared.errors import NotFound
from shared.personal import Person, Section
from shared.tables import find as find_item

Item = TypeVar("Item", bound=AccountsItem)
AUDIT_MOST: Final = 5000
"""More entries would not fit into a file that one answer carries."""


def find(person: Person) -> Person | None:
    """The user; a client of an organisation has no login."""
    is_known = person.user_id and find_item(UserItem, user_key(person.user_id), "user") is not None
    return person if is_known else None


def export(person: Person) -> Iterator[Section]:
    """His profile through time, how he signs in, where he belongs and what he did; no secret."""
    if not person.user_id:
        return
    user = find_item(UserItem, user_key(person.user_id), "user")
    if user is None:
        return
    yield _section("user", [{"id": person.user_id, "status": user.status, "created_at": user.created_at}])
    yield _section("profile", (_profile(person.user_id, row) for row in _rows(ProfileItem, person, "profile")))
    yield _section("identities", (_identity(row) for row in _rows(UserIdentityItem, person, "identity#")))
    yield _section("passwords", (_told(row, "effective_from", "effective_to") for row in _passwords(person)))
    yield _section("second_factor", (_told(row, "is_confirmed") for row in _rows(TotpItem, person, "totp")))
    yield _section("sessions", (_session(row) for row in _rows(SessionItem, person, "session#")))
    organisations = [row.sk.removeprefix("member#") for row in _rows(MembershipPointer, person, "member#")]
    yield _section("memberships", (_membership(org_id, person.user_id) for org_id in organisations))
    yield _audit(person.user_id, organisations)


def remove(person: Person) -> int:
    """How many things are gone: memberships, sessions, what he is found by, profile and secrets.

    Raises: Conflict for the last administrator of an organisation, Contended.
    """
    return remove_user(person.user_id) if person.user_id else 0


def _rows(model: type[Item], person: Person, begins: str) -> Iterator[Item]:
    rows: Iterator[Item] = model.query(user_key(person.user_id), model.sk.startswith(begins), consistent_read=True)
    return rows


def _passwords(person: Person) -> Iterator[PasswordItem]:
    return _rows(PasswordItem, person, "password")


def _section(name: str, items: Iterable[dict[str, Any]]) -> Section:
    return Section(name=name, items=tuple(items))


def _profile(user_id: str, row: ProfileItem) -> dict[str, Any]:
    told = profiles.opened(user_id, row)
    return {
        "name": told.name,
        "language": told.language,
        "email": told.email,
        **_told(row, "effective_from", "effective_to"),
    }


def _identity(row: UserIdentityItem) -> dict[str, Any]:
    user_id = row.pk.partition("#")[2]
    return {"kind": row.sk.partition("#")[2], "label": vault.decrypt(row.label, f"accounts|{user_id}|{row.sk}")}


def _session(row: SessionItem) -> dict[str, Any]:
    return {
        "id": row.sk.partition("#")[2],
        **_told(row, "org_id", "created_at", "used_at", "ends_at", "device", "network", "methods"),
    }


def _membership(org_id: str, user_id: str) -> dict[str, Any]:
    try:
        item = membership.find_member(org_id, user_id)
    except NotFound:
        return {"org_id": org_id}
    return {"org_id": org_id, **_told(item, "roles", "teams", "master_id", "joined_at")}


def _audit(user_id: str, organisations: list[str]) -> Section:
    """What he did, the latest first; what others did to him is theirs."""
    entries = (row for org_id in (*organisations, NOBODY) for row in _acts(org_id, user_id))
    found = list(islice(entries, AUDIT_MOST + 1))
    shown = (_told(row, "at", "org_id", "action", "thing", "result", "way", "network") for row in found[:AUDIT_MOST])
    return Section(name="audit", items=tuple(shown), is_whole=len(found) <= AUDIT_MOST)


def _acts(org_id: str, user_id: str) -> Iterator[AuditRow]:
    return AuditRow.by_actor.query(actor_key(org_id, user_id), scan_index_forward=False, limit=AUDIT_MOST + 1)


def _told(row: Any, *names: str) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in names}
    return {name: value for name, value in told.items() if value not in (None, "")}
