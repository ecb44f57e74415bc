"""Invitations: a letter, a link, a membership; and what must not work."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from werkzeug.test import Client

from functions.accounts import letters
from functions.accounts.api.joining import api as joining_api
from functions.accounts.api.members import api
from functions.accounts.jobs import send_letter
from functions.accounts.organisation import api_keys, invitations, joining, members, organisations
from functions.accounts.organisation.invitations import Invitation, Wanted
from functions.accounts.tables import InvitationItem
from shared import kept_messages
from shared.bus import Envelope
from shared.errors import Conflict, Forbidden, InvalidField, NotFound, TooManyRequests
from shared.identity import Caller
from shared.keys import seal
from shared.rights import Right, Role
from tests.support.clock import stopped
from tests.support.gateway import application
from tests.support.moto_aws import sent_mail, waiting
from tests.support.queue_events import batch, record
from tests.support.signed_in import ask, caller, founder, key, member, person

pytestmark = pytest.mark.usefixtures("aws")
INVITATIONS = "/v1/accounts/invitations"
ACCEPTANCE = "/v1/accounts/invitations/acceptance"
EMAIL = "olga@example.org"


def _invited(ada: Caller, email: str = EMAIL, role: Role = Role.SUPPORT) -> Invitation:
    return invitations.invite(ada, Wanted(email, (role.value,)))


def _token(invitation: Invitation) -> str:
    return seal("invitation", {"o": invitation.org_id, "i": invitation.id})


def _send_letters() -> None:
    for body in waiting("accounts-mail"):
        letters.take(Envelope.model_validate_json(body))


def test_whoever_is_invited_gets_a_letter_and_joins_by_its_link() -> None:
    """PLAT-33."""
    ada, user_id = founder("Студия «Липа»"), person(email=EMAIL)
    wanted = json.dumps({"email": " Olga@Example.org".strip(), "roles": ["support", "support"]})
    answer = ask(api, ada, "POST", INVITATIONS, wanted, headers={"Accept-Language": "ru"})
    assert (answer.status, answer.json["email"], answer.json["roles"]) == (201, EMAIL, ["support"])
    _send_letters()
    (letter,) = sent_mail()
    assert letter.destinations["ToAddresses"] == [EMAIL]
    found = re.search(r"/invitation#(\S+)", letter.body)
    assert found is not None
    body = json.dumps({"token": found[1]})
    joined = ask(joining_api, caller(user_id), "POST", ACCEPTANCE, body)
    assert (joined.status, joined.json["org_id"], joined.json["roles"]) == (201, ada.org_id, ["support"])
    assert members.find_member(ada.org_id, user_id).membership.roles == ("support",)
    assert ask(api, ada, "GET", INVITATIONS).json["items"] == []
    assert ask(joining_api, caller(user_id), "POST", ACCEPTANCE, body).status == 404


def _by_key(ada: Caller, *, is_test: bool) -> int:
    """The status of an invitation made over HTTP with a key of the organisation; the letters are sent."""
    _, key = api_keys.create(ada, "Till", [Right.MEMBERS_CHANGE, *ada.rights], is_test=is_test)
    wanted = json.dumps({"email": EMAIL, "roles": ["client"]})
    answer = Client(application).post(
        INVITATIONS, data=wanted, content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )
    for body in waiting("accounts-mail"):
        assert send_letter(batch(record(body)).to_dict(), None) == {"batchItemFailures": []}
    return answer.status_code


def test_a_test_keys_invitation_stays_in_the_sandbox() -> None:
    """PLAT-13: what test keys send costs nothing; all the way from the route to the letter."""
    ada, boris = founder("Lipa"), founder("Wheel")
    assert _by_key(ada, is_test=True) == 201
    assert sent_mail() == []
    (kept,) = kept_messages.kept(ada.org_id, 10)
    assert (kept.kind, kept.to) == ("letter", EMAIL)
    assert "/invitation#" in kept.text
    assert kept_messages.kept(boris.org_id, 10) == []
    assert [invitation.email for invitation in invitations.standing(ada.org_id)] == [EMAIL]


def test_a_live_keys_invitation_leaves() -> None:
    """PLAT-13."""
    ada = founder()
    assert _by_key(ada, is_test=False) == 201
    assert [letter.destinations["ToAddresses"] for letter in sent_mail()] == [[EMAIL]]
    assert kept_messages.kept(ada.org_id, 10) == []


def test_the_address_lies_sealed() -> None:
    """PLAT-22."""
    ada = founder()
    invitation = _invited(ada)
    row = InvitationItem.get(f"org#{ada.org_id}#invitations", invitation.id)
    assert EMAIL not in json.dumps(row.to_simple_dict())
    assert EMAIL not in "".join(waiting("accounts-mail"))


def test_another_person_cannot_accept() -> None:
    invitation = _invited(founder())
    with pytest.raises(Forbidden):
        joining.accept(person(email="mallory@example.org"), _token(invitation))
    with pytest.raises(NotFound):
        joining.accept(person(email=EMAIL), _token(invitation)[:-1] + "!")


def test_a_token_for_something_else_is_refused() -> None:
    invitation = _invited(founder())
    forged = seal("refresh", {"o": invitation.org_id, "i": invitation.id})
    with pytest.raises(NotFound):
        joining.accept(person(email=EMAIL), forged)


def test_a_week_later_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = stopped(monkeypatch)
    ada, user_id = founder(), person(email=EMAIL)
    invitation = _invited(ada)
    clock.forward(seconds=timedelta(days=7).total_seconds())
    assert invitations.standing(ada.org_id) == []
    with pytest.raises(NotFound):
        joining.accept(user_id, _token(invitation))
    with pytest.raises(NotFound):
        invitations.revoke(ada.org_id, invitation.id)


def test_what_was_revoked_cannot_be_accepted_even_in_a_race(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, user_id = founder(), person(email=EMAIL)
    invitation = _invited(ada)
    read = invitations.read

    def revoked_meanwhile(token: str) -> Invitation:
        found = read(token)
        invitations.revoke(ada.org_id, invitation.id)
        return found

    monkeypatch.setattr(invitations, "read", revoked_meanwhile)
    with pytest.raises(NotFound):
        joining.accept(user_id, _token(invitation))
    with pytest.raises(NotFound):
        members.find_member(ada.org_id, user_id)


def test_a_member_cannot_join_again() -> None:
    ada = founder()
    user_id = person(email=EMAIL)
    first, second = _invited(ada), _invited(ada, role=Role.MASTER)
    joining.accept(user_id, _token(first))
    with pytest.raises(Conflict):
        joining.accept(user_id, _token(second))
    assert members.find_member(ada.org_id, user_id).membership.roles == ("support",)


def test_an_invited_administrator_is_counted() -> None:
    ada, user_id = founder(), person(email=EMAIL)
    joining.accept(user_id, _token(_invited(ada, role=Role.ADMINISTRATOR)))
    members.remove(ada, ada.subject)
    assert members.find_member(ada.org_id, user_id).membership.roles == ("administrator",)


def test_nobody_invites_to_rights_that_he_has_not() -> None:
    ada = founder()
    till = key(ada, Right.MEMBERS_CHANGE)
    with pytest.raises(Forbidden):
        _invited(till, role=Role.SUPPORT)
    assert _invited(till, role=Role.CLIENT).roles == ("client",)
    assert ask(api, member(ada.org_id, Role.SUPPORT), "POST", INVITATIONS, "{}").status == 403


def test_nobody_invites_in_the_last_minute_of_his_token() -> None:
    ada = founder()
    boris, till = member(ada.org_id, Role.ADMINISTRATOR), key(ada, Right.MEMBERS_CHANGE)
    members.remove(ada, boris.subject)
    api_keys.revoke(ada.org_id, till.subject)
    for gone in (boris, till):
        with pytest.raises(Forbidden):
            _invited(gone, role=Role.CLIENT)
    assert waiting("accounts-mail") == []


def test_who_was_put_out_does_not_come_back_by_an_invitation_of_his_own() -> None:
    ada, user_id = founder(), person(email=EMAIL)
    boris, till = member(ada.org_id, Role.ADMINISTRATOR), key(ada, *ada.rights)
    found = [_invited(giver, role=Role.ADMINISTRATOR) for giver in (boris, till)]
    members.change(ada, boris.subject, members.Change(roles=("support",)))
    api_keys.revoke(ada.org_id, till.subject)
    for invitation in found:
        with pytest.raises(NotFound):
            joining.accept(user_id, _token(invitation))
        with pytest.raises(NotFound):
            joining.register(_token(invitation), "Olga", "four quiet otters", "en")


def test_one_person_is_bounded_over_all_that_he_founds(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-34: organisations cost nothing, so that they are no measure of how many letters somebody may send."""
    monkeypatch.setattr(invitations, "PER_DAY", 3)
    user_id = person()
    own = [caller(user_id, organisations.found(user_id, "Lipa").id, Role.ADMINISTRATOR) for _ in range(2)]
    for at in range(3):
        _invited(own[at % 2], f"a{at}@example.org")
    with pytest.raises(TooManyRequests):
        _invited(own[1], "b@example.org")


def test_sub_addresses_are_one_reader() -> None:
    """PLAT-34."""
    ada = founder()
    for at in range(invitations.PER_ADDRESS):
        _invited(ada, f"olga+{at}@example.org")
    with pytest.raises(TooManyRequests):
        _invited(ada)


def test_foreign_teams_and_impossible_addresses_are_refused() -> None:
    ada = founder()
    with pytest.raises(InvalidField):
        invitations.invite(ada, Wanted(EMAIL, ("support",), ("team_1",)))
    for email in ("no address", "a@b", "olga@example.org\nBcc: x@example.org", "оlga@example.org"):
        with pytest.raises(InvalidField):
            _invited(ada, email)
    assert waiting("accounts-mail") == []


def test_nobody_is_flooded_with_invitations() -> None:
    """PLAT-34."""
    ada = founder()
    for _ in range(invitations.PER_ADDRESS):
        _invited(ada)
    with pytest.raises(TooManyRequests):
        _invited(ada)
    assert len(waiting("accounts-mail")) == invitations.PER_ADDRESS


def test_another_organisation_neither_sees_nor_revokes_it() -> None:
    ada, boris = founder("Lipa"), founder("Wheel")
    invitation = _invited(ada)
    path = {"invitation_id": invitation.id}
    assert ask(api, boris, "GET", INVITATIONS).json["items"] == []
    assert ask(api, boris, "DELETE", f"{INVITATIONS}/{{invitation_id}}", path=path).status == 404
    assert ask(api, ada, "DELETE", f"{INVITATIONS}/{{invitation_id}}", path=path).status == 204
