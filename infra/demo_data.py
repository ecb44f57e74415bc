"""Demo data: two organisations with a master, a Telegram bot and a web chat each."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.booking import imports
from functions.booking.models import Catalogue
from functions.messengers.models import ChannelAccount
from functions.messengers.tables import save_account
from infra.demo_logins import VK_CLIENT_ID
from shared import aws
from shared.secrets import path

FILES = Path(__file__).parent / "demo"
SAMPLE_WEBHOOK_SECRET = "sample-webhook-secret"  # noqa: S105  # opens nothing but a machine's own demo
SEQUENCER = "0" * imports.SEQUENCER_LENGTH


@dataclass(frozen=True)
class DemoBot:
    """A bot of the loopback Telegram."""

    account_id: str
    username: str
    name: str
    token: str


@dataclass(frozen=True)
class DemoOrganisation:
    """An organisation of the demo: one master, reached by one bot and one web chat."""

    id: str
    master: str
    bot: DemoBot

    @property
    def catalogue(self) -> Catalogue:
        """What the master offers."""
        return Catalogue.model_validate_json((FILES / f"{self.master}.json").read_text(encoding="utf-8"))


ORGANISATIONS = (
    DemoOrganisation("org_lipa", "anna", DemoBot("bot_anna", "svyaz_anna_bot", "Анна · запись", "100001:demo-anna")),
    DemoOrganisation(
        "org_wheel", "boris", DemoBot("bot_boris", "svyaz_boris_bot", "Boris · booking", "100002:demo-boris")
    ),
)


def seed(webhook_secrets: dict[str, list[str]] | None = None, tokens: dict[str, str] | None = None) -> None:
    """Stores all of it; what is there already is written again as it was.

    Shape: secrets and tokens are by the bot's account; without them those of the samples hold.
    """
    for organisation in ORGANISATIONS:
        catalogue = organisation.catalogue
        with suppress(imports.Outdated):
            imports.store(organisation.id, catalogue, SEQUENCER)
        _seed_accounts(organisation, catalogue.name)
        _seed_secrets(organisation.bot, webhook_secrets or {}, tokens or {})
    _seed_logins(ORGANISATIONS[0].bot, tokens or {})


def _seed_accounts(organisation: DemoOrganisation, title: str) -> None:
    bot, master = organisation.bot, organisation.master
    save_account(_account(bot.account_id, organisation.id, "telegram", bot.name))
    save_account(_account(master, organisation.id, "webchat", title, start=master))


def _seed_secrets(bot: DemoBot, webhook_secrets: dict[str, list[str]], tokens: dict[str, str]) -> None:
    secret = {
        "bot_token": tokens.get(bot.account_id, bot.token),
        "webhook_secrets": webhook_secrets.get(bot.account_id, [SAMPLE_WEBHOOK_SECRET]),
    }
    _put_secret(f"channels/{bot.account_id}", secret)


def _seed_logins(bot: DemoBot, tokens: dict[str, str]) -> None:
    token = tokens.get(bot.account_id, bot.token)
    _put_secret("login/telegram", {"bot_username": bot.username, "bot_token": token})
    _put_secret("login/vk", {"client_id": VK_CLIENT_ID})


def _put_secret(name: str, content: dict[str, Any]) -> None:
    aws.client("ssm").put_parameter(Name=path(name), Value=json.dumps(content), Type="SecureString", Overwrite=True)


def _account(account_id: str, org_id: str, channel: str, title: str, start: str = "") -> ChannelAccount:
    return ChannelAccount(id=account_id, org_id=org_id, channel=channel, consumer="booking", title=title, start=start)
