"""The removal of a person: nothing of his is left, nobody else's is touched, and it may break off anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from functions.accounts.entry import own_password, passwords, second_factor
from functions.accounts.entry.passwords import hashed, set_password
from functions.accounts.models import IdentityKind
from functions.accounts.organisation import membership, organisations
from functions.accounts.people import removal, users
from functions.accounts.people.identities import owner_of
from functions.accounts.tables import AccountsItem, MemberItem, MembershipPointer, UserItem, org_key, user_key
from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from shared import revocations
from shared.clock import now
from shared.errors import Conflict, Contended, NotFound, ProviderUnavailable, Unauthorized
from shared.identity import Caller
from shared.keys import lookup_key
from shared.rights import Role
from shared.tables import CONNECTION, Transaction, find
from tests.functions.accounts import meanwhile
from tests.support.known_people import EMAIL, PASSWORD
from tests.support.signed_in import founder, member, person

pytestmark = pytest.mark.usefixtures("aws")


def _with_everything(user_id: str) -> None:
    transaction = Transaction()
    set_password(transaction, user_id, hashed(PASSWORD), now())
    transaction.commit()
    second_factor.begin(user_id, EMAIL)
    sessions.open_session(user_id, "", ["password"], Place("203.0.113.7", "Firefox"))


def _left(user_id: str) -> list[str]:
    return [row.sk for row in AccountsItem.query(user_key(user_id))]


def test_only_the_id_and_that_he_was_removed_is_left() -> None:
    """PLAT-23."""
    user_id = person(email=EMAIL)
    _with_everything(user_id)
    assert len(_left(user_id)) >= 6
    assert removal.remove_user(user_id) >= 5
    assert _left(user_id) == ["user"]
    user = find(UserItem, user_key(user_id), "user")
    assert user is not None
    assert (user.status, users.find_active(user_id)) == ("removed", None)
    dump = " ".join(str(row.attribute_values) for row in AccountsItem.scan())
    assert lookup_key("email", EMAIL) not in dump


def test_his_sessions_end() -> None:
    """PLAT-31: within a minute nothing works that he was given."""
    user_id = person(email=EMAIL)
    tokens = sessions.open_session(user_id, "", ["password"], Place())
    [session] = sessions.sessions_of(user_id)
    removal.remove_user(user_id)
    revocations.forget()
    assert revocations.is_revoked(session.id, now())
    with pytest.raises(Unauthorized):
        sessions.refresh(tokens.refresh_token, Place())


def test_his_address_is_free_for_somebody_new() -> None:
    user_id = person(email=EMAIL)
    removal.remove_user(user_id)
    assert owner_of(IdentityKind.EMAIL, EMAIL) == ""
    again = person(email=EMAIL)
    assert owner_of(IdentityKind.EMAIL, EMAIL) == again != user_id
    assert removal.remove_user(user_id) == 0
    assert owner_of(IdentityKind.EMAIL, EMAIL) == again


def test_he_leaves_his_organisations_and_others_stay() -> None:
    ada = founder()
    olga, boris = member(ada.org_id, Role.SUPPORT), member(ada.org_id, Role.MASTER)
    removal.remove_user(olga.subject)
    members = [row.sk for row in MemberItem.query(org_key(ada.org_id, "members"))]
    assert sorted(members) == sorted([ada.subject, boris.subject])
    assert _left(boris.subject).count(f"member#{ada.org_id}") == 1


def test_the_last_administrator_cannot_go_and_loses_nothing() -> None:
    """PLAT-33: an organisation is never left alone, not even where another membership could end."""
    ada, other = founder("Lipa"), founder("Wheel")
    _join(ada.subject, other.org_id)
    before = sorted(_left(ada.subject))
    for _ in range(2):
        with pytest.raises(Conflict, match="last administrator"):
            removal.remove_user(ada.subject)
    assert sorted(_left(ada.subject)) == before
    member(ada.org_id, Role.ADMINISTRATOR)
    removal.remove_user(ada.subject)
    assert _left(ada.subject) == ["user"]


def test_of_two_administrators_who_go_at_once_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-21: the condition is in the database, whatever was seen before."""
    ada = founder()
    boris = member(ada.org_id, Role.ADMINISTRATOR)
    removal.check_may_leave(ada.subject)
    removal.remove_user(boris.subject)
    monkeypatch.setattr(removal, "check_may_leave", lambda _: None)
    with pytest.raises(Conflict, match="last administrator"):
        removal.remove_user(ada.subject)
    assert find(MemberItem, org_key(ada.org_id, "members"), ada.subject) is not None


@pytest.mark.parametrize("operation", ["TransactWriteItems", "DeleteItem", "UpdateItem", "Query"])
def test_a_removal_that_breaks_off_anywhere_is_ended_by_the_next(operation: str) -> None:
    """PLAT-11: each call of the database fails once, and after it all the later ones."""
    ada = founder()
    olga = member(ada.org_id, Role.SUPPORT)
    _with_everything(olga.subject)
    breaks = 0
    for works in range(40):
        if _breaks(operation, works, olga):
            breaks += 1
        else:
            break
    assert breaks >= 1
    assert _left(olga.subject) == ["user"]


def _breaks(operation: str, works: int, olga: Caller) -> bool:
    """Whether a removal broke off whose calls of one operation fail after some."""
    with _failing_after(operation, works):
        try:
            removal.remove_user(olga.subject)
        except ProviderUnavailable:
            return True
    return False


@contextmanager
def _failing_after(operation: str, works: int) -> Iterator[None]:
    """Lets some calls of an operation through and fails the later ones."""
    left, call = iter(range(works)), CONNECTION._make_api_call

    def failing(name: str, given: dict[str, Any]) -> Any:
        if name == operation and next(left, None) is None:
            raise ProviderUnavailable("AWS fails for the moment")
        return call(name, given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(CONNECTION, "_make_api_call", failing)
        yield


def _join(user_id: str, org_id: str) -> None:
    MemberItem(org_key(org_id, "members"), user_id, roles="support", joined_at=now().isoformat()).save()
    MembershipPointer(user_key(user_id), f"member#{org_id}").save()


def test_a_login_that_has_begun_ends_with_him(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the membership that was read and the session that is written, all of him is taken away."""
    user_id = person(email=EMAIL)
    user = users.find_active(user_id)
    assert user is not None
    meanwhile.after(monkeypatch, sessions, "standing", lambda: removal.remove_user(user_id))
    with pytest.raises(Unauthorized):
        sessions.open_session(user_id, "", ["password"], Place(), version=int(user.version))
    assert _left(user_id) == ["user"]


def test_a_change_that_has_begun_leaves_nothing_of_him(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody without a password sets his first one while he is removed."""
    user_id = person(email=EMAIL)
    sessions.open_session(user_id, "", ["telegram"], Place())
    (session,) = sessions.sessions_of(user_id)
    meanwhile.after(monkeypatch, passwords, "hashed", lambda: removal.remove_user(user_id))
    monkeypatch.setattr(own_password, "demand", lambda *_: None)
    with pytest.raises(Contended):
        own_password.change(user_id, session.id, "", PASSWORD)
    assert _left(user_id) == ["user"]


def test_who_is_gone_joins_nothing_and_founds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    user_id = person(email=EMAIL)
    meanwhile.before(monkeypatch, membership, "write_home", lambda: removal.remove_user(user_id))
    with pytest.raises(NotFound):
        organisations.found(user_id, "Lipa")
    assert _left(user_id) == ["user"]
