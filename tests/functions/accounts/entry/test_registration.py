"""Registration with confirmation."""

from __future__ import annotations

from typing import Any

import pytest

from functions.accounts import letters
from functions.accounts.entry import passwords, pending, registration
from functions.accounts.entry.registration import confirm, register
from functions.accounts.models import IdentityKind
from functions.accounts.people import identities, profiles
from functions.accounts.people.users import find_active
from functions.accounts.tables import AccountsItem, MemberItem, OrganisationItem, PendingItem, org_key, user_key
from shared.errors import Conflict, InvalidField, SvyazError, TooManyRequests, Unauthorized
from shared.keys import seal
from shared.tables import Transaction, find
from tests.functions.accounts import meanwhile
from tests.support.aws_calls import watched
from tests.support.clock import Clock, stopped
from tests.support.known_people import EMAIL, NAME, OTHER_EMAIL, PASSWORD
from tests.support.logins import delivered, link, registered, subjects
from tests.support.moto_aws import waiting

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


def _owner(email: str = EMAIL) -> str:
    return identities.owner_of(IdentityKind.EMAIL, email)


def test_nothing_is_made_before_the_link_is_followed() -> None:
    """PLAT-30."""
    register(EMAIL, PASSWORD, NAME, "en")
    assert _owner() == ""
    token = link("confirm")
    user_id = confirm(token, PASSWORD)
    assert _owner() == user_id
    assert passwords.verify(user_id, PASSWORD)
    profile = profiles.find_profile(user_id)
    assert (profile.name, profile.language, profile.email, profile.effective_to) == (NAME, "en", EMAIL, None)


def test_who_did_not_ask_for_it_makes_no_account_for_a_stranger() -> None:
    """The stranger who typed the address would know the password of the account."""
    register(EMAIL, PASSWORD, NAME, "en")
    token = link("confirm")
    for _ in range(5):
        with pytest.raises(Unauthorized):
            confirm(token, "what its reader would choose")
    with pytest.raises(TooManyRequests):
        confirm(token, PASSWORD)
    assert _owner() == ""


def test_an_organisation_comes_with_it() -> None:
    register(EMAIL, PASSWORD, NAME, "ru", "Lipa")
    user_id = confirm(link("confirm"), PASSWORD)
    user = find_active(user_id)
    assert user is not None
    member = find(MemberItem, org_key(user.org_id, "members"), user_id)
    organisation = find(OrganisationItem, org_key(user.org_id, "organisation"), "organisation")
    assert member is not None
    assert organisation is not None
    assert (member.roles, organisation.name, organisation.administrators) == ("administrator", "Lipa", 1)


def test_without_one_nobody_gets_rights() -> None:
    register(EMAIL, PASSWORD, NAME, "en")
    user = find_active(confirm(link("confirm"), PASSWORD))
    assert user is not None
    assert user.org_id == ""


def test_a_link_works_once() -> None:
    register(EMAIL, PASSWORD, NAME, "en")
    token = link("confirm")
    confirm(token, PASSWORD)
    with pytest.raises(InvalidField, match="not valid any more"):
        confirm(token, PASSWORD)


def test_of_two_at_once_one_makes_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one reads the link before the first one has used it up."""
    register(EMAIL, PASSWORD, NAME, "en", "Lipa")
    token = link("confirm")
    made: list[str] = []
    meanwhile.after(monkeypatch, pending, "opened", lambda: made.append(confirm(token, PASSWORD)))
    with pytest.raises(SvyazError):
        confirm(token, PASSWORD)
    assert made == [_owner()]
    assert len([row for row in AccountsItem.scan() if row.sk == "organisation"]) == 1


def test_a_link_holds_for_a_day(clock: Clock) -> None:
    register(EMAIL, PASSWORD, NAME, "en")
    token = link("confirm")
    clock.forward(hours=24)
    with pytest.raises(InvalidField):
        confirm(token, PASSWORD)


@pytest.mark.parametrize("token", ["", "x", "ю", "A" * 2000, "eyJuIjoiMSIsIm8iOiIyIn0"])
def test_a_made_up_link_is_refused(token: str) -> None:
    with pytest.raises(InvalidField, match="not valid any more"):
        confirm(token, PASSWORD)


def test_a_link_of_another_kind_or_another_letter_is_refused() -> None:
    register(EMAIL, PASSWORD, NAME, "en")
    link("confirm")
    row = next(PendingItem.scan())
    for purpose, nonce in (("accounts.reset", row.nonce), ("accounts.registration", "other")):
        with pytest.raises(InvalidField):
            confirm(seal(purpose, {"o": row.pk, "n": nonce}), PASSWORD)


def test_of_two_registrations_of_an_address_the_first_confirmed_stands() -> None:
    register(EMAIL, PASSWORD, NAME, "en")
    first = link("confirm")
    register(EMAIL, "another one of them", "Mallory", "en")
    second = link("confirm")
    user_id = confirm(second, "another one of them")
    with pytest.raises(Conflict):
        confirm(first, PASSWORD)
    assert _owner() == user_id
    assert passwords.verify(user_id, "another one of them")


def test_whoever_has_an_account_is_told_so_by_letter_alone() -> None:
    user_id = registered()
    register(EMAIL, "another one of them", "Mallory", "en")
    assert subjects() == ["Svyaz: you already have an account"]
    assert "confirm" not in delivered()[0].body
    assert _owner() == user_id
    assert passwords.verify(user_id, PASSWORD)


def test_the_request_does_the_same_for_every_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same calls to AWS and as many hashes, so the time tells nothing either."""
    registered(EMAIL)
    _calls(monkeypatch, "warm@example.org")
    done = [_calls(monkeypatch, address) for address in (OTHER_EMAIL, EMAIL)]
    assert done[0] == done[1]
    assert done[0][1] == 1


def _calls(monkeypatch: pytest.MonkeyPatch, address: str) -> tuple[list[str], int]:
    hashed: list[str] = []
    real = passwords.hashed

    def noting(password: str) -> str:
        hashed.append(password)
        return real(password)

    with monkeypatch.context() as patched, watched("dynamodb") as database, watched("sqs") as queues:
        patched.setattr(passwords, "hashed", noting)
        register(address, PASSWORD, NAME, "en")
    return [name for name, _ in (*database, *queues)], len(hashed)


def test_nobody_writes_to_a_stranger_by_our_letter() -> None:
    register(EMAIL, PASSWORD, "Win a prize: http://evil.example", "en", "http://evil.example")
    assert "evil" not in delivered()[0].body


@pytest.mark.parametrize(("email", "password"), [("nonsense", PASSWORD), (EMAIL, "password1"), (EMAIL, EMAIL)])
def test_what_cannot_be_is_refused_at_once(email: str, password: str) -> None:
    with pytest.raises(InvalidField):
        register(email, password, NAME, "en")
    assert delivered() == []


def test_no_personal_data_lies_open() -> None:
    """PLAT-22: neither in the table nor in the queue."""
    register(EMAIL, PASSWORD, NAME, "en")
    stored: list[Any] = [row.attribute_values for row in PendingItem.scan()]
    queued = waiting(letters.QUEUE)
    for body in queued:
        assert EMAIL not in body
        assert NAME not in body
    assert EMAIL not in str(stored)
    assert NAME not in str(stored)
    assert "argon2" not in str(stored)


def test_a_person_of_another_way_has_his_identity_and_no_password() -> None:
    transaction = Transaction()
    identity = identities.Identity(IdentityKind.TELEGRAM, "700000001", "Olga")
    user_id = registration.create_user(transaction, name=NAME, language="en", identity=identity)
    transaction.commit()
    assert identities.owner_of(IdentityKind.TELEGRAM, "700000001") == user_id
    assert not passwords.has_one(user_id)
    assert find(PendingItem, user_key(user_id), pending.RESET) is None
