"""Limits of guessing: each guess is counted before it is looked at, so that guesses at once cannot pass together.

Whoever guesses wrong a few times waits, each time longer, never over a quarter of an hour. Counted are the account,
whether it exists or not, and the address the guess comes from. A device that its person has logged in by before shows
a token and has a count of its own: strangers who lock the account do not lock him out.

Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies (read 2026-11-20).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pynamodb.attributes import NumberAttribute
from pynamodb.expressions.update import Action

from shared import limits
from shared.clock import epoch_s, now
from shared.errors import InvalidPayload, SvyazError, TooManyRequests
from shared.ids import new_secret
from shared.keys import lookup_key, seal, unseal
from shared.tables import Table, find, unless

SK: Final = "guesses"
DEVICE: Final = "accounts.device"
DEVICE_KEPT: Final = timedelta(days=180)
ROUNDS: Final = 8


class _Lost(SvyazError):
    """The condition of a write did not hold."""


@dataclass(frozen=True)
class Rule:
    """How guesses are slowed: `free` of them, then one after each pause, twice as long every time up to the longest.

    Units: seconds; `kept_s` after the last guess everything is forgotten.
    """

    free: int = 5
    pause_s: int = 30
    longest_s: int = 900
    kept_s: int = 3600


ACCOUNT: Final = Rule()
ADDRESS: Final = Rule(free=30)


class Guesses(Table):
    """How often somebody has guessed: `number` of times, and not again before `until`."""

    class Meta:
        """The shared table."""

        name = "counters"

    number = NumberAttribute(default=0)
    until = NumberAttribute(default=0)


@dataclass(frozen=True)
class State:
    """What a counter says.

    Units: `until` is in seconds since 1970.
    """

    number: int = 0
    until: int = 0


@dataclass(frozen=True)
class Guess:
    """One guess that was counted; `until` is the pause that it began, 0 for none."""

    key: str
    until: int = 0


def counted(state: State, rule: Rule, moment: int) -> State:
    """What a counter says after one more guess.

    Raises: TooManyRequests while a pause lasts.
    """
    if state.until > moment:
        raise _wait(state.until - moment)
    number = state.number + 1
    if number < rule.free:
        return State(number)
    pause_s = min(rule.longest_s, rule.pause_s * 2 ** min(number - rule.free, 16))
    return State(number, moment + pause_s)


def spend(what: str, whose: str, rule: Rule = ACCOUNT) -> Guess:
    """Counts a guess before it is looked at.

    Raises: TooManyRequests with the seconds until the next may be made.
    """
    key = f"guess#{what}#{lookup_key(what, whose)}"
    return Guess(key) if _add(key, rule) else _add_slowly(key, rule)


def refund(guess: Guess) -> None:
    """Takes back one guess that was right, with the pause that it began; what is forgotten already stays so."""
    actions: list[Action] = [Guesses.number.add(-1), *([Guesses.until.set(0)] if guess.until else [])]
    still = (Guesses.number > 0) & (Guesses.until == guess.until if guess.until else Guesses.pk.exists())
    _wins(lambda: Guesses(guess.key, SK).update(actions, condition=still))


def forget(guess: Guess) -> None:
    """Forgets all guesses of whoever was right in the end."""
    Guesses(guess.key, SK).delete()


def spend_login(email: str, address: str, device_token: str) -> tuple[Guess, ...]:
    """Counts a guess of a password: the first is to be forgotten when it is right, the rest refunded.

    Raises: TooManyRequests.
    """
    device = _device(lookup_key("email", email), device_token)
    if device:
        return (spend("device", device),)
    from_there = spend("address", limits.source(address), ADDRESS)
    try:
        return spend("account", email), from_there
    except TooManyRequests:
        refund(from_there)
        raise


def settle(guesses: tuple[Guess, ...]) -> None:
    """What is left of the guesses after one that was right."""
    first, *rest = guesses
    forget(first)
    for guess in rest:
        refund(guess)


def device_token(address: str) -> str:
    """What a device shows next time to be counted apart, once its person has logged in with this e-mail address."""
    return device_token_of(lookup_key("email", address))


def device_token_of(account: str) -> str:
    """The same, of the keyed digest of the address."""
    return seal(DEVICE, {"a": account, "d": new_secret(), "x": epoch_s(now() + DEVICE_KEPT)})


def _device(account: str, token: str) -> str:
    """The device that a token names, where it was given to it for this account; empty otherwise."""
    try:
        content = unseal(DEVICE, token)
    except InvalidPayload:
        return ""
    return str(content["d"]) if content["a"] == account and content["x"] > epoch_s(now()) else ""


def _add(key: str, rule: Rule) -> bool:
    """Whether the guess was one of the free ones, counted in one request."""
    moment = epoch_s(now())
    is_free = Guesses.pk.does_not_exist() | ((Guesses.number < rule.free - 1) & (Guesses.expires_at > moment))
    actions: list[Action] = [Guesses.number.add(1), Guesses.until.set(0), Guesses.expires_at.set(moment + rule.kept_s)]
    return _wins(lambda: Guesses(key, SK).update(actions, is_free))


def _add_slowly(key: str, rule: Rule) -> Guess:
    """Counts a guess that may begin a pause: of several at once one is let through, the others find its pause."""
    for _ in range(ROUNDS):
        moment = epoch_s(now())
        stored = find(Guesses, key, SK)
        after = counted(_state(stored, moment), rule, moment)
        if _replaces(stored, Guesses(key, SK, **vars(after), expires_at=moment + rule.kept_s)):
            return Guess(key, after.until)
    raise _wait(1)


def _replaces(stored: Guesses | None, fresh: Guesses) -> bool:
    as_read = Guesses.pk.does_not_exist()
    if stored is not None:
        as_read = (Guesses.number == stored.number) & (Guesses.until == stored.until)
    return _wins(lambda: fresh.save(as_read))


def _wins(write: Callable[[], object]) -> bool:
    """Whether the condition of a write held."""
    try:
        with unless(_Lost("Somebody else was faster.")):
            write()
    except _Lost:
        return False
    return True


def _state(stored: Guesses | None, moment: int) -> State:
    if stored is None or (stored.expires_at or 0) <= moment:
        return State()
    return State(int(stored.number), int(stored.until))


def _wait(pause_s: int) -> TooManyRequests:
    return TooManyRequests("Too many wrong tries. Wait a little.", retry_after_s=pause_s)
