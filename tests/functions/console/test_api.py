"""The console's routes, asked as API Gateway asks them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from functions.console.api import app


def ask(path: str, resource: str | None = None, **parameters: str) -> dict[str, Any]:
    """The proxy answer to a GET."""
    event = {
        "httpMethod": "GET",
        "path": path,
        "headers": {"host": "127.0.0.1:8000"},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
        "requestContext": {
            "httpMethod": "GET",
            "resourcePath": resource or path,
            "identity": {"sourceIp": "192.0.2.1"},
        },
    }
    answer: dict[str, Any] = app(event, None)
    return answer


@pytest.mark.parametrize(
    ("path", "content_type", "words"),
    [
        ("/", "text/html; charset=utf-8", "/assets/console/home.js"),
        ("/docs", "text/html; charset=utf-8", "/assets/console/docs.js"),
        ("/openapi.json", "application/json", '"openapi": "3.1.0"'),
    ],
)
def test_pages(path: str, content_type: str, words: str) -> None:
    """PLAT-12: the document and the page to read it."""
    answer = ask(path)
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, content_type)
    assert words in answer["body"]
    assert "default-src 'none'" in answer["headers"]["Content-Security-Policy"]
    assert answer["headers"]["X-Correlation-Id"].startswith("cor_")


@pytest.mark.parametrize(("system", "file"), [("shared", "base.css"), ("shared", "icon.svg"), ("console", "docs.js")])
def test_assets(system: str, file: str) -> None:
    answer = ask(f"/assets/{system}/{file}", f"/assets/{system}/{{file}}", file=file)
    assert answer["statusCode"] == 200
    assert answer["body"].startswith(("/*", "//", "<svg"))


@pytest.mark.parametrize("file", ["../api.py", "api.py", "none.css", ""])
def test_what_is_no_page_is_not_found(file: str) -> None:
    answer = ask(f"/assets/console/{file}", "/assets/console/{file}", file=file)
    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["type"] == "/docs#not-found"


def test_pages_need_no_libraries_of_models_tables_or_aws() -> None:
    code = "import functions.console.api, sys; print({'botocore', 'pydantic', 'pynamodb'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout == "set()\n"
