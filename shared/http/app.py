"""A Chalice app around routes, answering in problem+json even where Chalice answers by itself."""

from __future__ import annotations

import json
from typing import Any

from chalice.app import Chalice

from shared.errors import SvyazError
from shared.http.api import CORRELATION_HEADER, Api
from shared.http.problems import MEDIA_TYPE
from shared.ids import new_id

APP_NAME = "svyaz"
REFUSED = 400


class ProblemChalice(Chalice):
    """Chalice whose own refusals (unknown method and the like) are problems too."""

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The proxy answer to a proxy event."""
        answer: dict[str, Any] = super().__call__(event, context)
        if answer["statusCode"] >= REFUSED and MEDIA_TYPE not in str(answer["headers"].get("Content-Type")):
            return {**answer, **_as_problem(answer["statusCode"], answer["headers"])}
        return answer


def http_app(*apis: Api, authorizer: Any = None) -> ProblemChalice:
    """The app that serves these routes alone; `authorizer` is wanted only in the app that is packaged."""
    app = ProblemChalice(APP_NAME, configure_logs=False)
    for api in apis:
        api.bind(app, authorizer)
    return app


def _as_problem(status: int, headers: dict[str, Any]) -> dict[str, Any]:
    titles = {405: ("method-not-allowed", "This address does not take this method.")}
    kind, detail = titles.get(status, ("error", SvyazError.title))
    correlation_id = new_id("cor")
    body = {
        "type": f"/docs#{kind}",
        "title": detail,
        "status": status,
        "detail": detail,
        "correlation_id": correlation_id,
    }
    added = {"Content-Type": MEDIA_TYPE, CORRELATION_HEADER: correlation_id}
    return {"headers": {**headers, **added}, "body": json.dumps(body)}
