"""The demo's people with a login: one of each role, in the two organisations of the demo."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from functions.accounts.entry import passwords, registration
from functions.accounts.models import IdentityKind, Membership
from functions.accounts.organisation import membership, organisations
from functions.accounts.tables import IdentityItem, OrganisationItem, identity_key, org_key
from functions.booking.tables import owner_of
from shared.errors import Conflict
from shared.rights import Role
from shared.tables import Transaction, fetch, find

SAMPLE_PASSWORD = "sample demo password"  # noqa: S105  # opens nothing but a test's own demo
NAMES = {"org_lipa": "Студия «Липа»", "org_wheel": "Wheel"}


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo; `code` is that of the master whom he is in booking."""

    role: Role
    org_id: str
    name: str
    email: str
    language: str = "ru"
    code: str = ""


PEOPLE = (
    DemoPerson(Role.ADMINISTRATOR, "org_lipa", "Мария Липова", "maria@lipa.example"),
    DemoPerson(Role.ADMINISTRATOR, "org_wheel", "Giorgi Beridze", "giorgi@wheel.example", "en"),
    DemoPerson(Role.MASTER, "org_lipa", "Анна", "anna@lipa.example", code="anna"),
    DemoPerson(Role.MASTER, "org_wheel", "Boris", "boris@wheel.example", "en", "boris"),
    DemoPerson(Role.SUPPORT, "org_lipa", "Света", "sveta@lipa.example"),
    DemoPerson(Role.CLIENT, "org_lipa", "Ольга", "olga@lipa.example"),
    DemoPerson(Role.SMS_OPERATOR, "org_lipa", "Игорь", "igor@lipa.example"),
    DemoPerson(Role.SERVICE, "org_lipa", "Касса", "till@lipa.example"),
    DemoPerson(Role.ANALYST, "org_lipa", "Полина", "polina@lipa.example"),
    DemoPerson(Role.SMM_DIRECTOR, "org_lipa", "Денис", "denis@lipa.example"),
    DemoPerson(Role.BUYER, "org_lipa", "Вера", "vera@lipa.example"),
    DemoPerson(Role.SELLER, "org_lipa", "Павел", "pavel@lipa.example"),
    DemoPerson(Role.SHOP, "org_lipa", "Нина", "nina@lipa.example"),
    DemoPerson(Role.MARKETPLACE_STAFF, "org_lipa", "Олег", "oleg@lipa.example"),
    DemoPerson(Role.ANTI_FRAUD, "org_lipa", "Тимур", "timur@lipa.example"),
    DemoPerson(Role.MARKETING, "org_lipa", "Алиса", "alisa@lipa.example"),
)


def seed(password: str = SAMPLE_PASSWORD) -> dict[str, str]:
    """The ids of all these people by their addresses; who is there already stays as he is.

    Shape: administrators come first, for they found the organisations; the masters' catalogues are there already.
    """
    found = known()
    if len(found) < len(PEOPLE):
        password_hash = passwords.hashed(password)
        found |= {each.email: _registered(each, password_hash) for each in PEOPLE if each.email not in found}
    for person in PEOPLE:
        _join(person, found[person.email])
    return found


def known() -> dict[str, str]:
    """The ids by their addresses of those of these people who are there."""
    keys = [(IdentityItem, identity_key(IdentityKind.EMAIL, person.email), "identity") for person in PEOPLE]
    found = zip(PEOPLE, fetch(keys), strict=True)
    return {person.email: str(item.user_id) for person, item in found if item is not None}


def _registered(person: DemoPerson, password_hash: str) -> str:
    transaction = Transaction()
    user_id = registration.create_user(
        transaction, name=person.name, language=person.language, email=person.email, password_hash=password_hash
    )
    transaction.commit()
    return user_id


def _join(person: DemoPerson, user_id: str) -> None:
    roles = (person.role.value,)
    if person.role is Role.ADMINISTRATOR and not _is_founded(person.org_id):
        organisations.found(user_id, NAMES[person.org_id], org_id=person.org_id)
        return
    master_id = owner_of(person.code)[1] if person.code else ""
    transaction = Transaction()
    membership.count_administrators(transaction, person.org_id, (), roles)
    membership.write_new(transaction, Membership(person.org_id, user_id, roles, master_id=master_id))
    membership.write_home(transaction, person.org_id, user_id)
    with suppress(Conflict):
        transaction.commit()


def _is_founded(org_id: str) -> bool:
    return find(OrganisationItem, org_key(org_id, "organisation"), "organisation") is not None
