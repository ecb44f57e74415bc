"""The people whose second factor and whose Telegram the samples change, each with a password as well."""

from __future__ import annotations

from typing import Final

from functions.accounts.entry import recovery, second_factor
from functions.accounts.models import IdentityKind
from functions.accounts.people import identities
from functions.accounts.people.identities import Identity
from functions.accounts.tables import RecoveryItem, TotpItem, user_key
from infra.packaging.proof.seed_logins import sample_id, seed_user
from shared import vault
from shared.clock import now
from shared.tables import Transaction

BEGINS, RENEWS, ENDS = 0xC1, 0xC2, 0xC3
RECOVERY_CODES: Final = ("aaaaa-22222", "aaaaa-33333")
SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  # of nobody


def seed_outside() -> None:
    """Stores them: one without a second factor, two with one, of whom one signs in by Telegram too."""
    for number in (BEGINS, RENEWS, ENDS):
        seed_user(number, f"olga.factor{number}@example.org")
    for number in (RENEWS, ENDS):
        _seed_second_factor(sample_id("usr", number))
    transaction = Transaction()
    telegram = Identity(IdentityKind.TELEGRAM, f"{700_000_000 + ENDS}", "Olga")
    identities.write_new(transaction, sample_id("usr", ENDS), telegram)
    transaction.commit()


def _seed_second_factor(user_id: str) -> None:
    key = user_key(user_id)
    sealed = vault.encrypt(SECRET, f"accounts|{user_id}|{second_factor.SK}")
    TotpItem(key, second_factor.SK, secret=sealed, is_confirmed=True, on_since=now().isoformat()).save()
    RecoveryItem(key, second_factor.RECOVERY_SK, digests=recovery.digests(user_id, RECOVERY_CODES)).save()
