"""The local page shows and changes what it says, for its own pages alone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import httpx
import pytest

from infra.local.environment import MAIL_FROM
from tests.infra.local.conftest import Local
from tests.infra.local.test_queues import Sender


@pytest.fixture
def _clock(local: Local, http: httpx.Client) -> Iterator[None]:
    """Puts the clock back afterwards."""
    yield
    http.post("/_local/clock", json={"reset": True})


def test_the_page_and_its_files_are_served_under_a_strict_policy(http: httpx.Client) -> None:
    for name, kind in (("", "text/html"), ("style.css", "text/css"), ("page.js", "text/javascript")):
        answer = http.get(f"/_local/{name}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith(kind)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert http.get("/_local").headers["Location"] == "/_local/"


def test_the_page_has_no_inline_script_and_never_writes_markup() -> None:
    pages = files("infra.local").joinpath("pages")
    html, script = (pages.joinpath(name).read_text("utf-8") for name in ("index.html", "page.js"))
    assert re.findall(r"<script[^>]*>([^<]*)</script>", html) == [""]
    assert not re.search(r"\son\w+=|style=", html)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    pages = files("infra.local").joinpath("pages")
    html, script = (pages.joinpath(name).read_text("utf-8") for name in ("index.html", "page.js"))
    english, russian = (set(re.findall(r"(\w+): \"", part)) for part in script.split("ru: {", 1))
    used = set(re.findall(r'data-word="(\w+)"', html)) | set(re.findall(r"words\.(\w+)", script))
    assert used <= english
    assert english - {"en"} <= russian


def test_queues_and_functions_are_shown(http: httpx.Client) -> None:
    state = http.get("/_local/state").json()
    assert {queue["name"] for queue in state["queues"]} == {"svyaz-local-plain", "svyaz-local-ordered.fifo"}
    assert state["queues"][0].keys() == {"name", "waiting", "handled", "delayed", "dead"}
    assert "sample_http" in state["functions"]


def test_dead_letters_are_shown_and_stay(local: Local, http: httpx.Client) -> None:
    sender = Sender(local)
    sender.send("svyaz-local-plain-dead")

    def bodies() -> list[Any]:
        found = http.get("/_local/dead-letters/svyaz-local-plain").json()["messages"]
        return [one for one in found if sender.mark in one["body"]]

    assert bodies()
    assert bodies()
    assert http.get("/_local/dead-letters/unknown").status_code == 422


def test_sent_mail_is_shown(local: Local, http: httpx.Client) -> None:
    subject = uuid.uuid4().hex
    local.client("ses").send_email(
        Source=MAIL_FROM,
        Destination={"ToAddresses": ["anna@example.org"]},
        Message={"Subject": {"Data": subject}, "Body": {"Text": {"Data": "<b>hello</b>"}}},
    )
    newest = http.get("/_local/mail").json()["mail"][0]
    assert (newest["subject"], newest["to"], newest["text"]) == (subject, ["anna@example.org"], "<b>hello</b>")


@pytest.mark.usefixtures("_clock")
def test_the_clock_moves_for_triggers_and_functions(local: Local, http: httpx.Client) -> None:
    local.until(lambda: local.noted("ticks"))  # the one at the start
    before = len(local.noted("ticks"))
    state = http.post("/_local/clock", json={"advance_s": 7200}).json()
    assert state["clock"]["offset_s"] == 7200
    assert float((local.state_dir / "clock").read_text()) == 7200
    local.until(lambda: len(local.noted("ticks")) == before + 1)


@pytest.mark.parametrize("asked", [{}, {"advance_s": -5}, {"advance_s": "5"}, {"advance_s": True}, {"advance_s": 1e18}])
def test_wrong_moves_of_the_clock_are_refused(http: httpx.Client, asked: dict[str, Any]) -> None:
    assert http.post("/_local/clock", json=asked).status_code == 422
    assert http.get("/_local/state").json()["clock"]["offset_s"] == 0


@pytest.mark.parametrize("body", [b"{", b"[]", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(http: httpx.Client, body: bytes) -> None:
    assert http.post("/_local/clock", content=body, headers={"Content-Type": "application/json"}).status_code == 422


def test_a_fault_lets_the_next_calls_fail(http: httpx.Client) -> None:
    state = http.post("/_local/faults", json={"function": "sample_http", "times": 2}).json()
    assert state["to_fail"] == {"sample_http": 2}
    assert [http.get("/echo").status_code for _ in range(3)] == [502, 502, 200]
    assert http.get("/_local/state").json()["to_fail"] == {}


@pytest.mark.parametrize(
    "asked",
    [{}, {"function": "x", "times": 1}, {"function": [], "times": 1}]
    + [{"function": "sample_http", "times": times} for times in (-1, 1001, 1.5, True, None)],
)
def test_wrong_faults_are_refused(http: httpx.Client, asked: dict[str, Any]) -> None:
    assert http.post("/_local/faults", json=asked).status_code == 422


@pytest.mark.parametrize(
    ("headers", "is_welcome"),
    [
        ({}, True),
        ({"Origin": "{own}"}, True),
        ({"Origin": "{own}", "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://127.0.0.1:1"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
    ],
)
def test_pages_of_others_change_nothing(
    local: Local,
    http: httpx.Client,
    headers: dict[str, str],
    is_welcome: bool,  # noqa: FBT001
) -> None:
    filled = {name: value.format(own=local.base_url) for name, value in headers.items()}
    answer = http.post("/_local/faults", json={"function": "sample_http", "times": 0}, headers=filled)
    assert answer.status_code == (200 if is_welcome else 403)


def test_a_form_of_another_page_is_refused(http: httpx.Client) -> None:
    answer = http.post("/_local/clock", content=b'{"advance_s": 5}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422


def test_nobody_may_read_it_across_origins(http: httpx.Client) -> None:
    answer = http.get("/_local/mail", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_telegram_is_beside_it(http: httpx.Client) -> None:
    assert http.get("/_local/fakes/telegram/").status_code == 200
