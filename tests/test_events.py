"""Every sample in `events/` is handled as its `expected.json` says."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.packaging.proof.peers import peers
from infra.packaging.proof.seed import seed
from infra.packaging.proof.world import BASE_URL, MOMENT
from infra.triggers import functions
from shared.settings import settings
from tests.support.events import expected, names, sample
from tests.support.moto_aws import waiting
from tests.support.stored import begin_with

HANDLERS = {function.name: function.handler for function in functions()}


def _handler(name: str) -> Any:
    system, case = name.removesuffix(".json").split("/")
    module, attribute = HANDLERS[f"{system}_{case.split('__')[0]}"].rsplit(".", 1)
    return getattr(importlib.import_module(module), attribute)


@pytest.fixture
def moment(aws: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The moment and the data that the samples speak of, and the other end of their WebSockets."""
    clock = tmp_path / "clock"
    clock.write_text(str((MOMENT - datetime.now(UTC)).total_seconds()), encoding="ascii")
    monkeypatch.setenv("SVYAZ_CLOCK_FILE", str(clock))
    monkeypatch.setenv("SVYAZ_PUBLIC_BASE_URL", BASE_URL)
    with peers() as address:
        monkeypatch.setenv("SVYAZ_CONNECTIONS_URL", f"{address}/connections")
        settings.cache_clear()
        begin_with(seed)
        yield
    settings.cache_clear()


@pytest.mark.parametrize("name", [name for name in names() if "send_telegram" not in name])
def test_the_sample_is_answered_as_expected(name: str, moment: None) -> None:
    """PLAT-10: each kind of trigger, with what AWS really sends; `send_telegram` has its own test with a Telegram."""
    wanted = expected()[name]
    if "error" in wanted:
        with pytest.raises(Exception, match=f"^{wanted['error']}$"):
            _handler(name)(sample(name), None)
        return
    answer = _handler(name)(sample(name), None)
    if "status" in wanted:
        assert answer["statusCode"] == wanted["status"]
    if "failures" in wanted:
        assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == wanted["failures"]
    if "principal" in wanted:
        assert answer["principalId"] == wanted["principal"]


def test_every_sample_has_its_expectation_and_every_function_a_sample() -> None:
    assert sorted(expected()) == names()
    sampled = {f"{name.split('/')[0]}_{name.split('/')[1].split('__')[0]}" for name in names()}
    unused = set(HANDLERS) - {name.removesuffix(".json") for name in sampled}
    assert unused == set()


def test_poison_lies_in_the_dead_letter_queue(aws: None) -> None:
    """PLAT-11."""
    _handler("booking/inbound__poison.json")(sample("booking/inbound__poison.json"), None)
    assert waiting("inbound-booking-dead.fifo") == ["this is no envelope"]
