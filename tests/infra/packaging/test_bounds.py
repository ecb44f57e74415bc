"""The bounds of size."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from infra.packaging import bounds
from infra.packaging.bounds import Size
from infra.packaging.errors import PackagingError
from infra.packaging.template import Template

Change = Callable[[Template], None]


@pytest.fixture
def zip_path(tmp_path: Path) -> Path:
    """A small zip."""
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as bundle:
        bundle.writestr("a.py", "A = 1\n")
    return path


def test_ours_are_within(dev: Template, prod: Template, zip_path: Path) -> None:
    for template in (dev, prod):
        bounds.check(bounds.sizes(template, zip_path))


def many_resources(template: Template) -> None:
    template["Resources"] |= {f"More{number}": template["Resources"]["PagesBucket"] for number in range(400)}


def long_template(template: Template) -> None:
    template["Description"] = "x" * 800_000


def many_paths(template: Template) -> None:
    paths = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    paths |= {f"/more/{number}": {} for number in range(260)}


def large_environment(template: Template) -> None:
    variables = template["Resources"]["PlatformTick"]["Properties"]["Environment"]["Variables"]
    template["Resources"]["PlatformTick"]["Properties"]["Environment"]["Variables"] = variables | {"MORE": "x" * 2000}


def large_role(template: Template) -> None:
    [policy] = template["Resources"]["PlatformTickRole"]["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"] *= 40


def large_rewrite(template: Template) -> None:
    template["Resources"]["SiteRewrite"]["Properties"]["FunctionCode"] += " " * 9000


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (long_template, r"template: \d{3,4}\.\d kB of 800"),
        (many_resources, r"resources: 5\d\d of 400"),
        (many_paths, r"API path nodes: [23]\d\d of 260"),
        (large_environment, r"largest environment: 2\.\d kB of 2"),
        (large_role, r"largest role: \d+\.\d kB of 8"),
        (large_rewrite, r"CloudFront function: \d+\.\d kB of 9"),
    ],
)
def test_what_is_too_large_is_refused_with_its_figure(dev: Template, zip_path: Path, change: Change, told: str) -> None:
    template = copy.deepcopy(dev)
    change(template)
    with pytest.raises(PackagingError, match=told):
        bounds.check(bounds.sizes(template, zip_path))


@pytest.mark.parametrize(("what", "most"), [("zip", 45), ("unzipped", 150)])
def test_zips_have_bounds(dev: Template, zip_path: Path, what: str, most: int) -> None:
    [size] = [each for each in bounds.sizes(dev, zip_path) if each.what == what]
    assert (size.most, size.unit) == (most, "MB")
    with pytest.raises(PackagingError, match=f"{what}: {most + 1}"):
        bounds.check([Size(size.what, float(most + 1), most, size.unit)])


def test_path_nodes_are_counted_once(dev: Template) -> None:
    template = copy.deepcopy(dev)
    paths: dict[str, Any] = {path: {} for path in ("/", "/a", "/a/{b}", "/a/{b}/c", "/d")}
    template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"] = paths
    [size] = [each for each in bounds._template_sizes(template) if each.what == "API path nodes"]
    assert size.found == 5


def test_what_cloudformation_derives_is_counted(dev: Template) -> None:
    schedules, patterns, queues = 3, 1, 7
    derived = 2 * schedules + 2 * patterns + queues + 2
    assert bounds.resource_count(dev) - len(dev["Resources"]) == derived
