"""Notices: a suspicion becomes an entry that administrators see, and a letter to them, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from functions.accounts.models import Profile
from functions.accounts.people import profiles
from functions.accounts.tables import MemberItem, NoticeItem, ProfileItem, org_key, user_key
from functions.accounts.watch.audit_views import Notice, NoticePage, NoticeQuery
from shared import audit, cursors, limits, log, mail
from shared.audit import Actor
from shared.bus import Envelope, Suspicion, SuspicionKind
from shared.clock import epoch_s, now
from shared.errors import Conflict, Contended, ProviderRejected, TooManyRequests
from shared.i18n import Words, languages, words
from shared.rights import Role
from shared.settings import settings
from shared.suspicion import DAY_S
from shared.tables import Transaction, fetch, find, unless

LISTING = "notices"
LEASE_S = 60
LETTERS_MOST = 5
LETTERS_WINDOW_S = 3600
TOLD_MOST = 20
LONG = re.compile(r"([0-9a-f]{4})[0-9a-f]{11,}([0-9a-f]{5})")


class AlreadyKnown(Conflict):
    """The notice is there already."""


def take(message: Envelope) -> None:
    """Stores a notice and tells the administrators of it, once however often the message comes.

    Raises: InvalidPayload; Contended while another tells them; ProviderThrottled, ProviderUnavailable.
    """
    suspicion = message.read(Suspicion)
    with audit.acting(Actor("system", "accounts_notices", "queue", message.org_id)):
        item = _stored(message, suspicion)
        if item is not None:
            _tell(message.org_id, suspicion, item)


def page(org_id: str, query: NoticeQuery, w: Words) -> NoticePage:
    """A page of an organisation's notices, the newest first.

    Raises: InvalidField for a cursor of another list.
    """
    listing = f"{LISTING}:{org_id}"
    before = NoticeItem.sk < cursors.position(listing, query.cursor) if query.cursor else None
    moment = epoch_s(now())
    rows = NoticeItem.query(
        org_key(org_id, LISTING), before, scan_index_forward=False, limit=query.limit + 1, consistent_read=True
    )
    found = [row for row in rows if (row.expires_at or 0) > moment]
    more = cursors.cursor(listing, str(found[query.limit - 1].sk)) if len(found) > query.limit else None
    return NoticePage(items=tuple(_shown(row, w) for row in found[: query.limit]), next_cursor=more)


def text(suspicion: Suspicion, w: Words, called: str) -> str:
    """What was noticed, in words, of whoever is called so."""
    values = {
        "subject": called,
        "about": suspicion.about,
        "number": suspicion.number,
        "minutes": suspicion.window_s // 60,
    }
    match suspicion.kind:
        case SuspicionKind.GUESSING:
            return w("Somebody guesses at {subject}: {number} wrong tries within {minutes} minutes.", **values)
        case SuspicionKind.REUSED_TOKEN:
            return w("A login of {subject} was used by two: it may have been stolen, and was ended.", **values)
        case SuspicionKind.STRANGE_PLACE:
            return w("{subject} has come from a place that is new for this account: {about}.", **values)
        case SuspicionKind.REFUSED_RIGHTS:
            return w("{subject} was refused {number} times within {minutes} minutes: the rights are missing.", **values)
        case SuspicionKind.BULK_READING:
            return w("{subject} has read {number} records within {minutes} minutes.", **values)


def _stored(message: Envelope, suspicion: Suspicion) -> NoticeItem | None:
    """The notice, leased to us so that we tell of it; None where that is done.

    Raises: Contended while another holds it.
    """
    item = _item(message, suspicion)
    transaction = Transaction()
    transaction.create(item, otherwise=AlreadyKnown(""))
    audit.add(transaction, f"accounts.suspicion.{suspicion.kind}", suspicion.subject)
    try:
        transaction.commit()
    except AlreadyKnown:
        return _leased(item)
    log.count("NoticeMade", kind=suspicion.kind)
    return item


def _item(message: Envelope, suspicion: Suspicion) -> NoticeItem:
    moment = now()
    since = epoch_s(suspicion.since)
    return NoticeItem(
        org_key(message.org_id, LISTING),
        "#".join((f"{since:012d}", suspicion.kind, suspicion.subject, suspicion.about)),
        kind=suspicion.kind,
        subject=suspicion.subject,
        at=message.occurred_at.astimezone(UTC).isoformat(),
        detail=suspicion.model_dump_json(),
        lease_until=epoch_s(moment) + LEASE_S,
        expires_at=epoch_s(moment + timedelta(days=settings().audit_kept_days)),
    )


def _leased(item: NoticeItem) -> NoticeItem | None:
    """A notice that was stored before: whoever stored it may have died before his letters were sent."""
    stored = find(NoticeItem, item.pk, item.sk)
    if stored is None or stored.told_at:
        return None
    moment = epoch_s(now())
    free = (NoticeItem.lease_until <= moment) & NoticeItem.told_at.does_not_exist()
    with unless(Contended("Others change the same things", retry_after_s=LEASE_S)):
        stored.update([NoticeItem.lease_until.set(moment + LEASE_S)], condition=free)
    return stored


def _tell(org_id: str, suspicion: Suspicion, item: NoticeItem) -> None:
    """Sends the letters, or leaves it at the list where there were many within the hour."""
    try:
        limits.spend("accounts.notices", org_id, LETTERS_MOST, LETTERS_WINDOW_S)
    except TooManyRequests:
        log.warning("notice.unmailed", kind=suspicion.kind)
    else:
        for address, letter in _letters(org_id, suspicion, datetime.fromisoformat(item.at)):
            with suppress(ProviderRejected):
                mail.send(address, *letter)
    item.update([NoticeItem.told_at.set(now().isoformat())])


def _letters(org_id: str, suspicion: Suspicion, at: datetime) -> Iterator[tuple[str, tuple[str, str]]]:
    """Addresses with their letters: each administrator's in his language, the operator's in all of them.

    Shape: administrators are told the names of their members; the operator is told no names, and ids that he can find.
    """
    told = [(found.email, words(found.language)) for found in _administrators(org_id) if found.email]
    called = _called(org_id, suspicion.subject) if told else ""
    for address, w in told:
        yield address, _letter(suspicion, at, called, [w])
    if not told:
        spoken = [words(language) for language in languages()]
        yield settings().operator_mail, _letter(suspicion, at, suspicion.subject, spoken)


def _called(org_id: str, subject: str) -> str:
    """The name of a member; of everybody and everything else the id, as short as on the page."""
    keys = ((MemberItem, org_key(org_id, "members"), subject), (ProfileItem, user_key(subject), profiles.SK))
    member, profile = fetch(keys)
    return profiles.opened(subject, profile).name if member and profile else LONG.sub(r"\1…\2", subject)


def _administrators(org_id: str) -> Iterator[Profile]:
    if org_id == audit.NOBODY:
        return
    members = MemberItem.query(org_key(org_id, "members"), consistent_read=True)
    found = [row.sk for row in members if Role.ADMINISTRATOR in row.roles.split()][:TOLD_MOST]
    rows = fetch([(ProfileItem, user_key(user_id), profiles.SK) for user_id in found])
    yield from (profiles.opened(user_id, row) for user_id, row in zip(found, rows, strict=True) if row is not None)


def _letter(suspicion: Suspicion, at: datetime, called: str, spoken: list[Words]) -> tuple[str, str]:
    parts = []
    for w in spoken:
        when = _when(suspicion, at, w)
        advice = w("See in the audit log what this account has done, and end its sessions if that was not its owner.")
        parts.append("\n\n".join((text(suspicion, w, called), when, advice)))
    w = spoken[0]
    return w("Svyaz: something to look at"), "\n\n".join(parts) + "\n"


def _when(suspicion: Suspicion, at: datetime, w: Words) -> str:
    moment = f"{_since(suspicion, at):%Y-%m-%d %H:%M}"
    return w("At {moment} (UTC).", moment=moment) if _is_event(suspicion) else w("Since {moment} (UTC).", moment=moment)


def _is_event(suspicion: Suspicion) -> bool:
    """Whether one event is told: its window then only says how often."""
    return suspicion.window_s >= DAY_S


def _since(suspicion: Suspicion, at: datetime) -> datetime:
    """When it began: an event at its own moment, what was counted with its window."""
    return at if _is_event(suspicion) else suspicion.since


def _shown(row: NoticeItem, w: Words) -> Notice:
    suspicion, at = Suspicion.model_validate_json(row.detail), datetime.fromisoformat(row.at)
    return Notice(
        at=at,
        kind=suspicion.kind,
        subject=suspicion.subject,
        text=text(suspicion, w, suspicion.subject),
        since=_since(suspicion, at),
        number=suspicion.number,
    )
