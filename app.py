"""The table of contents: every trigger of every system.

Chalice packages from here. On Lambda each function loads its own system alone (see `infra/triggers.py`).
"""

from __future__ import annotations

from typing import Any

from functions.accounts.api import APIS as ACCOUNTS_APIS
from functions.accounts.authorizer import authorize, authorizers
from functions.accounts.jobs import jobs as accounts_jobs
from functions.booking.api import api as booking_api
from functions.booking.jobs import jobs as booking_jobs
from functions.console.api import api as console_api
from functions.messengers.api import api as messengers_api
from functions.messengers.jobs import jobs as messengers_jobs
from functions.platform import socket
from functions.platform.api import api as platform_api
from functions.platform.jobs import jobs as platform_jobs
from shared.http.app import http_app

APIS = (platform_api, console_api, messengers_api, booking_api, *ACCOUNTS_APIS)

app = http_app(*APIS, authorizer=authorize)
app.experimental_feature_flags.update(["WEBSOCKETS", "BLUEPRINTS"])
for blueprint in (authorizers, platform_jobs, accounts_jobs, messengers_jobs, booking_jobs):
    app.register_blueprint(blueprint)


@app.on_ws_connect(name="platform_socket_connect")
def socket_connect(event: Any) -> dict[str, int]:
    """A connection opens."""
    return socket.handle(event.to_dict(), None)


@app.on_ws_message(name="platform_socket_message")
def socket_message(event: Any) -> dict[str, int]:
    """A frame arrives."""
    return socket.handle(event.to_dict(), None)


@app.on_ws_disconnect(name="platform_socket_disconnect")
def socket_disconnect(event: Any) -> dict[str, int]:
    """A connection closes."""
    return socket.handle(event.to_dict(), None)
