"""Who may speak to a server on this machine: callers that name it rightly, and pages that come from it.

A page of another site may send requests to loopback addresses, and a name of its own may lead there (DNS rebinding):
the Host header tells the second, the Origin header the first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

NAMES = ("127.0.0.1", "localhost")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_CONTENT_SECURITY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class KnownHost:
    """A middleware that refuses requests for another host than this one."""

    __middleware_version__ = 1  # how aiohttp knows a middleware

    def __init__(self, port: int) -> None:
        self._hosts = [[f"{name}:{port}"] for name in NAMES]

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The handler's answer, or a refusal."""
        if request.headers.getall("Host", []) not in self._hosts:
            return web.json_response({"error": "the Host header names another server"}, status=403)
        return await handler(request)


@web.middleware
async def own_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A middleware that lets only our own pages, and callers that are no pages, change anything."""
    origin = request.headers.get("Origin")
    is_own = origin in {None, f"http://{request.host}"}
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method not in {"GET", "HEAD"} and not (is_own and site in {"same-origin", "none"}):
        return web.json_response({"error": "only a page of this server may do that"}, status=403)
    response = await handler(request)
    response.headers.update(_HEADERS)
    return response
