"""Saving goes on when the disk refuses."""

import asyncio
import errno
from collections.abc import Collection, Mapping
from typing import Any, cast

import pytest

from infra.local.aws.saving import PERIOD_S, Saver
from infra.local.aws.seams import UnwrittenObjects
from infra.local.aws.snapshots import Content, Snapshots
from infra.local.aws.state import AwsState, Taken


class State:
    """A state that counts how often it was put back."""

    def __init__(self) -> None:
        self.parts: dict[str, Content] = {"sqs": b"1"}

    def take(self) -> Taken:
        """What waits to be saved."""
        parts, self.parts = self.parts, {}
        return Taken(parts)

    def hurry(self) -> None:
        """There is nothing to hurry in this test."""

    def put_back(self, taken: Taken) -> None:
        """What was not saved waits again."""
        self.parts |= taken.parts


class Disk:
    """A snapshot folder on a disk that may be full."""

    def __init__(self) -> None:
        self.is_full = True
        self.saved: dict[str, Content] = {}

    def save(self, changed: Mapping[str, Content], _gone: Collection[str]) -> None:
        """Saves, if there is room."""
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.saved.update(changed)


class Objects:
    """S3 objects, some of them only in memory."""

    def __init__(self) -> None:
        self.unwritten = 0

    def __len__(self) -> int:
        return self.unwritten

    def write_again(self) -> None:
        """Nothing to do in this test."""


def saver(state: State, disk: Disk, objects: Objects, period_s: float = PERIOD_S) -> Saver:
    """The saver under test."""
    return Saver(cast("AwsState", state), cast("Snapshots", disk), cast("UnwrittenObjects", objects), period_s)


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged."""
    return [record.getMessage() for record in caplog.records if record.name == "infra.local.aws.saving"]


def test_a_full_disk_is_told_once_and_nothing_is_forgotten(caplog: pytest.LogCaptureFixture) -> None:
    """Simulated by a snapshot folder whose save raises ENOSPC."""
    state, disk = State(), Disk()
    tested = saver(state, disk, Objects())
    assert [asyncio.run(tested.save()) for _ in range(3)] == [False, False, False]
    assert [line[:28] for line in messages(caplog)] == ["the state cannot be saved an"]
    disk.is_full = False
    assert asyncio.run(tested.save())
    assert disk.saved == {"sqs": b"1"}
    assert messages(caplog)[1:] == ["the state is saved again"]


def test_objects_that_are_only_in_memory_are_told(caplog: pytest.LogCaptureFixture) -> None:
    """Their bytes would be lost with the process."""
    disk, objects = Disk(), Objects()
    disk.is_full, objects.unwritten = False, 2
    tested = saver(State(), disk, objects)
    assert not asyncio.run(tested.save())
    assert "2 S3 objects are only in memory" in messages(caplog)[0]
    objects.unwritten = 0
    assert asyncio.run(tested.save())


def test_the_end_is_tried_more_than_once() -> None:
    """And says whether it succeeded."""
    state, disk = State(), Disk()
    tested = saver(state, disk, Objects())
    assert not asyncio.run(tested.finish())
    disk.is_full = False
    assert asyncio.run(tested.finish())
    assert disk.saved == {"sqs": b"1"}


def test_saves_again_and_again() -> None:
    """A crash loses less than five seconds."""
    assert PERIOD_S <= 3
    state, disk = State(), Disk()
    disk.is_full = False

    async def scenario() -> dict[str, Any]:
        running = asyncio.create_task(saver(state, disk, Objects(), 0.01).run())
        await asyncio.sleep(0.1)
        state.parts = {"kms": b"2"}
        await asyncio.sleep(0.1)
        running.cancel()
        return disk.saved

    assert asyncio.run(scenario()) == {"sqs": b"1", "kms": b"2"}
