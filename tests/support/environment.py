"""The environment of stage `test`, set before anything of the product is imported."""

from __future__ import annotations

import os

VALUES = {
    "SVYAZ_STAGE": "test",
    "SVYAZ_PUBLIC_BASE_URL": "http://127.0.0.1:8000",
    "SVYAZ_WEBSOCKET_URL": "ws://127.0.0.1:8000/ws",
    "SVYAZ_CONNECTIONS_URL": "http://127.0.0.1:8000/_local/connections",
    "SVYAZ_MAIL_FROM": "svyaz@example.test",
    "SVYAZ_OPERATOR_MAIL": "operator@example.test",
    "SVYAZ_LOG_LEVEL": "INFO",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}


def set_up() -> None:
    """Puts the values in place and takes away what would lead to a real account."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    os.environ.update(VALUES)
