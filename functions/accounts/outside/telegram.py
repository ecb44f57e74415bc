"""Login by Telegram: data that Telegram's login widget gives the browser, signed with the token of our bot.

Source: https://core.telegram.org/widgets/login-legacy.md, "Checking authorization" (read 2026-11-20).
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from functions.accounts.models import IdentityKind
from functions.accounts.outside import configured, once
from functions.accounts.outside.person import Fields, OutsidePerson, full_name
from shared.clock import now
from shared.errors import Unauthorized
from shared.settings import settings

MAX_AGE = timedelta(minutes=10)
MAX_LEAD = timedelta(minutes=1)


def person(fields: Fields) -> OutsidePerson:
    """Who signed in, once for each time that he did.

    Shape: `fields` are all that Telegram sent, `hash` among them; no name has `=` in it and no value a line break.
    Raises: Unauthorized, NotFound where no bot is set up for logins.
    """
    bot, moment = configured.required(configured.TELEGRAM), now()
    found = checked(fields, str(bot["bot_token"]), moment)
    once.spend("telegram", str(fields["hash"]), _signed_at(fields) + MAX_AGE)
    return found


def bot_username() -> str | None:
    """The bot that the widget names, None where logins by Telegram are not set up."""
    bot = configured.optional(configured.TELEGRAM)
    return None if bot is None else str(bot["bot_username"])


def page_url(origin: str, return_to: str) -> str | None:
    """The page that the widget's button opens; it sends a browser back to `return_to` with `#tgAuthResult=…`.

    Shape: the result is the same JSON object as the widget gives, in base 64 for addresses.
    Source: Telegram's manual does not tell of it; `tgAuthResult` as public sites read it (searched 2026-11-20).
    """
    bot = configured.optional(configured.TELEGRAM)
    if bot is None:
        return None
    bot_id = str(bot["bot_token"]).partition(":")[0]
    query = urlencode({"bot_id": bot_id, "origin": origin, "return_to": return_to})
    return f"{settings().telegram_login_url.rstrip('/')}/auth?{query}"


def checked(fields: Fields, bot_token: str, moment: datetime) -> OutsidePerson:
    """Who Telegram says that this is.

    Raises: Unauthorized for a wrong signature, and for data that is old or from the future.
    """
    if not hmac.compare_digest(signature(fields, bot_token).encode(), str(fields["hash"]).encode("utf-8", "replace")):
        raise Unauthorized("Telegram did not sign this.")
    if not moment - MAX_AGE <= _signed_at(fields) <= moment + MAX_LEAD:
        raise Unauthorized("This login is too old. Begin anew.")
    first, last = fields.get("first_name"), fields.get("last_name")
    name = full_name(str(first or ""), str(last or "")) or str(fields.get("username") or "Telegram")
    return OutsidePerson(IdentityKind.TELEGRAM, str(fields["id"]), name)


def signature(fields: Fields, bot_token: str) -> str:
    """What Telegram signs a login with: HMAC-SHA256 of all fields but `hash`, by the SHA-256 of the bot's token.

    Shape: 64 hexadecimal digits.
    """
    lines = [f"{name}={value}" for name, value in sorted(fields.items()) if name != "hash"]
    key = hashlib.sha256(bot_token.encode()).digest()
    return hmac.new(key, "\n".join(lines).encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _signed_at(fields: Fields) -> datetime:
    return datetime.fromtimestamp(int(fields["auth_date"]), UTC)
