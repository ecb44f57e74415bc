"""Logins as Telegram signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from shared import aws, secrets
from shared.clock import epoch_s
from shared.secrets import path

TOKEN = "100001:demo-anna"
USERNAME = "svyaz_anna_bot"


def signed(moment: datetime, token: str = TOKEN, **fields: Any) -> dict[str, Any]:
    """What the widget gives a page."""
    told = {"id": 700000001, "first_name": "Ольга", "username": "olga_test", "auth_date": epoch_s(moment)} | fields
    return told | {"hash": signature(told, token)}


def signature(told: dict[str, Any], token: str = TOKEN) -> str:
    """The hash, made as Telegram's page on the widget says it."""
    check_string = "\n".join(sorted(f"{name}={value}" for name, value in told.items()))
    return hmac.new(hashlib.sha256(token.encode()).digest(), check_string.encode(), hashlib.sha256).hexdigest()


def set_up() -> None:
    """The parameter that says which bot people sign in by."""
    value = json.dumps({"bot_username": USERNAME, "bot_token": TOKEN})
    aws.client("ssm").put_parameter(Name=path("login/telegram"), Value=value, Type="SecureString", Overwrite=True)
    secrets.forget()
