"""Health of the deployment over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from functions.platform import health
from shared.errors import ProviderUnavailable
from shared.http.api import Api
from shared.http.app import http_app
from shared.http.requests import Request

api = Api("platform")


class Health(BaseModel):
    """That the deployment can do its work."""

    status: Literal["ok"]
    stage: Annotated[str, Field(examples=["prod"])]


@api.get(
    "/health",
    "Whether the database, the queues and the secrets can be reached",
    answer=Health,
    errors=(ProviderUnavailable,),
)
def read_health(_request: Request[None, None]) -> Health:
    """The health of the deployment.

    Raises: ProviderUnavailable naming the part that fails.
    """
    return Health(status="ok", stage=health.check())


app = http_app(api)
