"""Errors as RFC 9457 documents.

Source: https://www.rfc-editor.org/rfc/rfc9457 (read 2026-11-20).
"""

from __future__ import annotations

import json
from typing import Any

from chalice.app import Response

from shared import log
from shared.errors import SvyazError
from shared.i18n import Words

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1


def problem(error: SvyazError, words: Words) -> Response:
    """The answer that tells an error to the caller in his language."""
    body = {
        "type": f"/docs#{error.kind}",
        "title": words(error.title),
        "status": error.status,
        "detail": words(error.detail, **error.values),
        "correlation_id": log.correlation_id(),
        **error.extra,
    }
    pause_s = RETRY_AFTER_S if error.is_retryable and error.retry_after_s is None else error.retry_after_s
    return _response(body, error.status, pause_s)


def unexpected(words: Words) -> Response:
    """The answer to a failure of ours: none of its inner words."""
    return problem(SvyazError("Something broke on our side. Try again later."), words)


def _response(body: dict[str, Any], status: int, retry_after_s: int | None) -> Response:
    headers: dict[str, str | list[str]] = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"}
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace").decode()
    return Response(body=text, status_code=status, headers=headers)
