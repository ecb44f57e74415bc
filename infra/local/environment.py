"""What the functions' processes find in their environment: as little as on Lambda, and nothing but this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

STAGE = "local"
MAIL_FROM, OPERATOR_MAIL = "svyaz@example.org", "operator@example.org"
TELEGRAM_PATH, VK_ID_PATH = "/_local/fakes/telegram", "/_local/fakes/vkid"
CONNECTIONS_PATH, SOCKET_PATH = "/_local/connections", "/ws"
_KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "SVYAZ_LOG_LEVEL", "TMPDIR")
# Where the tables are, when not in the embedded AWS: DynamoDB Local takes any key.
_TABLES_ELSEWHERE = "AWS_ENDPOINT_URL_DYNAMODB"
# A person's proxy would get all calls to loopback; macOS asks its frameworks for one, which no fork survives.
NO_PROXY = {"NO_PROXY": "*", "no_proxy": "*", "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}


def bare_environment() -> dict[str, str]:
    """What every process of the product needs."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | NO_PROXY | {"TZ": "UTC"}


def function_environment(aws: Mapping[str, str], port: int, clock_path: Path) -> dict[str, str]:
    """Everything that the functions read."""
    address = f"127.0.0.1:{port}"
    return {
        **bare_environment(),
        **aws,
        **{name: os.environ[name] for name in (_TABLES_ELSEWHERE,) if name in os.environ},
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_CONFIG_FILE": os.devnull,
        "SVYAZ_STAGE": STAGE,
        "SVYAZ_PUBLIC_BASE_URL": f"http://{address}",
        "SVYAZ_WEBSOCKET_URL": f"ws://{address}{SOCKET_PATH}",
        "SVYAZ_CONNECTIONS_URL": f"http://{address}{CONNECTIONS_PATH}",
        "SVYAZ_TELEGRAM_API_URL": f"http://{address}{TELEGRAM_PATH}",
        "SVYAZ_TELEGRAM_LOGIN_URL": f"http://{address}{TELEGRAM_PATH}",
        "SVYAZ_VK_ID_URL": f"http://{address}{VK_ID_PATH}",
        "SVYAZ_MAIL_FROM": MAIL_FROM,
        "SVYAZ_OPERATOR_MAIL": OPERATOR_MAIL,
        "SVYAZ_CLOCK_FILE": str(clock_path),
    }
