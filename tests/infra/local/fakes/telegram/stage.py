"""The stage of these tests: a local Telegram, a webhook receiver, and the real aiogram as the bot's library."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import aiogram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Update
from aiohttp import ClientSession, web

from infra.local.fakes.telegram import Bot, Person, TelegramServer

TOKEN = "4200000001:AAlocal_Telegram-token_for-tests0000"
BOT = "svyaz_test_bot"
SECRET = "webhook-secret_1"
SOON_S = 15


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Receiver:
    """A webhook of the bot: keeps what it gets and answers as it was told."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)
    active: int = 0
    most_active: int = 0

    async def take(self, request: web.Request) -> web.Response:
        """Keep the update; answer with the next prepared answer, or 200."""
        self.active += 1
        self.most_active = max(self.most_active, self.active)
        try:
            self.bodies.append(await request.json())
            self.headers.append(dict(request.headers))
            answer = self.answers.pop(0) if self.answers else web.Response()
            await asyncio.sleep(self.delays_s.pop(0) if self.delays_s else 0)
            return answer
        finally:
            self.active -= 1

    @property
    def updates(self) -> list[Update]:
        """The updates as aiogram reads them; an unknown field is a failure of the fake."""
        return [Update.model_validate(body) for body in self.bodies]


@dataclass
class Stage:
    """One run of the server with one person and one bot."""

    server: TelegramServer
    bot: aiogram.Bot
    receiver: Receiver
    http: ClientSession
    base_url: str
    hook_url: str
    person: Person

    async def set_webhook(self, **settings: Any) -> None:
        """Direct the bot's updates to the receiver."""
        await self.bot.set_webhook(self.hook_url, secret_token=SECRET, **settings)

    async def started(self) -> int:
        """Press Start; returns the id of the message."""
        return await self.server.start(self.person.id, BOT)

    async def updates(self) -> list[Update]:
        """All updates, once the bot has taken them."""
        await self.server.wait_delivered(BOT, timeout_s=SOON_S)
        return self.receiver.updates


Scenario = Callable[..., Awaitable[None]]


def play(**settings: Any) -> Callable[[Scenario], Callable[..., None]]:
    """Turn `async def test(stage, ...)` into a test that runs on a stage of its own; the rest are fixtures."""

    def decorate(scenario: Scenario) -> Callable[..., None]:
        def test(**fixtures: Any) -> None:
            asyncio.run(_run(scenario, settings, fixtures))

        parameters = [value for name, value in inspect.signature(scenario).parameters.items() if name != "stage"]
        test.__name__, test.__doc__ = scenario.__name__, scenario.__doc__
        test.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return test

    return decorate


async def _run(scenario: Scenario, settings: dict[str, Any], fixtures: dict[str, Any]) -> None:
    server = TelegramServer([Bot(TOKEN, BOT, "Svyaz test")], **{"retry_pauses_s": (0, 0.01)} | settings)
    async with on_stage(server) as stage:
        await scenario(stage, **fixtures)


@asynccontextmanager
async def on_stage(server: TelegramServer) -> AsyncIterator[Stage]:
    """The server, listening, with all that belongs to it."""
    receiver = Receiver()
    person = await server.create_person("Аня", language_code="ru", username="anya_test")
    async with (
        server.listening() as base_url,
        ClientSession() as http,
        hook(receiver) as hook_url,
        aiogram_bot(base_url) as bot,
    ):
        yield Stage(server, bot, receiver, http, base_url, hook_url, person)


@asynccontextmanager
async def aiogram_bot(base_url: str, token: str = TOKEN) -> AsyncIterator[aiogram.Bot]:
    """The bot by aiogram; closed without the pause that aiogram makes for TLS."""
    api = TelegramAPIServer(base=f"{base_url}/bot{{token}}/{{method}}", file=f"{base_url}/file/bot{{token}}/{{path}}")
    session = _session()
    session.api = api
    try:
        yield aiogram.Bot(token, session=session)
    finally:
        await (await session.create_session()).close()


@cache
def _session() -> AiohttpSession:
    """One for all tests, for each reads the certificates; it connects anew for every bot."""
    return AiohttpSession()


@asynccontextmanager
async def hook(receiver: Receiver) -> AsyncIterator[str]:
    """The address of the receiver."""
    application = web.Application()
    application.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


async def eventually(is_true: Callable[[], bool]) -> None:
    """Return as soon as it is true.

    Raises: `TimeoutError`.
    """
    async with asyncio.timeout(SOON_S):
        while not is_true():  # noqa: ASYNC110  (what is waited for does not signal)
            await asyncio.sleep(0.01)
