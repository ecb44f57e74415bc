"""API keys: how a service says who it is. Made with some of its maker's rights, shown once, kept as a digest.

The authorizer loads this: nothing here may be slow to import.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from functions.accounts.organisation import membership
from functions.accounts.tables import ApiKeyItem, ApiKeyPointer, org_key
from shared import audit
from shared.clock import now
from shared.errors import Forbidden, NotFound, RuleViolation, Unauthorized
from shared.identity import Caller
from shared.ids import new_id, new_secret
from shared.rights import Right
from shared.tables import Transaction, find

MOST: Final = 200
KEPT_MOST: Final = 1000
TRUTH_KEPT: Final = timedelta(seconds=20)
FORM = re.compile(r"svz_(live|test)_([0-9a-f]{32})_([A-Za-z0-9_-]{43})", re.ASCII)
_owners: dict[str, str] = {}
_truths: dict[str, tuple[datetime, ApiKey | None]] = {}


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret; `ends_at` is None for one that lasts until it is revoked."""

    id: str
    org_id: str
    name: str
    scopes: tuple[str, ...]
    is_test: bool
    created_at: datetime
    created_by: str
    ends_at: datetime | None
    digest: str


def create(
    caller: Caller,
    name: str,
    scopes: Sequence[str],
    *,
    is_test: bool,
    days: int | None = None,
    written: Callable[[Transaction, str], None] | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its text, which is told this once.

    Shape: `svz_live_<id>_<secret>` or `svz_test_…`; `written` adds to the transaction that makes the key of an id.
    Raises: Forbidden for rights that the caller has not, RuleViolation where there are too many keys; Contended.
    """
    if not set(scopes) <= caller.rights:
        raise membership.not_yours()
    if caller.is_test and not is_test:
        raise Forbidden("A test key makes test keys only.")
    if len(keys_of(caller.org_id)) >= MOST:
        raise RuleViolation("There are too many keys already: revoke those that nobody uses.")
    secret, moment = new_secret(), now()
    made = ApiKey(
        id=new_id("key"),
        org_id=caller.org_id,
        name=name,
        scopes=tuple(sorted(set(scopes))),
        is_test=is_test,
        created_at=moment,
        created_by=caller.subject,
        ends_at=_ends_at(caller, moment, days),
        digest=_digest(secret),
    )
    transaction = _writing(made)
    given = {Right.KEYS_CHANGE, *scopes}
    membership.hold(transaction, made.org_id, caller.subject, given, otherwise=membership.not_yours())
    if written is not None:
        written(transaction, made.id)
    transaction.commit()
    return made, f"svz_{_kind(made)}_{made.id.removeprefix('key_')}_{secret}"


def keys_of(org_id: str) -> list[ApiKey]:
    """The keys of an organisation, the oldest first, also those that have ended."""
    rows = ApiKeyItem.query(org_key(org_id, "keys"), limit=MOST, consistent_read=True)
    return [_key(org_id, row) for row in rows]


def revoke(org_id: str, key_id: str) -> None:
    """Takes a key away; within a minute nobody gets in by it.

    Raises: NotFound.
    """
    transaction = Transaction()
    item = ApiKeyItem(org_key(org_id, "keys"), key_id)
    transaction.delete(item, condition=ApiKeyItem.pk.exists(), otherwise=NotFound("There is no such key."))
    transaction.delete(ApiKeyPointer(f"key#{key_id}", "key"))
    audit.add(transaction, "accounts.key.revoked", key_id)
    transaction.commit()


def caller_of(text: str) -> Caller:
    """Who comes with this key.

    Raises: Unauthorized, the same for every key that does not open.
    """
    read = FORM.fullmatch(text)
    found = _truth(f"key_{read[2]}") if read else None
    is_right = hmac.compare_digest(_digest(read[3] if read else ""), found.digest if found else _digest(" "))
    if read is None or found is None or not is_right or not _is_in_force(found) or read[1] != _kind(found):
        raise Unauthorized("This key does not open anything.")
    return Caller("key", found.id, found.org_id, scopes=found.scopes, is_test=found.is_test)


def forget() -> None:
    """Drops what this process knows of keys."""
    _owners.clear()
    _truths.clear()


def _truth(key_id: str) -> ApiKey | None:
    moment = now()
    kept = _truths.get(key_id)
    if kept is not None and timedelta() <= moment - kept[0] < TRUTH_KEPT:
        return kept[1]
    if len(_truths) >= KEPT_MOST:
        _truths.clear()
    _truths[key_id] = (moment, _looked_up(key_id))
    return _truths[key_id][1]


def _looked_up(key_id: str) -> ApiKey | None:
    """A key as it is stored; whose it is never changes, and is asked once."""
    org_id = _owners.get(key_id)
    if org_id is None:
        pointer = find(ApiKeyPointer, f"key#{key_id}", "key")
        if pointer is None:
            return None
        if len(_owners) >= KEPT_MOST:
            _owners.clear()
        _owners[key_id] = org_id = str(pointer.org_id)
    row = find(ApiKeyItem, org_key(org_id, "keys"), key_id)
    return None if row is None else _key(org_id, row)


def _ends_at(caller: Caller, moment: datetime, days: int | None) -> datetime | None:
    """When a new key ends: as is wanted, but never later than the key that makes it."""
    maker = find(ApiKeyItem, org_key(caller.org_id, "keys"), caller.subject) if caller.kind == "key" else None
    latest = _key(caller.org_id, maker).ends_at if maker is not None else None
    wanted = moment + timedelta(days=days) if days else None
    return min((end for end in (wanted, latest) if end is not None), default=None)


def _writing(made: ApiKey) -> Transaction:
    item = ApiKeyItem(
        org_key(made.org_id, "keys"),
        made.id,
        name=made.name,
        digest=made.digest,
        scopes=" ".join(made.scopes),
        is_test=made.is_test,
        created_at=made.created_at.isoformat(),
        created_by=made.created_by,
        ends_at=made.ends_at.isoformat() if made.ends_at else "",
    )
    transaction = Transaction()
    transaction.create(item)
    transaction.create(ApiKeyPointer(f"key#{made.id}", "key", org_id=made.org_id))
    audit.add(transaction, "accounts.key.created", made.id)
    return transaction


def _key(org_id: str, row: ApiKeyItem) -> ApiKey:
    return ApiKey(
        id=row.sk,
        org_id=org_id,
        name=row.name,
        scopes=tuple(row.scopes.split()),
        is_test=bool(row.is_test),
        created_at=datetime.fromisoformat(row.created_at),
        created_by=row.created_by,
        ends_at=datetime.fromisoformat(row.ends_at) if row.ends_at else None,
        digest=row.digest,
    )


def _is_in_force(key: ApiKey) -> bool:
    return key.ends_at is None or now() < key.ends_at


def _kind(key: ApiKey) -> str:
    return "test" if key.is_test else "live"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
