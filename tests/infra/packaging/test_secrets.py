"""The secrets of a stage, on moto."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from functions.accounts.tokens import keyring
from infra import deploy_secrets
from infra.packaging.secrets import EDGE, create_missing
from infra.resources import SECRETS

REGION = "eu-central-1"


@pytest.fixture
def ssm(account: str) -> Any:
    """SSM of an empty account."""
    return boto3.client("ssm", region_name=REGION)


def value(ssm: Any, name: str) -> str:
    """A secret's value."""
    return str(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])


def test_missing_ones_are_made_encrypted_and_unlike(ssm: Any) -> None:
    made = create_missing(ssm, "dev")
    assert set(made) == {f"/svyaz/dev/{name}" for name in (*SECRETS, EDGE, keyring.PRIVATE, keyring.PUBLIC)}
    kinds = {ssm.get_parameter(Name=name)["Parameter"]["Type"] for name in made}
    values = {value(ssm, name) for name in made}
    assert (kinds, len(values)) == ({"SecureString"}, len(made))
    assert min(map(len, values)) >= 43


def test_those_that_stand_are_left_alone(ssm: Any) -> None:
    [first, *_] = create_missing(ssm, "dev")
    before = value(ssm, first)
    assert create_missing(ssm, "dev") == []
    assert value(ssm, first) == before


def test_stages_have_their_own(ssm: Any) -> None:
    assert not set(create_missing(ssm, "dev")) & set(create_missing(ssm, "prod"))


def test_a_region_that_is_missing_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    assert deploy_secrets.main(["--stage", "dev"]) == 1
    assert "region" in capsys.readouterr().err


def test_the_command_tells_names_and_no_values(ssm: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy_secrets.main(["--stage", "dev", "--region", REGION]) == 0
    told = capsys.readouterr().out
    assert "made /svyaz/dev/keys/lookup" in told
    assert value(ssm, "/svyaz/dev/keys/lookup") not in told
