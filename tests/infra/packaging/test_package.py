"""The command that packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra import package
from infra.packaging import prove
from infra.packaging.build import Package
from infra.packaging.errors import PackagingError


def refuse(*_arguments: Any) -> Any:
    """Finds a fault."""
    raise PackagingError("too large: zip: 46 MB of 45")


def test_a_refused_package_is_told_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(package, "build", refuse)
    assert package.main(["--stage", "prod", "--out", str(tmp_path)]) == 1
    assert "No package: too large: zip: 46 MB of 45" in capsys.readouterr().err


def test_a_package_that_does_not_work_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "deployment.zip").write_bytes(b"zip")
    monkeypatch.setattr(package, "build", lambda *_: Package(tmp_path))
    monkeypatch.setattr(package, "prove", refuse)
    monkeypatch.setattr(prove, "prove", refuse)
    assert package.main(["--out", str(tmp_path)]) == 1
    assert prove.main(["--out", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "No package" in told.err
    assert "Not proved" in told.err


def test_a_package_that_works_is_told_with_its_digest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "deployment.zip").write_bytes(b"zip")
    monkeypatch.setattr(package, "build", lambda *_: Package(tmp_path))
    monkeypatch.setattr(package, "prove", lambda *_: ["44 samples answered"])
    assert package.main(["--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert Package(tmp_path).digest() in told
    assert "44 samples answered" in told


def test_only_known_stages_are_packaged() -> None:
    with pytest.raises(SystemExit):
        package.main(["--stage", "local"])
