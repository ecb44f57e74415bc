"""Sessions: opened by a login, kept up by refresh tokens that work once each, ended by either side.

Whoever shows a refresh token that was used before has a copy of it, or has lost his own: the session ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from pynamodb.expressions.update import Action

from functions.accounts.models import Session, Tokens
from functions.accounts.tables import SessionItem, UserItem, user_key
from functions.accounts.tokens import access_tokens, refresh_tokens
from functions.accounts.tokens.refresh_tokens import RefreshToken
from functions.accounts.tokens.standing import Standing, home_of, standing
from shared import audit, revocations, suspicion
from shared.clock import epoch_s, now
from shared.contention import ATTEMPTS, give_way
from shared.errors import Contended, NotFound, SvyazError, Unauthorized
from shared.identity import Caller
from shared.ids import new_id
from shared.keys import lookup_key
from shared.tables import Transaction, find, unless

T = TypeVar("T")
IDLE_MOST = timedelta(days=30)
LIVES_MOST = timedelta(days=90)
ENDED_AT_ONCE = 20
DEVICE_CHARACTERS = 120


@dataclass(frozen=True)
class Place:
    """Where somebody signs in: his address, and his device in a few words."""

    address: str = ""
    device: str = ""

    @property
    def digest(self) -> str:
        """What is kept of the whole address."""
        return lookup_key("place", self.address) if self.address else ""

    @property
    def network(self) -> str:
        """What people are shown of it."""
        return audit.network(self.address)


def open_session(
    user_id: str, org_id: str, methods: Sequence[str], place: Place, *, version: int | None = None
) -> Tokens:
    """The tokens of a new session in an organisation; without one, in that which the person chose last.

    Shape: `methods` are what he has shown, such as `password` and `totp`; `version` is that of the person when he
    showed them.
    Raises: Unauthorized for a person who is not there any more, or whose ways in have changed since that version.
    """
    return _patiently(lambda: _opened(user_id, org_id, methods, place, version))


def _opened(user_id: str, org_id: str, methods: Sequence[str], place: Place, version: int | None) -> Tokens:
    chosen = org_id or home_of(user_id)
    moment, as_of = now(), _settled_after(chosen, user_id)
    stands = standing(user_id, chosen, methods)
    token = refresh_tokens.first(user_id, new_id("ses"))
    item = SessionItem(
        *_key(user_id, token.session_id),
        org_id=stands.org_id,
        generation=token.generation,
        refresh_digest=token.digest,
        created_at=moment.isoformat(),
        ends_at=(moment + LIVES_MOST).isoformat(),
        methods=" ".join(methods),
        used_at=moment.isoformat(),
        device=place.device[:DEVICE_CHARACTERS],
        network=place.network,
        place=place.digest,
        expires_at=epoch_s(moment + IDLE_MOST),
    )
    transaction = Transaction()
    transaction.create(item)
    if version is not None:
        user = UserItem(user_key(user_id), "user")
        transaction.check(user, UserItem.version == version, otherwise=Unauthorized("Sign in again."))
    audit.add(transaction, "accounts.session.opened", token.session_id, org_id=stands.org_id)
    transaction.commit()
    return _tokens(token, stands, methods, moment, as_of)


def refresh(refresh_token: str, place: Place) -> Tokens:
    """New tokens for the one that is used up by this.

    Raises: Unauthorized, also for a token that was used before, which ends its session.
    """
    given = refresh_tokens.read(refresh_token)
    return _patiently(lambda: _refreshed(given, place))


def end(user_id: str, session_id: str) -> None:
    """Ends a session: within a minute nothing that it gave out works.

    Raises: NotFound for a session that this person has not.
    """
    _patiently(lambda: _end(user_id, [session_id], otherwise=NotFound("There is no such session.")))


def end_all(user_id: str, but: str = "") -> int:
    """How many sessions of a person were ended: all but one."""
    ending = [session.id for session in sessions_of(user_id) if session.id != but]
    for begin in range(0, len(ending), ENDED_AT_ONCE):
        together = ending[begin : begin + ENDED_AT_ONCE]
        _patiently(partial(_end, user_id, together))
    return len(ending)


def write_ends(transaction: Transaction, user_id: str, but: str = "") -> None:
    """Ends the sessions of a person, all but one, with the transaction; of very many the newest."""
    for session in [each for each in sessions_of(user_id) if each.id != but][:ENDED_AT_ONCE]:
        _write_end(transaction, user_id, session.id)


def sessions_of(user_id: str) -> list[Session]:
    """The sessions of a person that stand, the newest first."""
    moment = now()
    rows = SessionItem.query(user_key(user_id), SessionItem.sk.startswith("session#"), consistent_read=True)
    return sorted((_session(row) for row in rows if _stands(row, moment)), key=lambda each: each.id, reverse=True)


def switch(user_id: str, session_id: str, org_id: str) -> None:
    """Moves a session to another organisation of the person, from its next refresh on; he is there from now on.

    Raises: NotFound for an organisation or a session that is not his.
    """
    if not org_id or standing(user_id, org_id, ()).org_id != org_id:
        raise NotFound("There is no such organisation.")
    missing = NotFound("There is no such session.")
    item, user = SessionItem(*_key(user_id, session_id)), UserItem(user_key(user_id), "user")
    transaction = Transaction()
    moved, chosen = SessionItem.org_id.set(org_id), UserItem.org_id.set(org_id)
    transaction.update(item, [moved], condition=SessionItem.pk.exists(), otherwise=missing)
    transaction.update(user, [chosen], condition=UserItem.pk.exists(), otherwise=missing)
    audit.add(transaction, "accounts.session.switched", session_id, org_id=org_id)
    transaction.commit()


def restamp(transaction: Transaction, user_id: str, org_id: str) -> None:
    """Refuses, with a transaction that changes what a person is in an organisation, the tokens that tell otherwise."""
    revocations.revoke_given_so_far(transaction, access_tokens.membership(org_id, user_id))


def _patiently(act: Callable[[], T]) -> T:
    """What comes of an act that others may be in the way of, which reads anew whenever they were.

    Raises: Contended where they are for very long.
    """
    for attempt in range(ATTEMPTS):
        try:
            return act()
        except Contended:
            give_way("session", attempt)
    raise Contended("Others use the same session.")


def _end(user_id: str, session_ids: Sequence[str], otherwise: SvyazError | None = None) -> None:
    transaction = Transaction()
    for session_id in session_ids:
        _write_end(transaction, user_id, session_id, otherwise)
        audit.add(transaction, "accounts.session.ended", session_id)
    transaction.commit()


def _refreshed(given: RefreshToken, place: Place) -> Tokens:
    moment, item = now(), find(SessionItem, *_key(given.user_id, given.session_id))
    if item is None or not _stands(item, moment):
        raise Unauthorized("Sign in again.")
    if given.generation < item.generation:
        raise _ended_for_reuse(item, given, place)
    if not given.is_kept_as(item.refresh_digest):
        raise Unauthorized("Sign in again.")
    as_of, methods = _settled_after(item.org_id, given.user_id), item.methods.split()
    stands = standing(given.user_id, item.org_id, methods)
    following = given.next()
    _rotate(item, following, place, moment)
    return _tokens(following, stands, methods, moment, as_of)


def _rotate(item: SessionItem, following: RefreshToken, place: Place, moment: datetime) -> None:
    """Puts the next token in place of the one that was read.

    Raises: Contended where somebody else was faster.
    """
    ends_at = datetime.fromisoformat(item.ends_at)
    changes: list[Action] = [
        SessionItem.generation.set(following.generation),
        SessionItem.refresh_digest.set(following.digest),
        SessionItem.used_at.set(moment.isoformat()),
        SessionItem.device.set(place.device[:DEVICE_CHARACTERS]),
        SessionItem.network.set(place.network),
        SessionItem.place.set(place.digest),
        SessionItem.expires_at.set(epoch_s(min(moment + IDLE_MOST, ends_at))),
    ]
    as_read = (SessionItem.generation == item.generation) & (SessionItem.refresh_digest == item.refresh_digest)
    with unless(Contended("Others use the same session.")):
        item.update(changes, condition=as_read)


def _ended_for_reuse(item: SessionItem, given: RefreshToken, place: Place) -> Unauthorized:
    """What to answer to a token that was used before, once its session is ended, audited and told."""
    refused = Unauthorized("Sign in again.")
    transaction = Transaction()
    _write_end(transaction, given.user_id, given.session_id, otherwise=refused)
    who = audit.Actor("user", given.user_id, audit.actor().way, item.org_id or audit.NOBODY, place.address)
    with audit.acting(who):
        audit.add(transaction, "accounts.session.reused", given.session_id, result="refused")
    transaction.commit()
    suspicion.reused_token(item.org_id, given.user_id, given.session_id)
    return refused


def _write_end(transaction: Transaction, user_id: str, session_id: str, otherwise: SvyazError | None = None) -> None:
    """Writes the end of a session; where `otherwise` is given, of one that must be there."""
    condition = None if otherwise is None else SessionItem.pk.exists()
    transaction.delete(SessionItem(*_key(user_id, session_id)), condition=condition, otherwise=otherwise)
    revocations.revoke(transaction, session_id)


def _settled_after(org_id: str, user_id: str) -> datetime | None:
    """What `revocations.settled_after` says of a membership; to be asked before the membership is read."""
    return revocations.settled_after(access_tokens.membership(org_id, user_id)) if org_id else None


def _tokens(
    token: RefreshToken, stands: Standing, methods: Sequence[str], moment: datetime, as_of: datetime | None
) -> Tokens:
    caller = Caller(
        kind="user",
        subject=token.user_id,
        org_id=stands.org_id,
        roles=stands.roles,
        session_id=token.session_id,
        needs_second_factor=stands.needs_second_factor,
        master_id=stands.master_id,
    )
    access = access_tokens.issue(caller, methods, moment, as_of)
    return Tokens(access, token.sealed(), int(access_tokens.LIFE.total_seconds()))


def _stands(item: SessionItem, moment: datetime) -> bool:
    return (item.expires_at or 0) > epoch_s(moment) and moment < datetime.fromisoformat(item.ends_at)


def _session(item: SessionItem) -> Session:
    return Session(
        id=item.sk.removeprefix("session#"),
        user_id=item.pk.removeprefix("user#"),
        org_id=item.org_id,
        generation=int(item.generation),
        created_at=datetime.fromisoformat(item.created_at),
        used_at=datetime.fromisoformat(item.used_at),
        expires_at=datetime.fromtimestamp(item.expires_at, UTC),
        device=item.device,
        network=item.network,
        methods=tuple(item.methods.split()),
    )


def _key(user_id: str, session_id: str) -> tuple[str, str]:
    return user_key(user_id), f"session#{session_id}"
