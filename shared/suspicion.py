"""Suspicion: guessing, strange places, refused rights and bulk reading are counted; what is too much is told once.

Counters lie in DynamoDB in fixed windows of time. Whoever's count crosses the threshold sends one envelope to the queue
`accounts-notices`. Nothing here ever fails the request that it watches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar

from shared import log, sandbox
from shared.audit import NOBODY
from shared.clock import epoch_s, now
from shared.limits import Counter

K = TypeVar("K")
QUEUE = "accounts-notices"
NOTICED = "accounts.suspicion"
WINDOW_S = 600
DAY_S = 86_400
FAILED_LOGINS = 6
REFUSALS = 20
READ_ROWS = 2000
READ_STRIDE = 50
KEPT_MOST = 1000


@dataclass(frozen=True)
class Detector:
    """What is counted of one subject: `most` of it within a window is told.

    Units: `per_s` is the length of the window in seconds.
    """

    kind: str
    most: int
    per_s: int


GUESSING = Detector("guessing", FAILED_LOGINS, WINDOW_S)
REUSED_TOKEN = Detector("reused_token", 1, DAY_S)
STRANGE_PLACE = Detector("strange_place", 1, DAY_S)
REFUSED_RIGHTS = Detector("refused_rights", REFUSALS, WINDOW_S)
BULK_READING = Detector("bulk_reading", READ_ROWS, WINDOW_S)


@dataclass(frozen=True)
class Watch:
    """One subject's count of one thing in one window."""

    detector: Detector
    org_id: str
    subject: str
    window: int
    about: str = ""
    apart: str = ""

    @property
    def name(self) -> str:
        """The partition of its counter."""
        parts = ("suspicion", self.detector.kind, self.org_id, self.subject, self.apart)
        return "#".join(part for part in parts if part)


def failed_login(org_id: str, subject: str) -> None:
    """Counts a wrong password or code; `subject` is a person's id or the keyed digest of an unknown address."""
    _noticed(GUESSING, org_id, subject)


def reused_token(org_id: str, subject: str, session_id: str) -> None:
    """Tells that a refresh token was used again, once for a session."""
    _noticed(REUSED_TOKEN, org_id, subject, about=session_id, apart=session_id)


def strange_place(org_id: str, subject: str, network: str) -> None:
    """Tells that somebody came from a network that is new for him, once a day: on the way there are many."""
    _noticed(STRANGE_PLACE, org_id, subject, about=network)


def refused(org_id: str, subject: str) -> None:
    """Counts that somebody asked for what is not his to do."""
    _noticed(REFUSED_RIGHTS, org_id, subject)


def read(org_id: str, subject: str, rows: int) -> None:
    """Counts records that somebody was shown; in the process, and only every `READ_STRIDE` in the database."""
    watch = _watch(BULK_READING, org_id, subject)
    waiting = _bounded(_unwritten())
    waiting[watch] = waiting.get(watch, 0) + rows
    if waiting[watch] >= READ_STRIDE:
        _counted(watch, waiting.pop(watch))


def _noticed(detector: Detector, org_id: str, subject: str, about: str = "", apart: str = "") -> None:
    _counted(_watch(detector, org_id, subject, about, apart), 1)


def _watch(detector: Detector, org_id: str, subject: str, about: str = "", apart: str = "") -> Watch:
    return Watch(detector, org_id or NOBODY, subject, epoch_s(now()) // detector.per_s, about, apart)


def _counted(watch: Watch, number: int) -> None:
    """Counts, unless this process knows that it was told already."""
    told = _bounded(_told())
    if (watch.name, watch.window) in told:
        return
    try:
        if _count(watch, number) >= watch.detector.most:
            told[watch.name, watch.window] = 1
    except Exception:  # noqa: BLE001  # whatever it is, the request that is watched goes on
        log.failure("suspicion.failed", kind=watch.detector.kind)


def _count(watch: Watch, number: int) -> int:
    """The count of this window so far; the one who crosses the threshold tells it."""
    detector = watch.detector
    counter = Counter(watch.name, str(watch.window))
    ends = (watch.window + 2) * detector.per_s
    counter.update([Counter.number.add(number), Counter.expires_at.set(ends)])
    found = int(counter.number)
    if found - number < detector.most <= found:
        _tell(watch, counter, found, number)
    return found


def _tell(watch: Watch, counter: Counter, found: int, number: int) -> None:
    """Sends the notice; where that fails the crossing is taken back, so that the next one tells it."""
    try:
        _send(watch, found)
    except Exception:
        counter.update([Counter.number.add(-number)])
        raise
    log.count("SuspicionNoticed", kind=watch.detector.kind)


def _send(watch: Watch, found: int) -> None:
    from shared import queues  # noqa: PLC0415  # a request that is only counted needs neither queues nor pydantic
    from shared.bus import Suspicion, SuspicionKind  # noqa: PLC0415

    per_s = watch.detector.per_s
    body = Suspicion(
        kind=SuspicionKind(watch.detector.kind),
        subject=watch.subject,
        about=watch.about,
        number=found,
        since=datetime.fromtimestamp(watch.window * per_s, UTC),
        window_s=per_s,
    )
    with sandbox.testing(""):  # a test key reads what is real, and administrators are really told
        queues.send(QUEUE, queues.envelope(NOTICED, body, org_id=watch.org_id, actor=watch.subject))


@cache
def _unwritten() -> dict[Watch, int]:
    return {}


@cache
def _told() -> dict[tuple[str, int], int]:
    return {}


def _bounded(kept: dict[K, int]) -> dict[K, int]:
    if len(kept) >= KEPT_MOST:
        kept.clear()
    return kept
