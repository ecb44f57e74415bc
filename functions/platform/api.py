"""Health of the deployment over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from functions.platform import health
from shared.errors import ProviderUnavailable
from shared.http.api import Api
from shared.http.app import http_app
from shared.http.requests import Request
from shared.rights import PUBLIC
from shared.settings import Stage

api = Api("platform")


@dataclass(frozen=True)
class Health:
    """That the deployment can do its work."""

    status: Literal["ok"]
    stage: Stage


@api.get(
    "/health",
    "Whether the database, the queues and the secrets can be reached",
    access=PUBLIC,
    answer=Health,
    errors=(ProviderUnavailable,),
)
def read_health(_request: Request[None, None]) -> Health:
    """The health of the deployment.

    Raises: ProviderUnavailable naming the part that fails.
    """
    return Health(status="ok", stage=health.check())


app = http_app(api)
