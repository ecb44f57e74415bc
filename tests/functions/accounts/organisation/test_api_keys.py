"""API keys: made of rights that one has, told once, checked alike whatever is wrong."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.accounts.api.keys import api
from functions.accounts.authorizer import caller_of as authorized
from functions.accounts.organisation import api_keys, members
from functions.accounts.tables import ApiKeyItem
from shared import kept_messages
from shared.errors import Forbidden, NotFound, RuleViolation, Unauthorized
from shared.identity import Caller
from shared.rights import Right, Role
from tests.functions.accounts import meanwhile
from tests.support.aws_calls import watched
from tests.support.clock import stopped
from tests.support.hostile import texts
from tests.support.signed_in import ask, founder, key, member

pytestmark = pytest.mark.usefixtures("aws")
KEYS = "/v1/accounts/keys"
SCOPES = [Right.SMS_SEND.value, Right.BOOKINGS_READ.value]


def _made(ada: Caller, *, is_test: bool = False, days: int | None = None) -> tuple[api_keys.ApiKey, str]:
    return api_keys.create(ada, "Till", SCOPES, is_test=is_test, days=days)


def test_a_key_is_told_once_and_opens_what_it_may() -> None:
    """PLAT-31."""
    ada = founder()
    answer = ask(api, ada, "POST", KEYS, json.dumps({"name": "Till", "scopes": [*SCOPES, SCOPES[0]]}))
    assert answer.status == 201
    text = answer.json["key"]
    assert text.startswith("svz_live_")
    found = authorized(f"Bearer {text}")
    assert (found.kind, found.org_id, found.scopes, found.is_test) == ("key", ada.org_id, tuple(sorted(SCOPES)), False)
    assert found.may(Right.SMS_SEND)
    assert not found.may(Right.KEYS_READ)
    (shown,) = ask(api, ada, "GET", KEYS).json["items"]
    assert shown == {name: value for name, value in answer.json.items() if name != "key"}
    assert text[-43:] not in json.dumps(shown)


def test_the_secret_is_not_stored() -> None:
    """PLAT-31."""
    ada = founder()
    key, text = _made(ada)
    row = ApiKeyItem.get(f"org#{ada.org_id}#keys", key.id)
    assert text[-43:] not in json.dumps(row.to_simple_dict())


def test_a_test_key_says_so() -> None:
    """PLAT-13."""
    _, text = _made(founder(), is_test=True)
    assert text.startswith("svz_test_")
    assert api_keys.caller_of(text).is_test


def test_every_wrong_key_is_refused_alike() -> None:
    _, text = _made(founder())
    _, other = _made(founder())
    swapped = text[:-43] + other[-43:]
    wrong = [swapped, text.replace("live", "test"), text[:-1], text + "\n", " " + text, text.upper(), "", "svz_live_"]
    unknown = f"svz_live_{'0' * 32}_{'a' * 43}"
    for each in [*wrong, unknown, text.replace("_", "＿")]:
        with pytest.raises(Unauthorized, match=r"^This key does not open anything\.$"):
            api_keys.caller_of(each)
    assert api_keys.caller_of(text).subject


@given(texts(200))
def test_no_text_breaks_the_check(text: str) -> None:
    with pytest.raises(Unauthorized):
        api_keys.caller_of(text)


@given(st.text(alphabet="0123456789abcdef", min_size=32, max_size=32))
def test_no_id_can_be_made_up(name: str) -> None:
    with pytest.raises(Unauthorized):
        api_keys.caller_of(f"svz_live_{name}_{'a' * 43}")


def test_a_key_ends_on_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = stopped(monkeypatch)
    key, text = _made(founder(), days=30)
    clock.forward(days=30, seconds=-1)
    assert api_keys.caller_of(text).subject == key.id
    clock.forward(seconds=1)
    with pytest.raises(Unauthorized):
        api_keys.caller_of(text)


def test_a_revoked_key_is_let_in_for_twenty_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-31."""
    clock = stopped(monkeypatch)
    ada = founder()
    key, text = _made(ada)
    assert api_keys.caller_of(text).subject == key.id
    assert ask(api, ada, "DELETE", f"{KEYS}/{{key_id}}", path={"key_id": key.id}).status == 204
    clock.forward(seconds=20)
    with pytest.raises(Unauthorized):
        api_keys.caller_of(text)
    with pytest.raises(NotFound):
        api_keys.revoke(ada.org_id, key.id)


def test_a_key_is_read_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = stopped(monkeypatch)
    _, text = _made(founder())
    with watched("dynamodb") as calls:
        for _ in range(10):
            api_keys.caller_of(text)
    assert [name for name, _ in calls] == ["BatchGetItem", "BatchGetItem"]
    clock.forward(seconds=21)
    with watched("dynamodb") as calls:
        api_keys.caller_of(text)
    assert [name for name, _ in calls] == ["BatchGetItem"]


def test_what_a_process_keeps_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "KEPT_MOST", 3)
    for number in range(10):
        with pytest.raises(Unauthorized):
            api_keys.caller_of(f"svz_live_{number:032x}_{'a' * 43}")
    assert len(api_keys._truths) <= 3


def test_nobody_makes_a_key_with_rights_that_he_has_not() -> None:
    ada = founder()
    with pytest.raises(Forbidden):
        api_keys.create(member(ada.org_id, Role.SUPPORT), "Mine", [Right.KEYS_CHANGE.value], is_test=False)
    maker = key(ada, Right.KEYS_CHANGE, is_test=True)
    with pytest.raises(Forbidden):
        api_keys.create(maker, "Live", [Right.KEYS_CHANGE.value], is_test=False)
    made, _ = api_keys.create(maker, "Test", [Right.KEYS_CHANGE.value], is_test=True)
    assert made.is_test


def test_nobody_makes_a_key_in_the_last_minute_of_his_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key lasts longer than the token that it was made with."""
    ada = founder()
    boris, till = member(ada.org_id, Role.ADMINISTRATOR), key(ada, *ada.rights)
    meanwhile.after(monkeypatch, api_keys, "keys_of", lambda: members.remove(ada, boris.subject))
    with pytest.raises(Forbidden):
        _made(boris)
    api_keys.revoke(ada.org_id, till.subject)
    with pytest.raises(Forbidden):
        _made(till)
    assert api_keys.keys_of(ada.org_id) == []


def test_a_key_makes_none_that_outlives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = stopped(monkeypatch)
    ada = founder()
    till = key(ada, *ada.rights, days=30)
    made = [_made(till, days=days)[0].ends_at for days in (None, 365, 7)]
    assert made == [clock.moment + timedelta(days=days) for days in (30, 30, 7)]
    assert _made(key(ada, *ada.rights))[0].ends_at is None


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "Till", "scopes": []},
        {"name": "Till", "scopes": ["everything"]},
        {"name": "", "scopes": SCOPES},
        {"name": "Till", "scopes": SCOPES, "days": 0},
        {"name": "Till", "scopes": SCOPES, "days": "30"},
        {"name": "Till", "scopes": SCOPES, "is_test": 0},
        {"name": "Till", "scopes": SCOPES, "days": 10**9},
        {"name": "Till", "scopes": SCOPES, "org_id": "org_lipa"},
    ],
)
def test_an_impossible_key_is_refused(wanted: dict[str, object]) -> None:
    assert ask(api, founder(), "POST", KEYS, json.dumps(wanted)).status == 422


def test_there_is_a_most_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = founder()
    monkeypatch.setattr(api_keys, "MOST", 1)
    _made(ada)
    with pytest.raises(RuleViolation):
        _made(ada)


def test_another_organisation_neither_sees_nor_revokes_it() -> None:
    """PLAT-33."""
    ada, boris = founder("Lipa"), founder("Wheel")
    key, text = _made(ada)
    assert ask(api, boris, "GET", KEYS).json["items"] == []
    assert ask(api, boris, "DELETE", f"{KEYS}/{{key_id}}", path={"key_id": key.id}).status == 404
    assert api_keys.caller_of(text).org_id == ada.org_id


def test_what_test_keys_sent_is_listed_page_by_page_for_their_organisation_alone() -> None:
    """PLAT-13."""
    ada, boris = founder("Lipa"), founder("Wheel")
    for number in range(3):
        kept_messages.keep(ada.org_id, "letter", "olga@example.org", f"Text {number}", subject="Hello")
    messages = "/v1/accounts/test-messages"
    first = ask(api, ada, "GET", messages, query=[("limit", "2")]).json
    second = ask(api, ada, "GET", messages, query=[("limit", "2"), ("cursor", first["next_cursor"])]).json
    assert [item["text"] for item in first["items"] + second["items"]] == ["Text 2", "Text 1", "Text 0"]
    assert "next_cursor" not in second
    assert ask(api, boris, "GET", messages).json == {"items": []}
