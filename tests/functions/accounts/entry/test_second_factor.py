"""The second factor of a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest

from functions.accounts.entry import recovery, second_factor
from functions.accounts.tables import RecoveryItem, TotpItem, user_key
from shared.audit import AuditRow
from shared.clock import epoch_s
from shared.errors import Conflict, NotFound, TooManyRequests, Unauthorized
from shared.tables import find
from tests.functions.accounts import meanwhile
from tests.support.clock import Clock, stopped

USER, OTHER = "usr_1", "usr_2"
pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


class Phone:
    """An authenticator that has read the QR code."""

    def __init__(self, clock: Clock, user_id: str = USER) -> None:
        self.clock = clock
        self.secret = second_factor.begin(user_id, "anna@example.org").secret
        self.codes = second_factor.confirm(user_id, self.code())
        clock.forward(60)

    def code(self, away: int = 0) -> str:
        """What it shows."""
        return pyotp.TOTP(self.secret).generate_otp(epoch_s(self.clock.moment) // 30 + away)

    def wrong(self) -> str:
        """Six digits that it does not show."""
        shown = {self.code(away) for away in (-1, 0, 1)}
        return next(each for each in ("000000", "111111", "222222", "333333") if each not in shown)


def actions() -> list[str]:
    """What the audit log tells, in order."""
    rows = sorted(AuditRow.scan(), key=lambda row: row.sk)
    return [row.action for row in rows]


def test_setting_up_gives_a_secret_an_address_and_a_picture() -> None:
    """PLAT-32: an authenticator is set up by a QR code."""
    begun = second_factor.begin(USER, "anna@example.org")
    assert f"secret={begun.secret}" in begun.uri
    assert begun.svg.startswith("<svg")
    assert begun.secret not in begun.svg
    stored = find(TotpItem, user_key(USER), "totp")
    assert stored is not None
    assert begun.secret not in stored.secret
    assert not second_factor.is_on(USER)


def test_it_is_on_once_a_code_has_confirmed_it(clock: Clock) -> None:
    """PLAT-32: ten recovery codes are shown once."""
    phone = Phone(clock)
    assert second_factor.is_on(USER)
    assert not second_factor.is_on(OTHER)
    assert len(set(phone.codes)) == 10
    stored = find(TotpItem, user_key(USER), "totp")
    assert stored is not None
    assert stored.attribute_values.get("expires_at") is None
    assert actions() == ["accounts.second_factor.on"]


def test_a_wrong_code_confirms_nothing(clock: Clock) -> None:
    second_factor.begin(USER, "anna")
    with pytest.raises(Unauthorized):
        second_factor.confirm(USER, "000000x")
    assert not second_factor.is_on(USER)


def test_what_was_begun_is_forgotten_after_an_hour(clock: Clock) -> None:
    secret = second_factor.begin(USER, "anna").secret
    clock.forward(3601)
    code = pyotp.TOTP(secret).generate_otp(epoch_s(clock.moment) // 30)
    with pytest.raises(NotFound):
        second_factor.confirm(USER, code)


def test_nothing_is_confirmed_that_was_not_begun() -> None:
    with pytest.raises(NotFound):
        second_factor.confirm(USER, "123456")


def test_beginning_anew_voids_the_first_secret(clock: Clock) -> None:
    first = second_factor.begin(USER, "anna").secret
    second_factor.begin(USER, "anna")
    with pytest.raises(Unauthorized):
        second_factor.confirm(USER, pyotp.TOTP(first).generate_otp(epoch_s(clock.moment) // 30))


def test_one_that_is_on_is_neither_begun_nor_confirmed_again(clock: Clock) -> None:
    phone = Phone(clock)
    with pytest.raises(Conflict):
        second_factor.begin(USER, "anna")
    with pytest.raises(Conflict):
        second_factor.confirm(USER, phone.code())


def test_a_code_opens_once(clock: Clock) -> None:
    """PLAT-32: a code that was used, and any older one, is refused."""
    phone = Phone(clock)
    older, code = phone.code(-1), phone.code()
    assert second_factor.check(USER, f"{code[:3]} {code[3:]}") == "totp"
    for used in (code, older):
        with pytest.raises(Unauthorized):
            second_factor.check(USER, used)
    assert second_factor.check(USER, phone.code(1)) == "totp"


def test_the_code_that_confirmed_does_not_open(clock: Clock) -> None:
    secret = second_factor.begin(USER, "anna").secret
    code = pyotp.TOTP(secret).generate_otp(epoch_s(clock.moment) // 30)
    second_factor.confirm(USER, code)
    with pytest.raises(Unauthorized):
        second_factor.check(USER, code)


def test_of_the_same_code_at_once_one_opens(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-21: whoever has judged the code right first does not win by that."""
    phone = Phone(clock)
    code = phone.code()
    opened: list[str] = []
    meanwhile.after(monkeypatch, second_factor, "_step", lambda: opened.append(second_factor.check(USER, code)))
    with pytest.raises(Unauthorized):
        second_factor.check(USER, code)
    assert opened == ["totp"]


def test_of_the_same_recovery_code_at_once_one_opens(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone(clock)
    code = phone.codes[0]
    opened: list[str] = []
    meanwhile.after(monkeypatch, second_factor, "find", lambda: opened.append(second_factor.check(USER, code)))
    with pytest.raises(Unauthorized):
        second_factor.check(USER, code)
    assert opened == ["recovery"]
    assert actions().count("accounts.second_factor.recovery_used") == 1


def test_different_recovery_codes_at_once_all_open(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone(clock)
    meanwhile.after(monkeypatch, second_factor, "find", lambda: second_factor.check(USER, phone.codes[1]))
    assert second_factor.check(USER, phone.codes[0]) == "recovery"
    left = find(RecoveryItem, user_key(USER), "recovery")
    assert left is not None
    assert len(left.digests.split()) == 8


def test_new_recovery_codes_at_the_same_moment_stay_whole(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone(clock)
    meanwhile.after(monkeypatch, second_factor, "find", lambda: second_factor.renew_recovery(USER))
    with pytest.raises(Unauthorized):
        second_factor.check(USER, phone.codes[0])
    left = find(RecoveryItem, user_key(USER), "recovery")
    assert left is not None
    assert len(left.digests.split()) == 10


@pytest.mark.parametrize("way", ["totp", "recovery"])
def test_what_is_switched_off_at_the_same_moment_opens_nothing(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    phone = Phone(clock)
    code, reads = (phone.code(), "_step") if way == "totp" else (phone.codes[0], "find")
    meanwhile.after(monkeypatch, second_factor, reads, lambda: second_factor.switch_off(USER))
    with pytest.raises(Unauthorized):
        second_factor.check(USER, code)
    assert not second_factor.is_on(USER)


def test_each_recovery_code_opens_once(clock: Clock) -> None:
    phone = Phone(clock)
    for code in phone.codes:
        assert second_factor.check(USER, code.upper()) == "recovery"
        with pytest.raises(Unauthorized):
            second_factor.check(USER, code)
    with pytest.raises(Unauthorized):
        second_factor.check(USER, "")


def test_nobody_elses_codes_open(clock: Clock) -> None:
    mine, his = Phone(clock), Phone(clock, OTHER)
    for code in (his.code(), his.codes[0]):
        with pytest.raises(Unauthorized):
            second_factor.check(USER, code)
    assert second_factor.check(USER, mine.code()) == "totp"


@pytest.mark.parametrize("code", ["", "12345", "x" * 100_000, "\ud800", "٠١٢٣٤٥", "0" * 6 + "\0"])
def test_nonsense_is_a_wrong_code(clock: Clock, code: str) -> None:
    Phone(clock)
    with pytest.raises(Unauthorized):
        second_factor.check(USER, code)


def test_nothing_opens_what_is_off(clock: Clock) -> None:
    secret = second_factor.begin(USER, "anna").secret
    with pytest.raises(Unauthorized):
        second_factor.check(USER, pyotp.TOTP(secret).generate_otp(epoch_s(clock.moment) // 30))


def test_guessing_locks_and_the_lock_ends(clock: Clock) -> None:
    """PLAT-34: after five wrong codes even the right one has to wait, five minutes at first."""
    phone = Phone(clock)
    for _ in range(5):
        with pytest.raises(Unauthorized):
            second_factor.check(USER, phone.wrong())
    with pytest.raises(TooManyRequests) as locked:
        second_factor.check(USER, phone.code())
    assert locked.value.retry_after_s == 300
    clock.forward(locked.value.retry_after_s)
    assert second_factor.check(USER, phone.code()) == "totp"


def test_guesses_at_once_are_counted_before_they_are_judged(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-34: while one is judged, four others may be; the next has to wait."""
    phone = Phone(clock)

    def others() -> None:
        for _ in range(4):
            with pytest.raises(Unauthorized):
                second_factor.check(USER, phone.wrong())
        with pytest.raises(TooManyRequests):
            second_factor.check(USER, phone.wrong())

    meanwhile.before(monkeypatch, second_factor, "_use", others)
    with pytest.raises(Unauthorized):
        second_factor.check(USER, phone.wrong())


def test_recovery_codes_are_guessed_no_more_often(clock: Clock) -> None:
    phone = Phone(clock)
    guesses = [code for code in recovery.new_codes() if code not in phone.codes][:5]
    for code in guesses:
        with pytest.raises(Unauthorized):
            second_factor.check(USER, code)
    with pytest.raises(TooManyRequests):
        second_factor.check(USER, phone.codes[0])


def test_somebody_elses_guesses_lock_nobody_else(clock: Clock) -> None:
    phone = Phone(clock)
    for _ in range(6):
        with pytest.raises((Unauthorized, TooManyRequests)):
            second_factor.check(OTHER, "000000")
    assert second_factor.check(USER, phone.code()) == "totp"


def test_right_codes_do_not_add_up_to_a_lock(clock: Clock) -> None:
    phone = Phone(clock)
    for _ in range(8):
        assert second_factor.check(USER, phone.code()) == "totp"
        clock.forward(30)


def test_new_recovery_codes_void_the_old_ones(clock: Clock) -> None:
    phone = Phone(clock)
    fresh = second_factor.renew_recovery(USER)
    with pytest.raises(Unauthorized):
        second_factor.check(USER, phone.codes[0])
    assert second_factor.check(USER, fresh[0]) == "recovery"
    assert actions()[1] == "accounts.second_factor.recovery_renewed"


def test_switching_off_leaves_nothing(clock: Clock) -> None:
    phone = Phone(clock)
    second_factor.switch_off(USER)
    assert not second_factor.is_on(USER)
    assert find(RecoveryItem, user_key(USER), "recovery") is None
    with pytest.raises(Unauthorized):
        second_factor.check(USER, phone.codes[0])
    assert actions() == ["accounts.second_factor.on", "accounts.second_factor.off"]
    assert second_factor.begin(USER, "anna").secret != phone.secret


@pytest.mark.parametrize("call", [second_factor.switch_off, second_factor.renew_recovery])
def test_what_is_off_is_neither_switched_off_nor_renewed(call: Callable[[str], Any]) -> None:
    with pytest.raises(NotFound):
        call(USER)
    second_factor.begin(USER, "anna")
    with pytest.raises(NotFound):
        call(USER)
