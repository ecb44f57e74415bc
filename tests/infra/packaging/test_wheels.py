"""Dependencies: which wheels Lambda can load, and what is kept of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from chalice.deploy.packager import Package
from chalice.utils import OSUtils

from infra.packaging.errors import PackagingError
from infra.packaging.wheels import LambdaWheels

ABI = "cp311"
NAME = "botocore-1.0-py3-none-any.whl"
CONTENT = {
    "botocore/__init__.py": "VERSION = 1\n",
    "botocore/data/endpoints.json": "{}",
    "botocore/data/dynamodb/service-2.json": "{}",
    "botocore/data/ec2/service-2.json": "{}",
    "boto3/data/s3/resources-1.json": "{}",
    "boto3/data/glacier/resources-1.json": "{}",
}


class FakeDownloads(LambdaWheels):
    """Finds one wheel, and says that others are missing."""

    def __init__(self, cache: Path, missing: set[Any] | None = None) -> None:
        super().__init__(OSUtils(), cache)
        self.missing = missing or set()
        self.downloads = 0

    def _download_dependencies(self, abi: str, directory: str, requirements_filename: str) -> Any:  # noqa: ARG002
        self.downloads += 1
        with ZipFile(Path(directory, NAME), "w") as wheel:
            for name, text in CONTENT.items():
                wheel.writestr(name, text)
        return {Package(directory, NAME)}, self.missing


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    """A file that asks for one package."""
    path = tmp_path / "requirements.txt"
    path.write_text("botocore==1.0\n", encoding="utf-8")
    return path


def build(wheels: LambdaWheels, requirements: Path, target: Path) -> set[str]:
    """The names of the files in the target."""
    wheels.build_site_packages(ABI, str(requirements), str(target))
    return {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}


def test_descriptions_of_services_that_nobody_calls_are_left_out(tmp_path: Path, requirements: Path) -> None:
    found = build(FakeDownloads(tmp_path / "cache"), requirements, tmp_path / "a")
    kept = set(CONTENT) - {"botocore/data/ec2/service-2.json", "boto3/data/glacier/resources-1.json"}
    assert {name for name in found if not name.endswith(".pyc")} == kept


def test_bytecode_is_shipped(tmp_path: Path, requirements: Path) -> None:
    found = build(FakeDownloads(tmp_path / "cache"), requirements, tmp_path / "a")
    assert any(name.startswith("botocore/__pycache__/__init__.") for name in found)


def test_the_same_requirements_are_built_once(tmp_path: Path, requirements: Path) -> None:
    wheels = FakeDownloads(tmp_path / "cache")
    first = build(wheels, requirements, tmp_path / "a")
    assert build(wheels, requirements, tmp_path / "b") == first
    assert wheels.downloads == 1


def test_other_requirements_are_built_anew(tmp_path: Path, requirements: Path) -> None:
    wheels = FakeDownloads(tmp_path / "cache")
    build(wheels, requirements, tmp_path / "a")
    requirements.write_text("botocore==1.1\n", encoding="utf-8")
    build(wheels, requirements, tmp_path / "b")
    assert wheels.downloads == 2


def test_a_package_without_a_wheel_is_an_error_and_leaves_nothing_behind(tmp_path: Path, requirements: Path) -> None:
    missing = Package(str(tmp_path), "netifaces-0.11.0-py3-none-any.whl")
    wheels = FakeDownloads(tmp_path / "cache", {missing})
    for _ in range(2):
        with pytest.raises(PackagingError, match=r"netifaces==0\.11\.0"):
            build(wheels, requirements, tmp_path / "a")


@pytest.mark.parametrize(
    ("wheel", "is_loadable"),
    [
        ("a-1-py3-none-any.whl", True),
        ("a-1-cp311-cp311-manylinux_2_17_x86_64.whl", True),
        ("a-1-cp311-cp311-manylinux2014_x86_64.manylinux_2_28_x86_64.whl", True),
        ("a-1-cp39-abi3-manylinux2014_x86_64.whl", True),
        ("a-1-cp311-cp311-linux_x86_64.whl", False),
        ("a-1-py3-none-linux_x86_64.whl", False),
        ("a-1-cp311-cp311-manylinux_2_99_x86_64.whl", False),
        ("a-1-cp311-cp311-manylinux_2_17_aarch64.whl", False),
        ("a-1-cp312-cp312-manylinux_2_17_x86_64.whl", False),
        ("a-1-cp311-cp311-macosx_11_0_arm64.whl", False),
    ],
)
def test_only_wheels_made_for_lambda_pass(tmp_path: Path, wheel: str, is_loadable: bool) -> None:  # noqa: FBT001
    wheels = LambdaWheels(OSUtils(), tmp_path)
    assert wheels._is_compatible_wheel_filename(ABI, wheel) is is_loadable
