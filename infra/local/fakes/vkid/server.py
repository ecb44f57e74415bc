"""The loopback VK ID as one aiohttp application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import NoReturn
from urllib.parse import urlencode

from aiohttp import web

from infra.local.fakes import choosing
from infra.local.fakes.listening import listening
from infra.local.fakes.vkid import page
from infra.local.fakes.vkid.state import DEMO_PEOPLE, Application, Asked, Clock, Refused, VkId, VkPerson

MAX_FORM_BYTES = 65_536
DECLINED = {"error": "access_denied", "error_description": "User denied your request"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The handler's answer with safe headers; a refusal as VK ID words it."""
    try:
        response = await handler(request)
    except Refused as error:
        response = web.json_response({"error": error.error, "error_description": error.description}, status=400)
    response.headers.update(_HEADERS)
    return response


class VkIdServer:
    """VK ID for some applications: people allow or decline by a click, nobody has a password."""

    def __init__(
        self,
        applications: Sequence[Application],
        people: Sequence[VkPerson] = DEMO_PEOPLE,
        clock: Clock = utc_now,
    ) -> None:
        self.vk = VkId(tuple(applications), tuple(people), clock)
        self.trouble: web.Response | None = None

    def application(self) -> web.Application:
        """The application to serve, or to mount under any prefix."""
        application = web.Application(middlewares=[guard], client_max_size=MAX_FORM_BYTES)
        router = application.router
        router.add_get("/authorize", self._ask)
        router.add_get(r"/authorize/as/{user_id:\d{1,18}}", self._allow)
        router.add_get("/authorize/decline", self._decline)
        router.add_get(f"/{page.STYLE}", _style)
        router.add_get("", _explain)
        router.add_get("/", _explain)
        router.add_post("/oauth2/auth", self._exchange)
        router.add_post("/oauth2/user_info", self._profile)
        return application

    def listening(self, port: int = 0) -> AbstractAsyncContextManager[str]:
        """The base URL of a server of its own on 127.0.0.1."""
        return listening(self.application(), port)

    async def _ask(self, request: web.Request) -> web.Response:
        asked = self.vk.asked(request.query)
        content = page.choice(asked, self.vk.people, request.query_string)
        return web.Response(text=content, content_type="text/html")

    async def _allow(self, request: web.Request) -> web.Response:
        asked = self.vk.asked(request.query)
        _send_back(asked, self.vk.allow(asked, int(request.match_info["user_id"])))

    async def _decline(self, request: web.Request) -> web.Response:
        asked = self.vk.asked(request.query)
        _send_back(asked, DECLINED | {"state": asked.state})

    async def _exchange(self, request: web.Request) -> web.Response:
        return self.trouble or web.json_response(self.vk.exchange(await _form(request)))

    async def _profile(self, request: web.Request) -> web.Response:
        return self.trouble or web.json_response(self.vk.profile(await _form(request)))


def _send_back(asked: Asked, brought: Mapping[str, object]) -> NoReturn:
    sign = "&" if "?" in asked.redirect_uri else "?"
    raise web.HTTPFound(f"{asked.redirect_uri}{sign}{urlencode(brought)}", headers=_HEADERS)


async def _form(request: web.Request) -> dict[str, str]:
    """What was sent: VK ID takes all but secrets in the query as well."""
    form = await request.post()
    return {**request.query, **{name: value for name, value in form.items() if isinstance(value, str)}}


async def _style(_: web.Request) -> web.Response:
    return web.Response(text=choosing.STYLE, content_type="text/css")


async def _explain(_: web.Request) -> web.Response:
    return web.Response(text=page.EXPLANATION, content_type="text/html")
