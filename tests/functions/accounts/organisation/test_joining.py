"""Registering by an invitation: the letter proves the address; once, and never for somebody else's account."""

from __future__ import annotations

import json

import pytest

from functions.accounts.api.joining import api
from functions.accounts.authorizer import caller_of
from functions.accounts.entry import login
from functions.accounts.models import IdentityKind
from functions.accounts.organisation import invitations, joining, members
from functions.accounts.organisation.invitations import Invitation, Wanted
from functions.accounts.tables import IdentityItem, identity_key
from functions.accounts.tokens.sessions import Place
from shared import audit
from shared.errors import Conflict, InvalidField, NotFound
from shared.identity import Caller
from shared.keys import seal
from shared.rights import Role
from shared.tables import find
from tests.support.signed_in import ask, founder, key, person

pytestmark = pytest.mark.usefixtures("aws")
REGISTRATION = "/v1/accounts/invitations/registration"
EMAIL, PASSWORD = "olga@example.org", "four quiet otters"


def _invited(ada: Caller, role: Role = Role.SUPPORT) -> Invitation:
    return invitations.invite(ada, Wanted(EMAIL, (role.value,)))


def _token(invitation: Invitation) -> str:
    return seal("invitation", {"o": invitation.org_id, "i": invitation.id})


def _body(invitation: Invitation, **more: str) -> str:
    return json.dumps({"token": _token(invitation), "name": "Olga", "password": PASSWORD, **more})


def test_whoever_is_invited_registers_by_the_link_and_signs_in() -> None:
    """PLAT-30, PLAT-33."""
    ada = founder()
    invitation = _invited(ada)
    answer = ask(api, None, "POST", REGISTRATION, _body(invitation))
    assert (answer.status, answer.json["org_id"], answer.json["roles"]) == (201, ada.org_id, ["support"])
    entry = login.login(EMAIL, PASSWORD, Place("203.0.113.7"))
    assert isinstance(entry, login.Entry)
    caller = caller_of(f"Bearer {entry.tokens.access_token}")
    assert (caller.subject, caller.org_id, caller.roles) == (answer.json["user_id"], ada.org_id, ("support",))
    assert members.find_member(ada.org_id, caller.subject).name == "Olga"
    rows = audit.AuditRow.by_thing.query(audit.thing_key(ada.org_id, invitation.id))
    assert [(row.action, row.way) for row in rows][-1] == ("accounts.invitation.accepted", "link")
    assert ask(api, None, "POST", REGISTRATION, _body(invitation)).status == 404


def test_the_letter_of_a_test_proves_no_address() -> None:
    """Whoever reads the messages of tests would make accounts with the addresses of others."""
    ada = founder()
    invitation = _invited(key(ada, *ada.rights, is_test=True))
    answer = ask(api, None, "POST", REGISTRATION, _body(invitation))
    assert (answer.status, answer.json["type"]) == (403, "/docs#forbidden")
    assert find(IdentityItem, identity_key(IdentityKind.EMAIL, EMAIL), "identity") is None
    assert joining.accept(person(email=EMAIL), _token(invitation)).org_id == ada.org_id


def test_an_address_with_an_account_is_not_registered_again() -> None:
    ada, user_id = founder(), person(email=EMAIL)
    invitation = _invited(ada)
    with pytest.raises(Conflict):
        joining.register(_token(invitation), "Mallory", PASSWORD, "en")
    found = find(IdentityItem, identity_key(IdentityKind.EMAIL, EMAIL), "identity")
    assert found is not None
    assert found.user_id == user_id
    assert joining.accept(user_id, _token(invitation)).roles == ("support",)


def test_a_weak_password_spends_nothing() -> None:
    ada = founder()
    invitation = _invited(ada)
    for weak in (EMAIL, "password"):
        with pytest.raises(InvalidField):
            joining.register(_token(invitation), "Olga", weak, "en")
    assert joining.register(_token(invitation), "Olga", PASSWORD, "en").org_id == ada.org_id


def test_a_made_up_link_makes_nobody() -> None:
    invitation = _invited(founder())
    for token in ("made up", seal("refresh", {"o": invitation.org_id, "i": invitation.id})):
        with pytest.raises(NotFound):
            joining.register(token, "Olga", PASSWORD, "en")
    assert ask(api, None, "POST", REGISTRATION, _body(invitation, password="x" * 10_000_000)).status == 413
    assert ask(api, None, "POST", REGISTRATION, _body(invitation, email="mallory@example.org")).status == 422
    assert find(IdentityItem, identity_key(IdentityKind.EMAIL, EMAIL), "identity") is None


def test_an_invited_administrator_is_counted() -> None:
    ada = founder()
    joined = joining.register(_token(_invited(ada, Role.ADMINISTRATOR)), "Olga", PASSWORD, "en")
    members.remove(ada, ada.subject)
    assert members.find_member(ada.org_id, joined.user_id).membership.roles == ("administrator",)
