"""Webhooks: how a bot asks for its updates, and how Telegram delivers them.

Source: core.telegram.org/bots/api#setwebhook; tdlib/telegram-bot-api, WebhookActor.cpp (read 2026-11-20).
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from infra.local.fakes.telegram.errors import refuse
from infra.local.fakes.telegram.faults import DELIVERY_FAULTS, Faults
from infra.local.fakes.telegram.methods import Call
from infra.local.fakes.telegram.state import BotState, Clock, Json, PendingUpdate, Webhook

_SUCCESS_CLASS = 2
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
MAX_CONNECTIONS = 100
MAX_RETRY_AFTER_S = 3600
MAX_SECRET_CHARACTERS = 256
RETRY_PAUSES_S = (0, 2, 4, 8, 16, 32, 60)


def set_webhook(call: Call) -> bool:
    """True; updates go to the url from now on. An empty url removes the webhook."""
    arguments = call.arguments
    if not arguments.text("url"):
        return delete_webhook(call)
    secret_token = arguments.text("secret_token")
    if len(secret_token) > MAX_SECRET_CHARACTERS:
        refuse("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret_token):
        refuse("secret token contains unallowed characters")
    old = call.state.webhook
    asked = [str(kind) for kind in arguments.array("allowed_updates", "allowed_updates")]
    allowed_updates = asked if arguments.text("allowed_updates") else old.allowed_updates
    max_connections = min(max(arguments.number("max_connections", 40), 1), MAX_CONNECTIONS)
    url = _checked_url(arguments.text("url"))
    _drop_pending(call)
    call.state.webhook = Webhook(
        url=url, secret_token=secret_token, max_connections=max_connections, allowed_updates=allowed_updates
    )
    return True


def delete_webhook(call: Call) -> bool:
    """True; updates wait until there is a webhook again."""
    _drop_pending(call)
    call.state.webhook = Webhook(allowed_updates=call.state.webhook.allowed_updates)
    return True


def get_webhook_info(call: Call) -> Json:
    """The `WebhookInfo` of the bot."""
    webhook = call.state.webhook
    info: Json = {"url": webhook.url, "has_custom_certificate": False, "pending_update_count": len(call.state.pending)}
    if webhook.url:
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
    if webhook.allowed_updates:
        info["allowed_updates"] = webhook.allowed_updates
    return info | webhook.model_dump(include={"last_error_date", "last_error_message"}, exclude_none=True)


def is_loopback(host: str | None) -> bool:
    """Whether the host name means this machine."""
    return host is not None and (host in LOOPBACK_HOSTS or host.endswith(".localhost"))


def _drop_pending(call: Call) -> None:
    if call.arguments.flag("drop_pending_updates"):
        call.state.pending = []


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        refuse("invalid webhook URL specified")
    if parts.scheme not in {"http", "https"} or not host or re.search(r"\s", url):
        refuse("invalid webhook URL specified")
    if not is_loopback(host):
        refuse("bad webhook: this local Telegram delivers to this machine only")
    return url


@dataclass
class Delivery:
    """Posts the updates of one bot: in order inside a chat, chats side by side."""

    state: BotState
    faults: Faults
    clock: Clock
    on_change: Callable[[], None]
    retry_pauses_s: Sequence[float] = RETRY_PAUSES_S
    timeout_s: float = 60
    _session: aiohttp.ClientSession | None = None
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))
    _chats: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    def start(self) -> None:
        """Begin to deliver; needs a running loop."""
        timeout = aiohttp.ClientTimeout(total=self.timeout_s)
        self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        self.restart()

    async def stop(self) -> None:
        """Stop; what is undelivered stays pending."""
        await asyncio.gather(*self._cancel(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def restart(self) -> None:
        """Turn to the webhook that is set now."""
        self._cancel()
        self._slots = asyncio.Semaphore(self.state.webhook.max_connections)
        self.wake()

    def wake(self) -> None:
        """Look at the pending updates."""
        if self._session is None or not self.state.webhook.url:
            return
        for update in self.state.pending:
            if update.person_id not in self._chats:
                self._chats[update.person_id] = asyncio.create_task(self._drain(update.person_id, self._session))

    def _cancel(self) -> list[asyncio.Task[None]]:
        tasks = list(self._chats.values())
        self._chats = {}
        for task in tasks:
            task.cancel()
        return tasks

    async def _drain(self, person_id: int, session: aiohttp.ClientSession) -> None:
        while update := next((update for update in self.state.pending if update.person_id == person_id), None):
            async with self._slots:
                error, retry_after_s = await self._attempt(update, session)
            pause_s = retry_after_s or self.retry_pauses_s[min(update.fail_count, len(self.retry_pauses_s) - 1)]
            if error is None or self.clock().timestamp() + pause_s > update.expires_at:
                self.state.pending = [other for other in self.state.pending if other is not update]
                self.on_change()
                continue
            update.fail_count += 1
            await asyncio.sleep(pause_s)
        del self._chats[person_id]

    async def _attempt(self, update: PendingUpdate, session: aiohttp.ClientSession) -> tuple[str | None, float]:
        times = 2 if self.faults.take(DELIVERY_FAULTS) else 1
        results = await asyncio.gather(*(self._post(update.body, session) for _ in range(times)))
        error, retry_after_s = results[0]
        if error is not None:
            self.state.webhook.last_error_date = int(self.clock().timestamp())
            self.state.webhook.last_error_message = error
        return error, retry_after_s

    async def _post(self, body: Json, session: aiohttp.ClientSession) -> tuple[str | None, float]:
        webhook = self.state.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret_token} if webhook.secret_token else {}
        try:
            async with session.post(webhook.url, json=body, headers=headers, allow_redirects=False) as response:
                if response.status // 100 == _SUCCESS_CLASS:
                    return None, 0
                retry_after_s = _seconds(response.headers.get("Retry-After", ""))
                return f"Wrong response from the webhook: {response.status} {response.reason}", retry_after_s
        except TimeoutError:
            return "Read timeout expired", 0
        except aiohttp.ClientConnectorError:
            return "Connection refused", 0
        except aiohttp.ClientError:
            return "Webhook connection closed", 0


def _seconds(header: str) -> float:
    return min(int(header), MAX_RETRY_AFTER_S) if re.fullmatch(r"[0-9]{1,9}", header) else 0
