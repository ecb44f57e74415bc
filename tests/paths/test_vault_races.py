"""Processes that make a data key at the same moment, over real HTTP to the embedded AWS."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local.aws.process import EmbeddedAws
from infra.resources import table_schema
from shared.clock import now
from shared.data_keys import DataKeyItem
from shared.sealing import key_id_of
from tests.support import environment

pytestmark = pytest.mark.xdist_group("embedded")
PROCESSES = 6
PATIENCE_S = 30
SEAL = """
import sys, time
from pathlib import Path
from shared import aws, vault
aws.client("kms"), aws.client("dynamodb")
go, mine, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
mine.touch()
while not go.exists():
    time.sleep(0.001)
print(vault.encrypt(name, "accounts|usr_1|email"))
"""
OPEN = """
import sys
from shared import vault
print(*[vault.decrypt(sealed, "accounts|usr_1|email") for sealed in sys.argv[1:]])
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of processes in an AWS that has a table and a KMS key, and no data key."""
    with EmbeddedAws.start(tmp_path / "aws") as aws:
        yield _furnished(aws)


def _furnished(aws: EmbeddedAws) -> dict[str, str]:
    found = _environment(aws)
    made = _client(found, "kms").create_key()["KeyMetadata"]["KeyId"]
    _client(found, "kms").create_alias(AliasName="alias/svyaz-test", TargetKeyId=made)
    schema = table_schema(DataKeyItem)
    _client(found, "dynamodb").create_table(TableName="svyaz-test-vault", BillingMode="PAY_PER_REQUEST", **schema)
    return found


def _environment(aws: EmbeddedAws) -> dict[str, str]:
    return {**os.environ, **environment.VALUES, **aws.environment()}


def _client(world: dict[str, str], service: str) -> Any:
    session: Any = boto3.session.Session(
        world["AWS_ACCESS_KEY_ID"], world["AWS_SECRET_ACCESS_KEY"], region_name=world["AWS_REGION"]
    )
    return session.client(service, endpoint_url=world["AWS_ENDPOINT_URL"])


def _race(world: dict[str, str], folder: Path) -> list[str]:
    """What each process has sealed, all of them at the same moment."""
    folder.mkdir()
    ready = [folder / f"ready{number}" for number in range(PROCESSES)]
    command = [sys.executable, "-c", SEAL, str(folder / "go")]
    children = [
        subprocess.Popen([*command, str(mine), mine.name], env=world, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for mine in ready
    ]
    deadline = time.monotonic() + PATIENCE_S
    while not all(mine.exists() for mine in ready) and time.monotonic() < deadline:
        assert {child.poll() for child in children} == {None}
        time.sleep(0.01)
    (folder / "go").touch()
    return [child.communicate(timeout=PATIENCE_S)[0].strip() for child in children]


def _opened(world: dict[str, str], sealed: list[str]) -> list[str]:
    command = [sys.executable, "-c", OPEN, *sealed]
    run = subprocess.run(command, env=world, capture_output=True, text=True, check=True)  # noqa: S603
    return run.stdout.split()


def _stored(world: dict[str, str]) -> set[str]:
    rows = _client(world, "dynamodb").scan(TableName="svyaz-test-vault")["Items"]
    return {row["pk"]["S"].removeprefix("datakey#") for row in rows} - {"current"}


def _grown_old(world: dict[str, str]) -> None:
    _client(world, "dynamodb").update_item(
        TableName="svyaz-test-vault",
        Key={"pk": {"S": "datakey#current"}, "sk": {"S": "datakey"}},
        UpdateExpression="SET created_at = :long_ago",
        ExpressionAttributeValues={":long_ago": {"S": (now() - timedelta(days=31)).isoformat()}},
    )


@pytest.mark.deep
def test_all_agree_on_one_first_key_and_on_one_next_key(world: dict[str, str], tmp_path: Path) -> None:
    """PLAT-21, PLAT-22: and what was sealed before stays readable."""
    names = [f"ready{number}" for number in range(PROCESSES)]
    first = _race(world, tmp_path / "first")
    [first_key] = {key_id_of(sealed) for sealed in first}
    assert _stored(world) == {first_key}
    _grown_old(world)
    second = _race(world, tmp_path / "second")
    [second_key] = {key_id_of(sealed) for sealed in second}
    assert _stored(world) == {first_key, second_key}
    assert second_key != first_key
    assert _opened(world, [*first, *second]) == [*names, *names]


def test_what_is_sealed_is_readable_after_the_next_start(tmp_path: Path) -> None:
    """PLAT-1: KMS keys outlive the embedded AWS, or all personal data of a developer's machine were lost."""
    (tmp_path / "go").touch()
    with EmbeddedAws.start(tmp_path / "aws") as aws:
        command = [sys.executable, "-c", SEAL, str(tmp_path / "go"), str(tmp_path / "ready"), "kept"]
        run = subprocess.run(command, env=_furnished(aws), capture_output=True, text=True, check=True)  # noqa: S603
    with EmbeddedAws.start(tmp_path / "aws") as again:
        assert _opened(_environment(again), [run.stdout.strip()]) == ["kept"]
