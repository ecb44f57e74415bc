"""Organisations: founded by a person who becomes their administrator, named, and set."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from pynamodb.expressions.update import Action

from functions.accounts.models import Membership, Organisation, OrganisationSettings
from functions.accounts.organisation import membership
from functions.accounts.organisation.repeats import ONCE, Repeat
from functions.accounts.tables import OrganisationItem, org_key
from shared import audit
from shared.clock import now
from shared.errors import Conflict, Contended, NotFound
from shared.ids import new_id
from shared.rights import Role
from shared.tables import Transaction, find


def found(user_id: str, name: str, *, org_id: str = "", repeat: Repeat = ONCE) -> Organisation:
    """A new organisation, whose one administrator is its founder.

    Raises: Conflict where a chosen `org_id` is taken.
    """
    made = Organisation(org_id or new_id("org"), name, now())
    transaction = Transaction()
    write_founded(transaction, made, user_id)
    membership.write_home(transaction, made.id, user_id)
    repeat.write(transaction, made.id)
    transaction.commit()
    return made


def write_founded(transaction: Transaction, made: Organisation, user_id: str) -> None:
    """Writes an organisation and its one administrator with the transaction.

    Raises: Conflict, from the transaction's commit, where the id is taken.
    """
    item = _item(made.id, name=made.name, created_at=made.created_at.isoformat(), administrators=1)
    transaction.create(item, otherwise=Conflict("There is such an organisation already."))
    membership.write_new(transaction, Membership(made.id, user_id, (Role.ADMINISTRATOR.value,)))
    audit.add(transaction, "accounts.organisation.founded", made.id, org_id=made.id)


def find_organisation(org_id: str) -> Organisation:
    """The organisation of that id.

    Raises: NotFound.
    """
    return _organisation(org_id, _found(org_id))


def change(org_id: str, *, name: str | None = None, settings: OrganisationSettings | None = None) -> Organisation:
    """The organisation as it now is; what is None stays.

    Raises: NotFound, Contended.
    """
    was = _found(org_id)
    actions: list[Action] = [OrganisationItem.version.add(1)]
    if name is not None:
        actions.append(OrganisationItem.name.set(name))
    if settings is not None:
        actions.append(OrganisationItem.settings.set(json.dumps({"second_factor_roles": settings.second_factor_roles})))
    transaction = Transaction()
    as_read = OrganisationItem.version == was.version
    contended = Contended("Somebody else changes this organisation.")
    transaction.update(_item(org_id), actions, condition=as_read, otherwise=contended)
    audit.add(transaction, "accounts.organisation.changed", org_id)
    transaction.commit()
    return find_organisation(org_id)


def _item(org_id: str, **given: Any) -> OrganisationItem:
    return OrganisationItem(org_key(org_id, "organisation"), "organisation", **given)


def _found(org_id: str) -> OrganisationItem:
    item = find(OrganisationItem, org_key(org_id, "organisation"), "organisation")
    if item is None:
        raise NotFound("There is no such organisation.")
    return item


def _organisation(org_id: str, item: OrganisationItem) -> Organisation:
    chosen = json.loads(item.settings)
    settings = OrganisationSettings(tuple(chosen.get("second_factor_roles", ())))
    return Organisation(org_id, item.name, datetime.fromisoformat(item.created_at), settings)
