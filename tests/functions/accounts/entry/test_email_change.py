"""Another e-mail address."""

from __future__ import annotations

import pytest

from functions.accounts import letters
from functions.accounts.entry import email_change, passwords, pending, reset
from functions.accounts.entry.login import Entry, login
from functions.accounts.models import IdentityKind
from functions.accounts.people import identities, profiles
from functions.accounts.tables import ProfileItem, user_key
from functions.accounts.tokens import sessions
from shared import audit
from shared.errors import Conflict, InvalidField, RuleViolation, Unauthorized
from tests.functions.accounts import meanwhile
from tests.support.clock import Clock, stopped
from tests.support.known_people import EMAIL, OTHER_EMAIL, PASSWORD
from tests.support.logins import AWAY, HOME, LINK, delivered, link, registered, subjects
from tests.support.signed_in import founder


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


def _asked(user_id: str) -> tuple[str, str]:
    """The tokens of the letters to the new address and to the old one."""
    email_change.ask(user_id, OTHER_EMAIL)
    found = [token for letter in delivered() for page, token in LINK.findall(letter.body) if page == "email"]
    stop = next(token for token in found if token.startswith("stop."))
    return next(token for token in found if token != stop), stop.removeprefix("stop.")


def _owners() -> tuple[str, str]:
    first, second = (identities.owner_of(IdentityKind.EMAIL, address) for address in (EMAIL, OTHER_EMAIL))
    return first, second


def test_it_holds_once_the_new_address_confirms() -> None:
    """PLAT-30."""
    user_id = registered()
    confirm, _ = _asked(user_id)
    assert _owners() == (user_id, "")
    email_change.confirm(confirm)
    assert _owners() == ("", user_id)
    assert profiles.find_profile(user_id).email == OTHER_EMAIL
    assert isinstance(login(OTHER_EMAIL, PASSWORD, HOME), Entry)


def test_the_profile_before_keeps_when_it_held(clock: Clock) -> None:
    user_id = registered()
    confirm, _ = _asked(user_id)
    since = profiles.find_profile(user_id).effective_from
    until = clock.forward(minutes=5)
    email_change.confirm(confirm)
    rows = list(ProfileItem.query(user_key(user_id), ProfileItem.sk.startswith("profile")))
    versions = [profiles.opened(user_id, row) for row in rows]
    assert [(each.email, each.effective_from, each.effective_to) for each in versions] == [
        (OTHER_EMAIL, until, None),
        (EMAIL, since, until),
    ]


def test_the_old_address_stops_it() -> None:
    user_id = registered()
    confirm, stop = _asked(user_id)
    login(EMAIL, PASSWORD, AWAY)
    email_change.stop(stop)
    with pytest.raises(InvalidField):
        email_change.confirm(confirm)
    assert _owners() == (user_id, "")
    assert sessions.sessions_of(user_id) == []


def test_the_old_address_takes_it_back_within_a_week(clock: Clock) -> None:
    user_id = registered()
    confirm, stop = _asked(user_id)
    email_change.confirm(confirm)
    clock.forward(days=6)
    email_change.stop(stop)
    assert _owners() == (user_id, "")
    assert profiles.find_profile(user_id).email == EMAIL
    with pytest.raises(InvalidField):
        email_change.stop(stop)


def test_after_a_week_it_stands(clock: Clock) -> None:
    user_id = registered()
    confirm, stop = _asked(user_id)
    email_change.confirm(confirm)
    clock.forward(days=7)
    with pytest.raises(InvalidField):
        email_change.stop(stop)
    assert _owners() == ("", user_id)


def test_a_link_works_once() -> None:
    confirm, _ = _asked(registered())
    email_change.confirm(confirm)
    with pytest.raises(InvalidField):
        email_change.confirm(confirm)


def test_an_address_with_an_account_is_told_so_by_letter_alone() -> None:
    """The answer to the request is the same; whoever reads the letter cannot take the account over."""
    user_id, other = registered(), registered(OTHER_EMAIL, name="Boris")
    email_change.ask(user_id, OTHER_EMAIL)
    assert sorted(subjects()) == ["Svyaz: this address is in use", "Svyaz: your address is being changed"]
    assert _owners() == (user_id, other)


def test_an_address_that_was_registered_in_between_is_not_taken() -> None:
    user_id = registered()
    confirm, _ = _asked(user_id)
    other = registered(OTHER_EMAIL, name="Boris")
    with pytest.raises(Conflict):
        email_change.confirm(confirm)
    assert _owners() == (user_id, other)


def test_a_reset_letter_to_the_address_before_is_void() -> None:
    user_id = registered()
    letters.ask("reset", to=EMAIL, language="en")
    token = link("reset")
    confirm, _ = _asked(user_id)
    email_change.confirm(confirm)
    with pytest.raises(InvalidField):
        reset.confirm(token, "five quiet otters in a boat")


def test_ones_own_address_is_no_change() -> None:
    user_id = registered()
    with pytest.raises(Conflict):
        email_change.ask(user_id, EMAIL.upper())
    with pytest.raises(InvalidField):
        email_change.ask(user_id, "a@b@example.org")


def test_whoever_moves_it_on_and_on_does_not_get_rid_of_its_owner() -> None:
    """PLAT-30: the first letter takes the account back, whatever followed, and no later one takes it away again."""
    user_id = registered()
    confirm, stop = _asked(user_id)
    email_change.confirm(confirm)
    _, theirs = confirmed_to(user_id, "mallory@example.org")
    confirmed_to(user_id, "mallory2@example.org")
    login("mallory2@example.org", PASSWORD, AWAY)
    email_change.stop(stop)
    assert profiles.find_profile(user_id).email == EMAIL
    assert sessions.sessions_of(user_id) == []
    with pytest.raises(InvalidField):
        email_change.stop(theirs)
    assert _owners() == (user_id, "")


def test_what_a_later_address_takes_back_the_first_may_still_take_back(clock: Clock) -> None:
    user_id = registered()
    confirm, stop = _asked(user_id)
    email_change.confirm(confirm)
    clock.forward(seconds=1)
    _, theirs = confirmed_to(user_id, "mallory@example.org")
    email_change.stop(theirs)
    assert _owners() == ("", user_id)
    email_change.stop(stop)
    assert _owners() == (user_id, "")


def test_there_is_a_most_of_changes_so_that_one_letter_voids_them_all() -> None:
    user_id = registered()
    confirm, stop = _asked(user_id)
    email_change.confirm(confirm)
    for at in range(email_change.LEFT_MOST - 1):
        confirmed_to(user_id, f"mallory{at}@example.org")
    with pytest.raises(RuleViolation):
        email_change.ask(user_id, "mallory@example.org")
    email_change.stop(stop)
    assert _owners() == (user_id, "")
    assert pending.standing(user_key(user_id), pending.EMAIL_STOP) == 0


def test_taking_it_back_ends_the_sessions_in_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash right after it leaves no session, for the link works once."""
    user_id = registered()
    confirm, stop = _asked(user_id)
    email_change.confirm(confirm)
    login(OTHER_EMAIL, PASSWORD, AWAY)
    meanwhile.before(monkeypatch, sessions, "end_all", crash)
    with pytest.raises(KeyboardInterrupt):
        email_change.stop(stop)
    assert sessions.sessions_of(user_id) == []


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_login_that_has_begun_before_it_is_stopped_opens_nothing(
    monkeypatch: pytest.MonkeyPatch, *, is_confirmed: bool
) -> None:
    user_id = registered()
    confirm, stop = _asked(user_id)
    if is_confirmed:
        email_change.confirm(confirm)
    meanwhile.after(monkeypatch, passwords, "verify", lambda: email_change.stop(stop))
    with pytest.raises(Unauthorized):
        login(OTHER_EMAIL if is_confirmed else EMAIL, PASSWORD, AWAY)
    assert sessions.sessions_of(user_id) == []


def test_the_owner_is_written_to_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks off leaves no link for the new address that the old one was not told of."""
    user_id = registered()
    meanwhile.after(monkeypatch, letters, "ask", crash)
    with pytest.raises(KeyboardInterrupt):
        email_change.ask(user_id, OTHER_EMAIL)
    assert subjects() == ["Svyaz: your address is being changed"]


def test_a_reset_letter_that_is_written_while_the_address_changes_is_void(monkeypatch: pytest.MonkeyPatch) -> None:
    user_id = registered()
    confirm, _ = _asked(user_id)
    letters.ask("reset", to=EMAIL, language="en")
    meanwhile.before(monkeypatch, pending, "renewed", lambda: email_change.confirm(confirm))
    token = link("reset")
    with pytest.raises(InvalidField):
        reset.confirm(token, "five quiet otters in a boat")
    assert isinstance(login(OTHER_EMAIL, PASSWORD, HOME), Entry)


def test_the_organisation_sees_it() -> None:
    """PLAT-35."""
    ada = founder("Lipa")
    confirm, stop = _asked(ada.subject)
    email_change.confirm(confirm)
    email_change.stop(stop)
    rows = audit.AuditRow.by_thing.query(audit.thing_key(ada.org_id, ada.subject))
    found = [(row.action, row.way) for row in rows]
    assert found == [("accounts.email.changed", "link"), ("accounts.email.change_stopped", "link")]


def confirmed_to(user_id: str, email: str) -> tuple[str, str]:
    """The tokens of a change of address that was followed at once."""
    before = len(delivered())
    email_change.ask(user_id, email)
    found = [token for letter in delivered()[before:] for _, token in LINK.findall(letter.body)]
    stop = next(token for token in found if token.startswith("stop."))
    confirm = next(token for token in found if token != stop)
    email_change.confirm(confirm)
    return confirm, stop.removeprefix("stop.")


def crash() -> None:
    """What ends the function at once."""
    raise KeyboardInterrupt
