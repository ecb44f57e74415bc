"""People with a login, their organisations, and requests in their names, as the authorizer lets them through."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from functions.accounts.entry import registration
from functions.accounts.models import Membership
from functions.accounts.organisation import api_keys, membership, organisations
from shared.http.api import Api
from shared.http.app import http_app
from shared.identity import Caller
from shared.rights import Role
from shared.tables import Transaction
from tests.support.http_events import Answer, proxy_event

_numbers = itertools.count(1)


def person(name: str = "Olga", email: str = "") -> str:
    """The id of somebody who has registered."""
    transaction = Transaction()
    address = email or f"person{next(_numbers)}@example.org"
    user_id = registration.create_user(transaction, name=name, language="en", email=address)
    transaction.commit()
    return user_id


def founder(name: str = "Lipa", org_id: str = "") -> Caller:
    """The administrator of a new organisation."""
    user_id = person("Ada")
    return caller(user_id, organisations.found(user_id, name, org_id=org_id).id, Role.ADMINISTRATOR)


def caller(user_id: str, org_id: str = "", *roles: Role) -> Caller:
    """Somebody who has signed in."""
    return Caller("user", user_id, org_id, tuple(role.value for role in roles), session_id="ses_1")


def member(org_id: str, *roles: Role, name: str = "Olga") -> Caller:
    """A new member of an organisation."""
    user_id = person(name)
    names = tuple(role.value for role in roles)
    transaction = Transaction()
    membership.count_administrators(transaction, org_id, (), names)
    membership.write_new(transaction, Membership(org_id, user_id, names))
    transaction.commit()
    return caller(user_id, org_id, *roles)


def key(maker: Caller, *rights: str, is_test: bool = False, days: int | None = None) -> Caller:
    """A service with a new key of somebody's organisation."""
    made, _ = api_keys.create(maker, "Till", rights, is_test=is_test, days=days)
    return Caller("key", made.id, made.org_id, scopes=made.scopes, is_test=is_test)


def ask(  # each is one part of a request
    api: Api,
    who: Caller | None,
    method: str,
    resource: str,
    body: str | None = None,
    *,
    path: Mapping[str, str] | None = None,
    query: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The answer of a system's routes to a request in somebody's name."""
    number = next(_numbers)
    address = f"198.18.{number // 256 % 256}.{number % 256}"
    event = proxy_event(method, resource, body, path or {}, query, headers or {}, address)
    if who is not None:
        event["requestContext"]["authorizer"] = {"principalId": who.subject, **who.to_context()}
    given = http_app(api)(event, None)
    named = {name.lower(): str(value) for name, value in given["headers"].items()}
    return Answer(given["statusCode"], named, given["body"])


def told(answer: Answer) -> Any:
    """What a body says; nothing where there is none."""
    return answer.json if answer.text else None
