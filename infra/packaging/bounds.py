"""Bounds of size, well under what AWS refuses; each is told with its figure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from infra.packaging.errors import PackagingError
from infra.packaging.functions import SERVERLESS
from infra.packaging.intrinsics import Resolver
from infra.packaging.naming import API
from infra.packaging.site import FUNCTION as REWRITE
from infra.packaging.template import Template, minified

KB, MB = 1000, 1_000_000
SAMPLE = {
    "MailFrom": f"{'m' * 60}@{'d' * 60}.example",
    "OperatorMail": f"{'o' * 60}@{'d' * 60}.example",
    "PublicBaseUrl": f"https://{'h' * 90}.example",
}
# What CloudFormation makes of Chalice's resources: rules with rights, pollers, a deployment and a stage.
MADE_FROM = {"Schedule": 2, "CloudWatchEvent": 2, "SQS": 1, "AWS::Serverless::Api": 2}


@dataclass(frozen=True)
class Size:
    """How large something is, and how large it may be.

    Units: as `unit` says.
    """

    what: str
    found: float
    most: int
    unit: str

    def __str__(self) -> str:
        found = round(self.found, 1) if self.unit else int(self.found)
        return " ".join(filter(None, (f"{self.what}:", str(found), self.unit, f"of {self.most}")))


def sizes(template: Template, zip_path: Path) -> list[Size]:
    """Every size that has a bound."""
    return [*_template_sizes(template), *_zip_sizes(zip_path)]


def check(found: list[Size]) -> None:
    """Returns when no bound is passed.

    Raises: PackagingError with the figures of those that are.
    """
    passed = [str(size) for size in found if size.found > size.most]
    if passed:
        raise PackagingError("too large: " + "; ".join(passed))


def _template_sizes(template: Template) -> Iterator[Size]:
    resources = template["Resources"]
    yield Size("template", len(minified(template).encode()) / KB, 800, "kB")
    yield Size("resources", resource_count(template), 400, "")
    yield Size("API path nodes", len(_path_nodes(resources[API])), 260, "")
    yield Size("CloudFront function", len(resources[REWRITE]["Properties"]["FunctionCode"].encode()) / KB, 9, "kB")
    values = Resolver(template, SAMPLE)
    environments = (values.value(each["Properties"]["Environment"]["Variables"]) for each in _of(resources, SERVERLESS))
    yield Size("largest environment", max(map(_environment_bytes, environments)) / KB, 2, "kB")
    policies = (values.value(each["Properties"]["Policies"]) for each in _of(resources, "AWS::IAM::Role"))
    yield Size("largest role", max(len(json.dumps(each, separators=(",", ":"))) for each in policies) / KB, 8, "kB")


def _zip_sizes(zip_path: Path) -> Iterator[Size]:
    with ZipFile(zip_path) as bundle:
        unzipped = sum(entry.file_size for entry in bundle.infolist())
    yield Size("zip", zip_path.stat().st_size / MB, 45, "MB")
    yield Size("unzipped", unzipped / MB, 150, "MB")


def resource_count(template: Template) -> int:
    """How many resources the stack will have, those that CloudFormation itself derives counted in."""
    resources = template["Resources"]
    events = [event for each in _of(resources, SERVERLESS) for event in each["Properties"].get("Events", {}).values()]
    kinds = [each["Type"] for each in (*resources.values(), *events)]
    return len(resources) + sum(MADE_FROM.get(kind, 0) for kind in kinds)


def _of(resources: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in resources.values() if each["Type"] == kind]


def _path_nodes(api: dict[str, Any]) -> set[str]:
    """The nodes of API Gateway's tree of paths: `/v1/booking` needs `/`, `/v1` and `/v1/booking`."""
    paths = [path.strip("/").split("/") for path in api["Properties"]["DefinitionBody"]["paths"]]
    return {"/".join(parts[:depth]) for parts in paths for depth in range(len(parts) + 1)}


def _environment_bytes(variables: dict[str, str]) -> int:
    return sum(len(name) + len(value) for name, value in variables.items())
