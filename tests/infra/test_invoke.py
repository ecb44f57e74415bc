"""A sample's name says its function."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import invoke
from infra.invoke import UnknownSample, function_name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("events/booking/inbound__text.json", "booking_inbound"),
        ("events/messengers/send_telegram__edit__old.json", "messengers_send_telegram"),
        ("events/platform/socket__connect.json", "platform_socket"),
    ],
)
def test_the_function_of_a_sample(path: str, name: str) -> None:
    assert function_name(Path(path)) == name


@pytest.mark.parametrize(
    "path", ["events/booking/inbound.json", "events/booking/__text.json", "events/booking/api__.json", "a/b__c.txt"]
)
def test_other_files_are_no_samples(path: str) -> None:
    with pytest.raises(UnknownSample):
        function_name(Path(path))


def test_nothing_is_started_for_what_is_no_sample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state_dir = tmp_path / "state"
    assert invoke.main(["--state-dir", str(state_dir), "README.md"]) == 1
    assert "a sample is named" in capsys.readouterr().err
    assert not state_dir.exists()
