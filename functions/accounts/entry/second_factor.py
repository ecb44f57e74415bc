"""The second factor of a person: codes of an authenticator, and recovery codes for the day when it is lost."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from functions.accounts.entry import lockout, recovery, totp
from functions.accounts.tables import RecoveryItem, TotpItem, user_key
from shared import audit, vault
from shared.clock import epoch_s, now
from shared.contention import give_way
from shared.errors import Conflict, Contended, NotFound, Unauthorized
from shared.tables import Transaction, find, unless

Method = Literal["totp", "recovery"]
SK, RECOVERY_SK = "totp", "recovery"
GUESSES: Final = lockout.Rule(free=5, pause_s=300)
SETUP_LIFE = timedelta(hours=1)
YOUNG = timedelta(days=7)
ATTEMPTS: Final = 5
_SIX_DIGITS = re.compile(r"[0-9]{6}")
_QR_SCALE = 4


class Enrolment(NamedTuple):
    """What a person needs to set up an authenticator: the secret, its `otpauth:` address, and that as a QR code."""

    secret: str
    uri: str
    svg: str


def begin(user_id: str, label: str) -> Enrolment:
    """A new secret, which holds for an hour unless a code of it confirms it.

    Raises: Conflict where the second factor is on.
    """
    secret = totp.new_secret()
    address = totp.uri(secret, label)
    item = TotpItem(
        user_key(user_id),
        SK,
        secret=vault.encrypt(secret, _context(user_id)),
        expires_at=epoch_s(now() + SETUP_LIFE),
    )
    with unless(Conflict("The second factor is on already.")):
        item.save(TotpItem.pk.does_not_exist() | (TotpItem.is_confirmed == False))  # noqa: E712  # PynamoDB's own way
    return Enrolment(secret, address, _qr(address))


def confirm(user_id: str, code: str) -> tuple[str, ...]:
    """Switches the second factor on; the recovery codes, which are never shown again.

    Raises: Unauthorized for a wrong code, NotFound where none was begun, Conflict, TooManyRequests.
    """
    guess = lockout.spend("second_factor", user_id, GUESSES)
    item = _begun(user_id)
    step = _step(item, user_id, code)
    codes, transaction = recovery.new_codes(), Transaction()
    transaction.update(
        item,
        [
            TotpItem.is_confirmed.set(True),
            TotpItem.on_since.set(now().isoformat()),
            TotpItem.last_step.set(step),
            TotpItem.expires_at.remove(),
        ],
        condition=(TotpItem.is_confirmed == False) & (TotpItem.secret == item.secret),  # noqa: E712
        otherwise=Conflict("The second factor was changed elsewhere. Begin anew."),
    )
    transaction.put(_recovery_item(user_id, codes))
    audit.add(transaction, "accounts.second_factor.on", user_id)
    transaction.commit()
    lockout.forget(guess)
    return codes


def write_off_young(transaction: Transaction, user_id: str) -> None:
    """Takes a second factor off with the transaction, where it is of this week.

    Shape: whoever knew the password may have switched it on to keep the owner out; the owner has his letters.
    """
    item = find(TotpItem, user_key(user_id), SK)
    if item is None or not item.is_confirmed or now() - datetime.fromisoformat(item.on_since) >= YOUNG:
        return
    transaction.delete(
        item,
        condition=TotpItem.secret == item.secret,
        otherwise=Contended("Somebody else changes this account at this moment."),
    )
    transaction.delete(RecoveryItem(user_key(user_id), RECOVERY_SK))
    audit.add(transaction, "accounts.second_factor.off", user_id, reason="reset")


def check(user_id: str, code: str) -> Method:
    """How a person showed his second factor; every code is good once.

    Raises: Unauthorized, TooManyRequests after five wrong ones, for five minutes and then longer.
    """
    guess = lockout.spend("second_factor", user_id, GUESSES)
    method = _use(user_id, recovery.plain(code))
    lockout.forget(guess)
    return method


def is_on(user_id: str) -> bool:
    """Whether a person has to show a code when he signs in."""
    item = find(TotpItem, user_key(user_id), SK)
    return item is not None and item.is_confirmed


def renew_recovery(user_id: str) -> tuple[str, ...]:
    """Ten new recovery codes; the old ones are void.

    Raises: NotFound where the second factor is off.
    """
    codes, transaction = recovery.new_codes(), Transaction()
    transaction.update(
        TotpItem(user_key(user_id), SK),
        [TotpItem.version.add(1)],
        condition=TotpItem.is_confirmed == True,  # noqa: E712
        otherwise=NotFound("The second factor is off."),
    )
    transaction.put(_recovery_item(user_id, codes))
    audit.add(transaction, "accounts.second_factor.recovery_renewed", user_id)
    transaction.commit()
    return codes


def switch_off(user_id: str) -> None:
    """Leaves the password, or whatever else a person signs in with, as the only factor.

    Raises: NotFound where the second factor is off.
    """
    transaction = Transaction()
    transaction.delete(
        TotpItem(user_key(user_id), SK),
        condition=TotpItem.is_confirmed == True,  # noqa: E712
        otherwise=NotFound("The second factor is off."),
    )
    transaction.delete(RecoveryItem(user_key(user_id), RECOVERY_SK))
    audit.add(transaction, "accounts.second_factor.off", user_id)
    transaction.commit()


def _use(user_id: str, code: str) -> Method:
    if _SIX_DIGITS.fullmatch(code):
        _use_step(user_id, code)
        return "totp"
    _use_recovery(user_id, code)
    return "recovery"


def _use_step(user_id: str, code: str) -> None:
    item = find(TotpItem, user_key(user_id), SK)
    if item is None or not item.is_confirmed:
        raise _wrong()
    step = _step(item, user_id, code)
    with unless(_wrong()):
        item.update([TotpItem.last_step.set(step)], (TotpItem.last_step < step) & (TotpItem.secret == item.secret))


def _use_recovery(user_id: str, code: str) -> None:
    if recovery.FORM.fullmatch(code) is None:
        raise _wrong()
    used = recovery.digest(user_id, code)
    for attempt in range(ATTEMPTS):
        item = find(RecoveryItem, user_key(user_id), RECOVERY_SK)
        if item is None or used not in item.digests.split():
            raise _wrong()
        try:
            _spend(user_id, item, used)
        except Contended:
            give_way("recovery", attempt)
        else:
            return
    raise Contended("Others change the same things")


def _spend(user_id: str, item: RecoveryItem, used: str) -> None:
    left = " ".join(one for one in item.digests.split() if one != used)
    transaction = Transaction()
    transaction.update(
        item,
        [RecoveryItem.digests.set(left)],
        condition=RecoveryItem.digests == item.digests,
        otherwise=Contended("Others change the same things"),
    )
    audit.add(transaction, "accounts.second_factor.recovery_used", user_id)
    transaction.commit()


def _begun(user_id: str) -> TotpItem:
    item = find(TotpItem, user_key(user_id), SK)
    if item is not None and item.is_confirmed:
        raise Conflict("The second factor is on already.")
    if item is None or (item.expires_at or 0) <= epoch_s(now()):
        raise NotFound("No second factor was begun, or too long ago. Begin anew.")
    return item


def _step(item: TotpItem, user_id: str, code: str) -> int:
    secret = vault.decrypt(item.secret, _context(user_id))
    step = totp.matching_step(secret, recovery.plain(code), now(), after=int(item.last_step))
    if step is None:
        raise _wrong()
    return step


def _recovery_item(user_id: str, codes: tuple[str, ...]) -> RecoveryItem:
    return RecoveryItem(user_key(user_id), RECOVERY_SK, digests=recovery.digests(user_id, codes))


def _wrong() -> Unauthorized:
    return Unauthorized("The code is wrong.")


def _context(user_id: str) -> str:
    return f"accounts|{user_id}|totp"


def _qr(address: str) -> str:
    """The address as an SVG image, drawn by a library that only this needs."""
    import segno  # noqa: PLC0415

    return segno.make(address, error="m").svg_inline(scale=_QR_SCALE, light="#fff")
