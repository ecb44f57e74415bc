"""The trail of requests: what changes something leaves an entry in the audit log, what is refused or read is counted.

Services write their own entries into their transactions; where a request has left none, one is written here. What
nobody known was refused is folded to one entry a minute, place, route and reason: a flood of it costs no flood of
writes. An entry that cannot be written is logged and counted, for the change stands already.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from chalice.app import Request as ChaliceRequest
from chalice.app import Response

from shared import log
from shared.errors import Forbidden, SecondFactorRequired, SvyazError, TooManyRequests, Unauthorized
from shared.http import callers
from shared.http.operations import Operation
from shared.identity import Caller

if TYPE_CHECKING:
    from shared.audit import Actor, Result, Way


@contextmanager
def kept(system: str, operation: Operation, given: ChaliceRequest, path: dict[str, str]) -> Iterator[None]:
    """Keeps the trail of one request, whatever is raised inside."""
    try:
        with _acting(system, operation, given, path):
            yield
    except Forbidden as error:
        caller = _caller(given)
        if caller is not None and not isinstance(error, SecondFactorRequired):
            _suspicion().refused(caller.org_id, caller.subject)
        raise


def note_read(operation: Operation, given: ChaliceRequest, answer: Any) -> None:
    """Counts what a caller was shown; a view that answers with a file counts its rows itself."""
    if operation.is_public or operation.is_mutating or isinstance(answer, Response):
        return
    caller = _caller(given)
    if caller is not None:
        _suspicion().read(caller.org_id, caller.subject, len(getattr(answer, "items", (answer,))))


def _acting(
    system: str, operation: Operation, given: ChaliceRequest, path: dict[str, str]
) -> AbstractContextManager[Any]:
    if operation.is_mutating:
        return _audited(f"{system}.{operation.name}", "/".join(path.values()), operation, given)
    if operation.is_public:
        return nullcontext()
    from shared import audit  # noqa: PLC0415  # needs the database, which a function of pages never loads

    return audit.acting(_actor(given))


@contextmanager
def _audited(action: str, thing: str, operation: Operation, given: ChaliceRequest) -> Iterator[None]:
    from shared import audit  # noqa: PLC0415

    with audit.acting(_actor(given)) as actor, audit.counted() as written:
        try:
            yield
        except Exception as error:
            if not written.number:
                is_folded = actor.kind == "guest" or isinstance(error, TooManyRequests)
                _leave(action, thing, *_ended(error), is_folded=is_folded)
            raise
        if not written.number and operation.audited_at == "request":
            _leave(action, thing, "done", "", is_folded=False)


def _leave(action: str, thing: str, result: Result, reason: str, *, is_folded: bool) -> None:
    from shared import audit  # noqa: PLC0415

    write = audit.write_folded if is_folded else audit.write
    try:
        write(action, thing, result=result, reason=reason)
    except Exception:  # noqa: BLE001  # whatever it is, the caller gets the answer that is true
        log.failure("audit.unwritten", action=action, result=result, reason=reason)
        log.count("AuditUnwritten")


def _ended(error: Exception) -> tuple[Result, str]:
    known = error if isinstance(error, SvyazError) else SvyazError(SvyazError.title)
    return "failed" if known.is_ours else "refused", known.kind


def _actor(given: ChaliceRequest) -> Actor:
    from shared.audit import NOBODY, Actor  # noqa: PLC0415

    headers = {name.lower(): value for name, value in given.headers.items()}
    address = callers.address(str(given.context.get("identity", {}).get("sourceIp", "")), headers)
    caller = _caller(given)
    if caller is None:
        return Actor("guest", "", "http", NOBODY, address)
    way: Way = "key" if caller.kind == "key" else "http"
    return Actor(caller.kind, caller.subject, way, caller.org_id or NOBODY, address)


def _caller(given: ChaliceRequest) -> Caller | None:
    try:
        return Caller.from_context(given.context.get("authorizer") or {})
    except Unauthorized:
        return None


def _suspicion() -> Any:
    from shared import suspicion  # noqa: PLC0415  # counts in the database, which a function of pages never loads

    return suspicion
