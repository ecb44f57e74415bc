"""Connects a real bot to a stage: `TELEGRAM_BOT_TOKEN=… python -m infra.channel telegram --stage dev …`.

The token is read from the environment, never from the command line. A second run for the same account draws a new
webhook secret; the one before holds on beside it, so that nothing on its way is refused.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from typing import Any

from infra.packaging.naming import STAGES

TOKEN_VARIABLE = "TELEGRAM_BOT_TOKEN"  # noqa: S105  # where the token is found
TELEGRAM = "https://api.telegram.org"
ALLOWED_UPDATES = ["message", "callback_query"]
TIMEOUT_S = 20


class NotConnected(Exception):
    """What keeps the bot from being connected, in words for whoever runs this."""


def connect_telegram(given: argparse.Namespace, token: str) -> str:
    """The link that begins a chat with the bot.

    Raises: NotConnected.
    """
    from functions.messengers.models import ChannelAccount  # noqa: PLC0415  # the product reads the stage set before
    from functions.messengers.tables import save_account  # noqa: PLC0415

    bot = _call(given.telegram_api_url, token, "getMe", {})
    account = given.account or f"bot_{bot['username']}"
    secrets = _store_secrets(account, token)
    save_account(
        ChannelAccount(
            id=account, org_id=given.org, channel="telegram", consumer="booking", title=given.title or bot["first_name"]
        )
    )
    webhook = {
        "url": f"{given.base_url.rstrip('/')}/webhooks/telegram/{account}",
        "secret_token": secrets[0],
        "allowed_updates": ALLOWED_UPDATES,
    }
    _call(given.telegram_api_url, token, "setWebhook", webhook)
    return f"https://t.me/{bot['username']}?start=<code of a master>"


def _store_secrets(account: str, token: str) -> list[str]:
    """The webhook secrets that hold from now on, the newest first."""
    from shared import aws, secrets  # noqa: PLC0415
    from shared.errors import SettingsInvalid  # noqa: PLC0415
    from shared.ids import new_secret  # noqa: PLC0415

    try:
        earlier = secrets.document(f"channels/{account}")["webhook_secrets"][:1]
    except SettingsInvalid:
        earlier = []
    held = [new_secret(), *earlier]
    aws.client("ssm").put_parameter(
        Name=secrets.path(f"channels/{account}"),
        Value=json.dumps({"bot_token": token, "webhook_secrets": held}),
        Type="SecureString",
        Overwrite=True,
    )
    return held


def _call(api_url: str, token: str, method: str, content: dict[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310  # the Bot API's own address
        f"{api_url.rstrip('/')}/bot{token}/{method}", json.dumps(content).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return json.load(answer)["result"]
    except urllib.error.HTTPError as error:
        told = json.loads(error.read() or b"{}").get("description", error.reason)
        raise NotConnected(f"Telegram refuses {method}: {told}") from None
    except OSError as error:
        raise NotConnected(f"Telegram does not answer: {error}") from None


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 when the bot is connected, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m infra.channel", description=__doc__)
    parser.add_argument("channel", choices=["telegram"])
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--base-url", required=True, help="where the stage is reached from outside")
    parser.add_argument("--org", required=True, help="the organisation, such as org_mine")
    parser.add_argument("--account", help="the account's id, bot_<name of the bot> unless given")
    parser.add_argument("--title", help="what people see")
    parser.add_argument("--telegram-api-url", default=TELEGRAM)
    given = parser.parse_args(arguments)
    token = os.environ.get(TOKEN_VARIABLE, "")
    os.environ["SVYAZ_STAGE"] = given.stage
    if not token:
        print(f"{TOKEN_VARIABLE} is not set: put the bot's token there.", file=sys.stderr)
        return 1
    try:
        print(f"Connected. Links for clients: {connect_telegram(given, token)}")
    except NotConnected as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
