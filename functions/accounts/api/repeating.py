"""What tells a request that comes again, read off the request."""

from __future__ import annotations

from typing import Any

from functions.accounts.organisation.repeats import Repeat
from shared.http.requests import Request, idempotency_key


def repeat_of(request: Request[Any, Any], what: str) -> Repeat:
    """What tells this request, of its caller alone.

    Raises: InvalidField for a key that is none.
    """
    caller = request.caller
    return Repeat(f"{caller.subject}:{caller.org_id}:{what}", idempotency_key(request.headers), request.raw_body)
