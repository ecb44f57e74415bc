"""Files of pages: HTML, CSS, scripts and pictures out of one folder, under a strict content security policy."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chalice.app import Response

from shared.errors import NotFound
from shared.http.requests import Request
from shared.settings import settings

SHARED_PAGES = Path(__file__).parents[1] / "pages"
CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
NAME = re.compile(r"[a-z0-9_-][a-z0-9_.-]*", re.ASCII)
PERMISSIONS = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")


def serve(folder: Path, name: str, request: Request[Any, Any] | None = None) -> Response:
    """A file of a folder; only its tag where the caller has the same already, which `request` tells.

    Raises: NotFound for a name that is no page's file there.
    """
    content_type = CONTENT_TYPES.get(Path(name).suffix)
    if content_type is None or not NAME.fullmatch(name) or not (folder / name).is_file():
        raise NotFound("There is nothing at this address.")
    text = (folder / name).read_text(encoding="utf-8")
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    headers: dict[str, str | list[str]] = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        **security_headers(settings().websocket_url),
    }
    if request is not None and tag in _tags(request.headers.get("if-none-match", "")):
        return Response(body="", status_code=304, headers=headers)
    return Response(body=text, status_code=200, headers={"Content-Type": content_type, **headers})


def security_headers(websocket_url: str) -> dict[str, str]:
    """What every page's file is sent with: it may use its own origin and this WebSocket, and nobody may frame it."""
    address = urlsplit(websocket_url)
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        f"connect-src 'self' {address.scheme}://{address.netloc}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in PERMISSIONS),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _tags(if_none_match: str) -> set[str]:
    """The tags of an If-None-Match header; on the way a proxy may have marked them weak."""
    return {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
