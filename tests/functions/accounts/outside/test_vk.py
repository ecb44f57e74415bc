"""Logins by VK ID, said to a VK ID on loopback."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from functions.accounts.models import IdentityKind
from functions.accounts.outside import vk, vk_api
from functions.accounts.outside.state import PURPOSE
from shared.errors import NotFound, ProviderRejected, ProviderThrottled, ProviderUnavailable, Unauthorized
from shared.keys import seal, unseal
from tests.functions.accounts.outside.conftest import CALLBACK
from tests.support.clock import Clock
from tests.support.vkid import NINO, LoopbackVkId, declined, picked


def test_a_person_who_allows_it_is_known(vkid: LoopbackVkId) -> None:
    """PLAT-30: login by VK ID."""
    url, sealed = vk.begin(CALLBACK)
    person, state = vk.finish(picked(url), sealed)
    assert (person.kind, person.subject, person.name) == (IdentityKind.VK, "870000001", "Ольга Смирнова")
    assert person.email == "olga@example.org"
    assert (state.user_id, state.session_id) == ("", "")


def test_a_person_may_have_no_email(vkid: LoopbackVkId) -> None:
    url, sealed = vk.begin(CALLBACK)
    person, _ = vk.finish(picked(url, NINO.user_id), sealed)
    assert (person.name, person.email) == ("Nino Beridze", None)


def test_the_address_is_in_vk_ids_own_form(vkid: LoopbackVkId) -> None:
    url, sealed = vk.begin(CALLBACK)
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    kept = unseal(PURPOSE, sealed)
    assert url.startswith(f"{vkid.base_url}/authorize?")
    assert query["response_type"] == "code"
    assert query["redirect_uri"] == CALLBACK
    assert query["state"] == kept["value"]
    assert len(query["state"]) >= 32
    digest = hashlib.sha256(kept["verifier"].encode()).digest()
    assert query["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert query["code_challenge_method"] == "s256"
    assert kept["verifier"] not in url


def test_a_state_remembers_who_connects(vkid: LoopbackVkId) -> None:
    url, sealed = vk.begin(CALLBACK, user_id="usr_1", session_id="ses_1")
    _, state = vk.finish(picked(url), sealed)
    assert (state.user_id, state.session_id, state.redirect_uri) == ("usr_1", "ses_1", CALLBACK)


def test_another_browsers_return_is_refused(vkid: LoopbackVkId) -> None:
    """Whoever is led here with a stranger's code has no state of it."""
    url, _ = vk.begin(CALLBACK)
    _, other = vk.begin(CALLBACK)
    for sealed in (other, "", "x" * 5000, "\ud800", seal("accounts.challenge", {"u": "usr_1"})):
        with pytest.raises(Unauthorized, match="another browser"):
            vk.finish(picked(url), sealed)


def test_a_return_is_good_once(vkid: LoopbackVkId) -> None:
    url, sealed = vk.begin(CALLBACK)
    brought = picked(url)
    vk.finish(brought, sealed)
    for query in (brought, picked(url)):
        with pytest.raises(Unauthorized):
            vk.finish(query, sealed)


def test_a_return_after_ten_minutes_is_too_late(vkid: LoopbackVkId, clock: Clock) -> None:
    url, sealed = vk.begin(CALLBACK)
    clock.forward(601)
    with pytest.raises(Unauthorized, match="too old"):
        vk.finish(picked(url), sealed)


def test_a_code_of_another_verifier_is_refused(vkid: LoopbackVkId) -> None:
    """PKCE: a code that was stolen from another login opens nothing."""
    stolen = picked(vk.begin(CALLBACK)[0])
    url, sealed = vk.begin(CALLBACK)
    with pytest.raises(Unauthorized, match="did not confirm"):
        vk.finish({**stolen, "state": picked(url)["state"]}, sealed)


def test_a_used_code_is_refused(vkid: LoopbackVkId) -> None:
    url, sealed = vk.begin(CALLBACK)
    brought = picked(url)
    vk.finish(brought, sealed)
    other, sealed = vk.begin(CALLBACK)
    with pytest.raises(Unauthorized, match="did not confirm"):
        vk.finish({**picked(other), "code": brought["code"]}, sealed)


def test_an_old_code_is_refused(vkid: LoopbackVkId, clock: Clock) -> None:
    first = picked(vk.begin(CALLBACK)[0])
    clock.forward(600)
    url, sealed = vk.begin(CALLBACK)
    with pytest.raises(Unauthorized, match="did not confirm"):
        vk.finish({**first, "state": picked(url)["state"]}, sealed)


def test_whoever_declines_is_not_let_in(vkid: LoopbackVkId) -> None:
    url, sealed = vk.begin(CALLBACK)
    with pytest.raises(Unauthorized):
        vk.finish(declined(url), sealed)


@pytest.mark.parametrize("change", [{"code": ""}, {"code": "x y"}, {"device_id": ""}, {"device_id": "a&b"}])
def test_what_is_no_answer_of_vk_id_goes_no_further(vkid: LoopbackVkId, change: dict[str, str]) -> None:
    url, sealed = vk.begin(CALLBACK)
    vkid.server.trouble = web.Response(status=500)
    with pytest.raises(Unauthorized):
        vk.finish({**picked(url), **change}, sealed)


def _troubles() -> list[tuple[Callable[[], web.Response], type[Exception]]]:
    def told(error: str, status: int = 400) -> Callable[[], web.Response]:
        return lambda: web.json_response({"error": error}, status=status)

    return [
        (lambda: web.Response(status=500, text="<h1>Internal Server Error</h1>"), ProviderUnavailable),
        (lambda: web.Response(status=429), ProviderThrottled),
        (lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}), ProviderRejected),
        (lambda: web.Response(text="[" * 20_000), ProviderRejected),
        (lambda: web.Response(text="{}"), ProviderRejected),
        (lambda: web.Response(text="[]"), ProviderRejected),
        (lambda: web.Response(body=b"\xff\xfe"), ProviderRejected),
        (lambda: web.Response(body=b" " * 70_000), ProviderRejected),
        (lambda: web.json_response({"access_token": "x", "state": "of another login"}), ProviderRejected),
        (told("slow_down"), ProviderThrottled),
        (told("temporarily_unavailable", 503), ProviderUnavailable),
        (told("server_error", 200), ProviderUnavailable),
        (told("invalid_client"), ProviderRejected),
        (told("something new"), ProviderRejected),
        (told("invalid_request", 200), Unauthorized),
    ]


@pytest.mark.parametrize(("trouble", "error"), _troubles())
def test_trouble_of_vk_id_is_told_in_our_words(
    vkid: LoopbackVkId, trouble: Callable[[], web.Response], error: type[Exception]
) -> None:
    url, sealed = vk.begin(CALLBACK)
    brought = picked(url)
    vkid.server.trouble = trouble()
    with pytest.raises(error):
        vk.finish(brought, sealed)


def test_a_vk_id_that_is_not_there_is_unavailable(vkid: LoopbackVkId, monkeypatch: pytest.MonkeyPatch) -> None:
    url, sealed = vk.begin(CALLBACK)
    brought = picked(url)
    monkeypatch.setattr(vk_api, "address", lambda path: "http://127.0.0.1:1" + path)
    with pytest.raises(ProviderUnavailable):
        vk.finish(brought, sealed)


def test_an_answer_that_never_ends_is_not_read() -> None:
    with pytest.raises(ProviderRejected):
        vk_api._bounded(b" " * 1024 for _ in itertools.count())


def test_a_vk_id_that_drips_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vk_api, "TIMEOUT_S", -1.0)
    with pytest.raises(ProviderUnavailable):
        vk_api._bounded(iter([b"{", b"}"]))


@pytest.mark.parametrize(
    "user", [None, "x", {}, {"user_id": ""}, {"user_id": "1/2"}, {"user_id": "٣"}, {"user_id": "9" * 40}]
)
def test_a_profile_without_a_number_is_nobodys(monkeypatch: pytest.MonkeyPatch, user: Any) -> None:
    def sent(_url: str, _form: Mapping[str, str]) -> tuple[int, bytes]:
        return 200, json.dumps({"user": user}).encode()

    monkeypatch.setattr(vk_api, "_sent", sent)
    monkeypatch.setattr(vk_api, "address", lambda path: path)
    with pytest.raises(ProviderRejected):
        vk_api.person("token", "51000001")


def test_a_nameless_profile_gets_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    user = {"user_id": 5, "first_name": None, "last_name": ["x"], "email": 7}
    monkeypatch.setattr(vk_api, "_sent", lambda *_: (200, json.dumps({"user": user}).encode()))
    monkeypatch.setattr(vk_api, "address", lambda path: path)
    person = vk_api.person("token", "51000001")
    assert (person.subject, person.name, person.email) == ("5", "VK 5", None)


def test_where_no_application_is_set_up_nobody_signs_in_by_it(aws: None) -> None:
    assert not vk.is_set_up()
    with pytest.raises(NotFound):
        vk.begin(CALLBACK)


def test_where_one_is_set_up_people_may(vkid: LoopbackVkId) -> None:
    assert vk.is_set_up()
