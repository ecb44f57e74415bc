"""Login by Telegram: the page behind the login widget's button, and what it signs with the bot's token.

Source: https://core.telegram.org/widgets/login-legacy.md, "Checking authorization"; the page's query and
`#tgAuthResult=` as public sites use them, for the manual does not tell (searched 2026-11-20).
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import web

from infra.local.fakes import choosing
from infra.local.fakes.telegram.people import ActError, People
from infra.local.fakes.telegram.state import Bot, Json, Person
from infra.local.fakes.telegram.webhooks import is_loopback

STYLE = "auth.css"


def login_of(person: Person, bot: Bot, moment: datetime) -> Json:
    """What Telegram tells a site of a person who signs in there, signed."""
    told: Json = {"id": person.id, **person.names(), "auth_date": int(moment.timestamp())}
    lines = "\n".join(f"{name}={told[name]}" for name in sorted(told))
    key = hashlib.sha256(bot.token.encode()).digest()
    return told | {"hash": hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()}


class LoginPage:
    """Serves `auth`, where a person picks himself, and the same for programs."""

    def __init__(self, people: People) -> None:
        self._people = people

    def add_routes(self, application: web.Application) -> None:
        """Serve the page, its links and its style."""
        router = application.router
        router.add_get("/auth", self._ask)
        router.add_get(r"/auth/as/{person_id:\d{1,16}}", self._send_back)
        router.add_get(f"/{STYLE}", _style)
        router.add_post(r"/people/{person_id:\d{1,16}}/login/{bot}", self._tell)

    async def _ask(self, request: web.Request) -> web.Response:
        bot, _ = self._asked(request)
        links = [
            (f"auth/as/{person.id}?{request.query_string}", person.first_name, f"@{person.username or person.id}")
            for person in self._people.state.people.values()
        ]
        note = f"Сайт узнает ваше имя от бота @{bot.username} · The site gets to know your name"
        content = choosing.page("Войти через Telegram · Sign in with Telegram", note, STYLE, links)
        return web.Response(text=content, content_type="text/html")

    async def _send_back(self, request: web.Request) -> web.Response:
        bot, return_to = self._asked(request)
        told = json.dumps(self._login(request, bot), ensure_ascii=False).encode()
        result = base64.urlsafe_b64encode(told).rstrip(b"=").decode()
        return web.Response(status=302, headers={"Location": f"{return_to}#tgAuthResult={result}"})

    async def _tell(self, request: web.Request) -> web.Response:
        bot = self._people.bots.get(request.match_info["bot"])
        if bot is None:
            raise ActError(404, "no such bot")
        return web.json_response(self._login(request, bot))

    def _login(self, request: web.Request, bot: Bot) -> Json:
        person = self._people.state.people.get(int(request.match_info["person_id"]))
        if person is None:
            raise ActError(404, "no such person")
        return login_of(person, bot, self._people.clock())

    def _asked(self, request: web.Request) -> tuple[Bot, str]:
        """The bot, and where the person goes back to: a page of the site that asks, which is on this machine."""
        bot_id, origin = request.query.get("bot_id", ""), request.query.get("origin", "")
        bot = next((bot for bot in self._people.bots.values() if bot.token.partition(":")[0] == bot_id), None)
        if bot is None:
            raise ActError(404, "Bot id required")
        return_to = request.query.get("return_to", origin).partition("#")[0]
        is_own = urlsplit(return_to)[:2] == urlsplit(origin)[:2] and urlsplit(origin).scheme in {"http", "https"}
        if not is_own or not is_loopback(urlsplit(origin).hostname):
            raise ActError(400, "Bot domain invalid")
        return bot, return_to


async def _style(_: web.Request) -> web.Response:
    return web.Response(text=choosing.STYLE, content_type="text/css")
