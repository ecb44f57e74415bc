"""Requests with an Idempotency-Key: however often they come, one thing is made."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.accounts.api import keys, members, organisation
from functions.accounts.organisation import api_keys, invitations, organisations, teams
from functions.accounts.organisation.repeats import Repeat, once
from shared.http.api import Api
from shared.idempotency import AlreadyDone
from shared.identity import Caller
from shared.rights import Role
from shared.tables import Transaction
from tests.support.http_events import Answer
from tests.support.moto_aws import waiting
from tests.support.signed_in import ask, founder, member

pytestmark = pytest.mark.usefixtures("aws")
TEAMS = "/v1/accounts/teams"
INVITATION = {"email": "olga@example.org", "roles": ["support"]}


def _post(api: Api, who: Caller, resource: str, body: Any, key: str = "order-1") -> Answer:
    return ask(api, who, "POST", resource, json.dumps(body), headers={"Idempotency-Key": key})


def test_a_team_is_made_once() -> None:
    """PLAT-12."""
    ada = founder()
    first, second = (_post(organisation.api, ada, TEAMS, {"name": "Nails"}) for _ in range(2))
    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    assert _post(organisation.api, ada, TEAMS, {"name": "Nails"}, key="order-2").json != first.json
    assert len(teams.teams_of(ada.org_id)) == 2


def test_another_body_under_the_same_key_is_refused() -> None:
    ada = founder()
    _post(organisation.api, ada, TEAMS, {"name": "Nails"})
    assert _post(organisation.api, ada, TEAMS, {"name": "Hair"}).status == 422
    assert _post(organisation.api, ada, TEAMS, {"name": "Hair"}, key="no key").status == 422


def test_a_key_of_somebody_elses_request_means_nothing() -> None:
    """PLAT-33."""
    ada, boris = founder("Lipa"), founder("Wheel")
    second = member(ada.org_id, Role.ADMINISTRATOR)
    made = {_post(organisation.api, who, TEAMS, {"name": "Nails"}).json["id"] for who in (ada, boris, second)}
    assert len(made) == 3


def test_an_organisation_is_founded_once() -> None:
    ada = founder()
    resource = "/v1/accounts/organisations"
    first, second = (_post(organisation.api, ada, resource, {"name": "Second"}) for _ in range(2))
    assert first.json == second.json
    assert organisations.find_organisation(first.json["id"]).name == "Second"


def test_an_invitation_is_made_once_and_its_letter_is_surely_sent() -> None:
    """Whoever asks again may have been told that it failed: he gets the letter, for the same invitation."""
    ada = founder()
    first, second = (_post(members.api, ada, "/v1/accounts/invitations", INVITATION) for _ in range(2))
    assert (first.status, first.json) == (201, second.json)
    assert len(invitations.standing(ada.org_id)) == 1
    assert len(waiting("accounts-mail")) == 2
    invitations.revoke(ada.org_id, first.json["id"])
    assert _post(members.api, ada, "/v1/accounts/invitations", INVITATION).status == 404
    assert waiting("accounts-mail") == []


def test_an_api_key_is_made_once_and_not_told_twice() -> None:
    ada = founder()
    wanted = {"name": "Till", "scopes": ["sms.messages.send"]}
    first, second = (_post(keys.api, ada, "/v1/accounts/keys", wanted) for _ in range(2))
    assert (first.status, second.status) == (201, 409)
    assert second.json["key_id"] == first.json["id"]
    assert "svz_" not in second.text
    assert len(api_keys.keys_of(ada.org_id)) == 1


def test_of_two_at_once_one_makes_it_and_both_get_it() -> None:
    repeat = Repeat("usr_1:org_1:teams", "order-1", b"{}")

    def slower() -> str:
        for made_id in ("faster", "slower"):
            transaction = Transaction()
            repeat.write(transaction, made_id)
            transaction.commit()
        return "slower"

    assert once(repeat, slower, str.upper) == "FASTER"
    transaction = Transaction()
    repeat.write(transaction, "late")
    with pytest.raises(AlreadyDone):
        transaction.commit()
