"""The templates of both stages, made once from the real app without the zip; and empty accounts of AWS."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from moto import mock_aws

from app import app
from infra.packaging import chalice_sam
from infra.packaging.build import ROOT
from infra.packaging.template import Template, assemble
from infra.triggers import triggers

_numbers = count(200_000_000_000)


class NoBundle:
    """A packager that packs nothing."""

    def create_deployment_package(self, *_arguments: str) -> str:
        """The path of no zip."""
        return "nothing.zip"


def make(stage: str) -> Template:
    """The template of a stage."""
    bundle: Any = NoBundle()
    return assemble(stage, chalice_sam.generate(app, ROOT, stage, bundle), triggers())


@pytest.fixture(scope="session")
def dev() -> Template:
    """The template of stage `dev`."""
    return make("dev")


@pytest.fixture(scope="session")
def prod() -> Template:
    """The template of stage `prod`."""
    return make("prod")


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The number of an account that no other test uses: moto keeps one memory for the whole run."""
    number = str(next(_numbers))
    monkeypatch.setenv("MOTO_ACCOUNT_ID", number)
    with mock_aws():
        yield number


def properties(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of all resources of a kind, by their names in the template."""
    return {name: each["Properties"] for name, each in template["Resources"].items() if each["Type"] == kind}
