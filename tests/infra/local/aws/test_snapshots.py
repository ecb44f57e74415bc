"""Snapshots survive crashes at any moment, damage and full disks."""

import errno
import itertools
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local.aws.snapshots import Snapshots

LIST = "snapshot.json"


def contents(folder: Path) -> dict[str, bytes | None]:
    """What a server that starts now would find."""
    snapshots = Snapshots(folder)
    return {name: snapshots.read(name) for name in snapshots.names()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two generations: a was changed, b was not, c came later."""
    folder = tmp_path / "snapshots"
    snapshots = Snapshots(folder)
    snapshots.save({"a": b"a1", "b": [b"b", b"1"]})
    snapshots.save({"a": b"a2", "c": b"c1"})
    return folder


def part(folder: Path, content: bytes) -> Path:
    """The file with that content."""
    return next(path for path in folder.glob("*.part") if path.read_bytes() == content)


def test_finds_the_last_saved_parts(folder: Path) -> None:
    """Parts may come in pieces."""
    assert contents(folder) == {"a": b"a2", "b": b"b1", "c": b"c1"}


def test_an_empty_folder_is_an_empty_snapshot(tmp_path: Path) -> None:
    """The first start."""
    assert contents(tmp_path / "new") == {}


def test_a_rejected_part_gives_way_to_its_version_before(folder: Path) -> None:
    """Whole, but of a kind that its reader does not know."""
    snapshots = Snapshots(folder)
    snapshots.reject("a")
    assert snapshots.read("a") == b"a1"
    snapshots.reject("a")
    assert snapshots.read("a") is None
    assert sorted(path.read_bytes() for path in folder.glob("*.damaged-*")) == [b"a1", b"a2"]
    snapshots.save({"a": b"a3"})
    assert contents(folder) == {"a": b"a3", "b": b"b1", "c": b"c1"}


def test_gone_parts_are_gone(folder: Path) -> None:
    """A deleted table does not come back."""
    Snapshots(folder).save({}, {"b"})
    assert contents(folder) == {"a": b"a2", "c": b"c1"}


def test_unneeded_files_are_removed(folder: Path) -> None:
    """At most two versions of a part, and what the list before names, stay."""
    snapshots = Snapshots(folder)
    for number in range(20):
        snapshots.save({"a": f"a{number}".encode()})
    assert len(list(folder.iterdir())) <= 8


def test_nothing_is_written_when_nothing_changed(folder: Path) -> None:
    """An idle machine's disk sleeps."""
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    Snapshots(folder).save({"a": b"a2"})
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


@pytest.mark.parametrize("damage", [b"", b"a", b"\xff\xfe", b"a2 and more"])
def test_a_damaged_part_gives_way_to_its_version_before(
    folder: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Half-written by a failing disk, or edited."""
    part(folder, b"a2").write_bytes(damage)
    assert contents(folder) == {"a": b"a1", "b": b"b1", "c": b"c1"}
    assert "a was damaged; it is kept as" in caplog.text
    assert [path.read_bytes() for path in folder.glob("*.damaged-*")] == [damage]


def test_a_part_without_a_version_before_starts_empty(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The other parts are unharmed."""
    part(folder, b"c1").write_bytes(b"")
    part(folder, b"b1").unlink()
    assert contents(folder) == {"a": b"a2", "b": None, "c": None}
    assert "nothing readable is left of b" in caplog.text


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"\xff", b'{"format": 2, "parts": {}}', b'{"format": 1, "parts": 1}']
)
def test_a_damaged_list_gives_way_to_the_one_before(
    folder: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """One generation is kept."""
    (folder / LIST).write_bytes(damage)
    assert contents(folder) == {"a": b"a1", "b": b"b1"}
    assert f"{LIST} was damaged" in caplog.text
    assert any(path.read_bytes() == damage for path in folder.glob("snapshot.json.damaged-*"))


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd"])
def test_a_list_names_only_its_own_files(folder: Path, path: str) -> None:
    """An edited list does not read elsewhere."""
    (folder / LIST).write_text(f'{{"format": 1, "parts": {{"a": ["{path}"]}}}}')
    assert contents(folder) == {"a": b"a1", "b": b"b1"}


def test_with_both_lists_damaged_it_starts_empty(folder: Path) -> None:
    """And goes on from there."""
    for path in folder.glob("*.json"):
        path.write_bytes(b"{")
    assert contents(folder) == {}
    Snapshots(folder).save({"a": b"new"})
    assert contents(folder) == {"a": b"new"}


class DiskFullError(OSError):
    """What a full disk says."""

    def __init__(self) -> None:
        super().__init__(errno.ENOSPC, "No space left on device")


def full_from(call: int, original: Callable[..., object]) -> Callable[..., object]:
    """The original function, until the disk is full."""
    counter = itertools.count()

    def function(*arguments: object, **named: object) -> object:
        if next(counter) >= call:
            raise DiskFullError
        return original(*arguments, **named)

    return function


@pytest.mark.parametrize("call", range(5))
@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_snapshot_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, call: int
) -> None:
    """Simulated by os.fsync or os.replace failing from the n-th call on; later the save succeeds."""
    owner = {"fsync": os, "replace": Path}[name]
    snapshots = Snapshots(folder)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full_from(call, getattr(owner, name)))
        try:
            snapshots.save({"a": b"a3", "b": b"b3"})
        except DiskFullError:
            expected = {"a": b"a2", "b": b"b1", "c": b"c1"}
        else:
            expected = {"a": b"a3", "b": b"b3", "c": b"c1"}
    assert contents(folder) == expected
    assert not list(folder.glob("*.new"))
    snapshots.save({"a": b"a3", "b": b"b3"})
    assert contents(folder) == {"a": b"a3", "b": b"b3", "c": b"c1"}


def test_a_crash_at_any_step_leaves_a_whole_snapshot(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated by stopping at the n-th rename, without any cleaning up after it."""

    class Crash(BaseException):
        """The process is no more."""

    original = Path.replace
    for step in itertools.count():
        counter = itertools.count()

        def replace(path: Path, target: Path, limit: int = step, calls: Iterator[int] = counter) -> Path:
            if next(calls) >= limit:
                raise Crash
            return original(path, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace)
            try:
                Snapshots(folder).save({"a": f"a-{step}".encode(), "b": f"b-{step}".encode()})
            except Crash:
                found = contents(folder)
                assert (found["a"], found["b"]) in {(b"a2", b"b1"), (f"a-{step}".encode(), f"b-{step}".encode())}
            else:
                break
    assert step > 3


def test_reading_says_nothing_when_all_is_well(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A message means trouble."""
    with caplog.at_level(logging.INFO):
        contents(folder)
    assert not caplog.records
