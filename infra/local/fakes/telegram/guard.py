"""Who may talk to the local Telegram from a browser: its own page, on this machine."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from infra.local.fakes.telegram.webhooks import is_loopback

CONTENT_SECURITY_POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@web.middleware
async def guard(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """The handler's answer with safe headers; 403 for another site's page or another host name."""
    if not _is_welcome(request):
        return web.json_response({"error": "only the page of this server may do that"}, status=403)
    response = await handler(request)
    response.headers.update(_HEADERS)
    return response


def _is_welcome(request: web.Request) -> bool:
    if not is_loopback(urlsplit(f"//{request.host}").hostname):
        return False
    if request.method in {"GET", "HEAD"}:
        return True
    origin = request.headers.get("Origin")
    is_own_origin = origin is None or urlsplit(origin).netloc == request.host
    return is_own_origin and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
