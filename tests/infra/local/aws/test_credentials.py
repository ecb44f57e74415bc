"""The key is drawn once, kept privately, and replaced only when it cannot be read."""

import json
import stat
from pathlib import Path

import pytest

from infra.local.aws.credentials import CREDENTIALS, access_key, read_access_key


def test_the_key_stays_the_same(tmp_path: Path) -> None:
    """Every start of the same folder uses it."""
    first = access_key(tmp_path)
    assert access_key(tmp_path) == first == read_access_key(tmp_path)
    assert len(first.secret_access_key) == 40
    assert first.access_key_id.startswith("LOCAL")


def test_keys_differ_between_folders(tmp_path: Path) -> None:
    """Nothing is built in."""
    (tmp_path / "other").mkdir()
    assert access_key(tmp_path) != access_key(tmp_path / "other")


def test_the_file_is_private(tmp_path: Path) -> None:
    """Also when somebody opened it."""
    access_key(tmp_path)
    (tmp_path / CREDENTIALS).chmod(0o644)
    access_key(tmp_path)
    assert stat.S_IMODE((tmp_path / CREDENTIALS).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"{}", b"\xff", json.dumps({"access_key_id": "", "secret_access_key": 1}).encode()]
)
def test_a_damaged_file_is_set_aside(tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """A new key is drawn, and told."""
    (tmp_path / CREDENTIALS).write_bytes(damage)
    key = access_key(tmp_path)
    assert read_access_key(tmp_path) == key
    assert "the key file was damaged" in caplog.text
    assert [path.read_bytes() for path in tmp_path.glob(f"{CREDENTIALS}.damaged-*")] == [damage]
