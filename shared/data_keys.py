"""Data keys: made by KMS, kept in table `vault` under KMS's own key, in the open in memory alone and for an hour.

The current key is replaced after 30 days. Old ones stay, for what they have sealed is still to be read. Of processes
that make a key at the same moment one wins, by a condition, and all use the winner's.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from botocore.exceptions import ClientError
from pynamodb.attributes import UnicodeAttribute

from shared import aws, log
from shared.clock import now
from shared.errors import Contended, SettingsInvalid
from shared.ids import new_id
from shared.sealing import Unreadable
from shared.settings import stage
from shared.tables import Table, Transaction, find

KEPT_S: Final = 3600.0
USED_FOR: Final = timedelta(days=30)
ATTEMPTS: Final = 5
CURRENT: Final = "current"
PURPOSE: Final = "personal"
_SORT_KEY = "datakey"


class DataKeyItem(Table):
    """A data key as KMS has encrypted it: `datakey#<id>` / `datakey`."""

    class Meta:
        """The shared table."""

        name = "vault"

    encrypted = UnicodeAttribute()
    created_at = UnicodeAttribute()


class CurrentKeyItem(Table):
    """Which key seals now: `datakey#current` / `datakey`."""

    class Meta:
        """The shared table."""

        name = "vault"

    key_id = UnicodeAttribute()
    created_at = UnicodeAttribute()


@dataclass(frozen=True)
class DataKey:
    """A key in the open."""

    id: str
    plain: bytes


@dataclass(frozen=True)
class _Pointer:
    """Which key is the current one, and since when."""

    key_id: str
    created_at: datetime

    @property
    def is_due(self) -> bool:
        return now() >= self.created_at + USED_FOR


_opened: dict[str, tuple[float, DataKey]] = {}
_pointers: dict[str, _Pointer] = {}


def alias() -> str:
    """What KMS calls the key that encrypts this stage's data keys."""
    return f"alias/svyaz-{stage()}"


def current() -> DataKey:
    """The key to seal with now.

    Raises: Contended where others replaced it again and again, ProviderThrottled, ProviderUnavailable.
    """
    known = _pointers.get(CURRENT)
    if known is not None and not known.is_due and (kept := _kept(known.key_id)):
        return kept
    for _ in range(ATTEMPTS):
        found = _pointer()
        try:
            pointer = _next(found) if found is None or found.is_due else found
        except Contended:
            log.info("datakey.raced")
            continue
        _pointers[CURRENT] = pointer
        return opened(pointer.key_id)
    raise Contended("Others make keys at this moment.", retry_after_s=1)


def opened(key_id: str) -> DataKey:
    """The key of that id.

    Raises: Unreadable where there is none or KMS does not know what it is encrypted with.
    """
    kept = _kept(key_id)
    if kept is not None:
        return kept
    item = find(DataKeyItem, _partition(key_id), _SORT_KEY)
    if item is None:
        raise Unreadable("The key of this is gone.")
    return _keep(DataKey(key_id, _decrypted(base64.b64decode(item.encrypted))))


def forget() -> None:
    """Drops what is kept in memory."""
    _opened.clear()
    _pointers.clear()


def _kept(key_id: str) -> DataKey | None:
    until, key = _opened.get(key_id, (0.0, None))
    return key if until > monotonic() else None


def _keep(key: DataKey) -> DataKey:
    moment = monotonic()
    for over in [key_id for key_id, (until, _) in _opened.items() if until <= moment]:
        del _opened[over]
    _opened[key.id] = (moment + KEPT_S, key)
    return key


def _pointer() -> _Pointer | None:
    found = find(CurrentKeyItem, _partition(CURRENT), _SORT_KEY)
    return None if found is None else _Pointer(str(found.key_id), datetime.fromisoformat(found.created_at))


def _next(was: _Pointer | None) -> _Pointer:
    """A new key becomes the current one.

    Raises: Contended where somebody else has made one since.
    """
    plain, encrypted = _generated()
    made = _Pointer(new_id("dky"), now())
    created_at = made.created_at.isoformat()
    item = DataKeyItem(
        _partition(made.key_id), _SORT_KEY, encrypted=base64.b64encode(encrypted).decode(), created_at=created_at
    )
    current_item = CurrentKeyItem(_partition(CURRENT), _SORT_KEY, key_id=made.key_id, created_at=created_at)
    as_read = CurrentKeyItem.pk.does_not_exist() if was is None else CurrentKeyItem.key_id == was.key_id
    transaction = Transaction()
    transaction.create(item)
    transaction.put(current_item, condition=as_read, otherwise=Contended("Somebody else has made a key."))
    transaction.commit()
    log.info("datakey.made", key_id=made.key_id)
    _keep(DataKey(made.key_id, plain))
    return made


def _generated() -> tuple[bytes, bytes]:
    with aws.translated():
        try:
            answer = aws.client("kms").generate_data_key(
                KeyId=alias(), KeySpec="AES_256", EncryptionContext=_encryption_context()
            )
        except ClientError as error:
            if _code(error) == "NotFoundException":
                raise SettingsInvalid(f"{alias()}: KMS has no such key") from None
            raise
    return answer["Plaintext"], answer["CiphertextBlob"]


def _decrypted(encrypted: bytes) -> bytes:
    with aws.translated():
        try:
            answer = aws.client("kms").decrypt(
                CiphertextBlob=encrypted, KeyId=alias(), EncryptionContext=_encryption_context()
            )
        except ClientError as error:
            if _code(error) in {"InvalidCiphertextException", "IncorrectKeyException", "NotFoundException"}:
                raise Unreadable("KMS does not open the key of this.") from error
            raise
    return answer["Plaintext"]


def _encryption_context() -> dict[str, str]:
    return {"stage": stage(), "purpose": PURPOSE}


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _partition(key_id: str) -> str:
    return f"datakey#{key_id}"
