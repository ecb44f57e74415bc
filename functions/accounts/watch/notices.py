"""Notices: a suspicion becomes an entry that administrators see, and a letter to them, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

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
from shared.tables import Transaction, fetch, find, unless

LISTING = "notices"
LEASE_S = 60
LETTERS_MOST = 5
LETTERS_WINDOW_S = 3600
TOLD_MOST = 20


class AlreadyKnown(Conflict):
    """The notice is there already."""


def take(message: Envelope) -> None:
    """Stores a notice and tells the administrators of it, once however often the message comes.

    Raises: InvalidPayload; Contended while another tells them; ProviderThrottled, ProviderUnavailable.
    """
    suspicion = message.read(Suspicion)
    with audit.acting(Actor("system", "accounts_notices", "queue", message.org_id)):
        item = _stored(message.org_id, suspicion)
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


def text(suspicion: Suspicion, w: Words) -> str:
    """What was noticed, in words."""
    values = {
        "subject": suspicion.subject,
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


def _stored(org_id: str, suspicion: Suspicion) -> NoticeItem | None:
    """The notice, leased to us so that we tell of it; None where that is done.

    Raises: Contended while another holds it.
    """
    item = _item(org_id, suspicion)
    transaction = Transaction()
    transaction.create(item, otherwise=AlreadyKnown(""))
    audit.add(transaction, f"accounts.suspicion.{suspicion.kind}", suspicion.subject)
    try:
        transaction.commit()
    except AlreadyKnown:
        return _leased(item)
    log.count("NoticeMade", kind=suspicion.kind)
    return item


def _item(org_id: str, suspicion: Suspicion) -> NoticeItem:
    moment = now()
    since = epoch_s(suspicion.since)
    return NoticeItem(
        org_key(org_id, LISTING),
        "#".join((f"{since:012d}", suspicion.kind, suspicion.subject, suspicion.about)),
        kind=suspicion.kind,
        subject=suspicion.subject,
        at=moment.isoformat(),
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
        for address, letter in _letters(org_id, suspicion):
            with suppress(ProviderRejected):
                mail.send(address, *letter)
    item.update([NoticeItem.told_at.set(now().isoformat())])


def _letters(org_id: str, suspicion: Suspicion) -> Iterator[tuple[str, tuple[str, str]]]:
    """Addresses with their letters: each administrator's in his language, the operator's in all of them."""
    told = [(found.email, words(found.language)) for found in _administrators(org_id) if found.email]
    for address, w in told:
        yield address, _letter(suspicion, [w])
    if not told:
        yield settings().operator_mail, _letter(suspicion, [words(language) for language in languages()])


def _administrators(org_id: str) -> Iterator[Profile]:
    if org_id == audit.NOBODY:
        return
    members = MemberItem.query(org_key(org_id, "members"), consistent_read=True)
    found = [row.sk for row in members if Role.ADMINISTRATOR in row.roles.split()][:TOLD_MOST]
    rows = fetch([(ProfileItem, user_key(user_id), profiles.SK) for user_id in found])
    yield from (profiles.opened(user_id, row) for user_id, row in zip(found, rows, strict=True) if row is not None)


def _letter(suspicion: Suspicion, spoken: list[Words]) -> tuple[str, str]:
    parts = []
    for w in spoken:
        when = w("Since {moment} (UTC).", moment=f"{suspicion.since:%Y-%m-%d %H:%M}")
        advice = w("See in the audit log what this account has done, and end its sessions if that was not its owner.")
        parts.append("\n\n".join((text(suspicion, w), when, advice)))
    w = spoken[0]
    return w("Svyaz: something to look at"), "\n\n".join(parts) + "\n"


def _shown(row: NoticeItem, w: Words) -> Notice:
    suspicion = Suspicion.model_validate_json(row.detail)
    return Notice(
        at=datetime.fromisoformat(row.at),
        kind=suspicion.kind,
        subject=suspicion.subject,
        text=text(suspicion, w),
        since=suspicion.since,
        number=suspicion.number,
    )
