"""What the proof complains of."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from infra.packaging.build import Package
from infra.packaging.errors import PackagingError
from infra.packaging.intrinsics import Resolver
from infra.packaging.proof import proof, samples
from infra.packaging.proof.replay import Outcome, Played
from infra.packaging.proof.samples import Sample
from infra.packaging.proof.world import World
from infra.packaging.template import Template

SAMPLE = Sample("platform/tick__rate.json", "platform_tick", {}, {"status": 200})


def played(*calls: dict[str, Any], answer: Any = None, error: str = "") -> Played:
    """One function's part with one sample."""
    return Played("platform_tick", 1.0, [Outcome(SAMPLE, answer, error, list(calls))])


def write(table: str) -> dict[str, Any]:
    """A call that writes into a table."""
    return {"service": "dynamodb", "operation": "PutItem", "arguments": {"TableName": table}}


@pytest.fixture
def where(dev: Template) -> World:
    """A world that nothing runs in."""
    return World(dev, Resolver(dev, {"MailFrom": "from@a.example", "OperatorMail": "to@b.example"}), {})


def test_a_wrong_answer_is_told() -> None:
    assert list(proof._wrong(played(answer={"statusCode": 500}))) == [
        "events/platform/tick__rate.json: status: 200 expected, 500 found"
    ]
    assert list(proof._wrong(played(answer={"statusCode": 200}))) == []


def test_an_error_is_told() -> None:
    assert list(proof._wrong(played(error="ValueError"))) == ["events/platform/tick__rate.json: ValueError"]


def test_the_log_of_a_function_that_fails_is_told() -> None:
    failed = dataclasses.replace(played(error="ValueError"), log="why")
    assert list(proof._wrong(failed))[-1] == "why"
    assert list(proof._wrong(dataclasses.replace(played(answer={"statusCode": 200}), log="why"))) == []


def test_what_the_role_does_not_allow_is_told(where: World) -> None:
    found = list(proof._forbidden(played(write("svyaz-dev-timers"), write("svyaz-dev-booking")), where, "dev"))
    assert found == [
        "platform_tick may not dynamodb:PutItem on arn:aws:dynamodb:eu-central-1:000000000000:table/svyaz-dev-booking"
    ]


def test_rights_that_nobody_used_are_told(where: World) -> None:
    used = "no sample uses: platform_tick: dynamodb:PutItem on table/svyaz-dev-timers"
    assert used in proof._unused(played(), where, "dev")
    assert used not in proof._unused(played(write("svyaz-dev-timers")), where, "dev")


def test_functions_find_the_settings_of_the_template(where: World) -> None:
    found = where.environment("platform_tick")
    assert (found["SVYAZ_STAGE"], found["SVYAZ_MAIL_FROM"]) == ("dev", "from@a.example")
    assert found["SVYAZ_BUCKET_SUFFIX"] == "000000000000"


def test_another_machine_cannot_prove(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(proof, "HERE", ("Darwin", "arm64"))
    with pytest.raises(PackagingError, match="this is Darwin arm64"):
        proof.prove(Package(tmp_path), "dev")


def test_a_sample_of_no_function_is_refused_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(samples, "read", lambda: [SAMPLE])
    with pytest.raises(PackagingError, match="booking_api"):
        proof.prove(Package(tmp_path), "dev")
