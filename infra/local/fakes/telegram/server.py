"""The loopback Telegram as one aiohttp application."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from aiohttp import web

from infra.local.fakes.listening import listening
from infra.local.fakes.telegram.bell import Bell
from infra.local.fakes.telegram.bot_api import BotApi
from infra.local.fakes.telegram.faults import Fault, Faults
from infra.local.fakes.telegram.flood import FloodLimits
from infra.local.fakes.telegram.guard import guard
from infra.local.fakes.telegram.login import LoginPage
from infra.local.fakes.telegram.page_api import PageApi, explain_refusals
from infra.local.fakes.telegram.people import People
from infra.local.fakes.telegram.state import Bot, BotState, Clock, Json
from infra.local.fakes.telegram.storage import load_state, save_state
from infra.local.fakes.telegram.webhooks import RETRY_PAUSES_S, Delivery


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class TelegramServer(People):
    """Telegram for some bots: their Bot API, their webhooks, and people (see `People`) who chat with them.

    Everything belongs to the event loop that runs the application; from elsewhere, use the JSON endpoints.
    """

    def __init__(
        self,
        bots: Sequence[Bot],
        *,
        state_path: Path | None = None,
        retry_pauses_s: Sequence[float] = RETRY_PAUSES_S,
        delivery_timeout_s: float = 60,
        flood_limits: FloodLimits | None = None,
        save_every_s: float = 3,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(
            MappingProxyType({bot.username: bot for bot in bots}), load_state(state_path), clock, self._on_act
        )
        self._faults = Faults()
        self._bell = Bell()
        self._state_path = state_path
        self._save_every_s = save_every_s
        self._is_saved = True
        self._deliveries: dict[str, Delivery] = {}
        for bot in bots:
            bot_state = self.state.bots.setdefault(bot.username, BotState())
            self._deliveries[bot.username] = Delivery(
                bot_state, self._faults, clock, self._on_change, retry_pauses_s, delivery_timeout_s
            )
        self._bot_api = BotApi(bots, self.state, self._faults, clock, flood_limits or FloodLimits(), self._on_call)

    def add_fault(self, fault: Fault) -> None:
        """Let the next calls or deliveries meet trouble."""
        self._faults.add(fault)

    def clear_faults(self) -> None:
        """No more trouble."""
        self._faults.waiting.clear()

    @property
    def faults(self) -> Sequence[Fault]:
        """The trouble still to come."""
        return tuple(self._faults.waiting)

    def webhook_info(self, bot: str) -> Json:
        """What getWebhookInfo says of the bot."""
        return self._bot_api.webhook_info(bot)

    async def wait_for_message(
        self, person_id: int, bot: str, *, after: int = 0, containing: str = "", timeout_s: float = 5
    ) -> Json:
        """The first message of the bot past the id `after` that contains the words, as soon as it is there.

        Raises: `TimeoutError`.
        """
        async with asyncio.timeout(timeout_s):
            while True:
                for message in self.messages(person_id, bot):
                    is_new = message["from"]["is_bot"] and message["message_id"] > after
                    if is_new and containing in message.get("text", ""):
                        return message
                await self._bell.wait()

    async def wait_delivered(self, bot: str, *, timeout_s: float = 5) -> None:
        """Return when the bot has taken all its updates.

        Raises: `TimeoutError`.
        """
        async with asyncio.timeout(timeout_s):
            while self.state.bots[bot].pending:
                await self._bell.wait()

    def application(self) -> web.Application:
        """The application to serve, or to mount under any prefix; make one for each run."""
        application = web.Application(middlewares=[guard, explain_refusals])
        self._bot_api.add_routes(application)
        PageApi(self, self._faults, self._bell).add_routes(application)
        LoginPage(self).add_routes(application)
        application.cleanup_ctx.append(self._running)
        application.on_shutdown.append(self._release)
        return application

    def listening(self, port: int = 0) -> AbstractAsyncContextManager[str]:
        """The base URL of a server of its own on 127.0.0.1."""
        return listening(self.application(), port)

    async def _running(self, _: web.Application) -> AsyncIterator[None]:
        self._bell.start()
        for delivery in self._deliveries.values():
            delivery.start()
        saver = asyncio.create_task(self._save_often())
        yield
        saver.cancel()
        with suppress(asyncio.CancelledError):
            await saver
        for delivery in self._deliveries.values():
            await delivery.stop()
        self._save()

    async def _release(self, _: web.Application) -> None:
        self._bell.stop()

    async def _save_often(self) -> None:
        while True:
            await asyncio.sleep(self._save_every_s)
            self._save()

    def _save(self) -> None:
        if self._state_path is not None and not self._is_saved:
            save_state(self._state_path, self.state.model_dump_json())
            self._is_saved = True

    def _on_change(self) -> None:
        self._is_saved = False
        self._bell.fire()

    def _on_act(self, bot: str) -> None:
        self._on_change()
        if bot:
            self._deliveries[bot].wake()

    def _on_call(self, bot: str, method: str) -> None:
        self._on_change()
        if method in {"setwebhook", "deletewebhook"}:
            self._deliveries[bot].restart()
