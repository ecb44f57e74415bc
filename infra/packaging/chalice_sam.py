"""What Chalice itself would deploy: its SAM template of all triggers in the app."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chalice.app import Chalice
from chalice.config import Config
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.deployer import BuildStage, DeploymentPackager, InjectDefaults, SwaggerBuilder
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.package import PackageOptions, ResourceBuilder, SAMTemplateGenerator

from infra.packaging.bundle import Bundle

CODE_URI = "./deployment.zip"


class Options(PackageOptions):
    """What Chalice would ask AWS for; all commercial regions say the same."""

    def __init__(self) -> None:
        """Asks nobody."""

    def service_principal(self, service: str) -> str:
        """Who an AWS service is in a policy."""
        return f"{service}.amazonaws.com"


def generate(app: Chalice, project: Path, stage: str, bundle: Bundle) -> dict[str, Any]:
    """Chalice's SAM template of a stage; the zip is made on the way.

    Shape: policies are left out, see `infra.packaging.roles`.
    Raises: PackagingError.
    """
    config = _config(app, project, stage)
    steps = [InjectDefaults(), DeploymentPackager(bundle), SwaggerBuilder(CFNSwaggerGenerator())]
    resources = ResourceBuilder(ApplicationGraphBuilder(), DependencyBuilder(), BuildStage(steps))
    template: dict[str, Any] = SAMTemplateGenerator(config, Options()).generate(
        resources.construct_resources(config, stage)
    )
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = CODE_URI
    return template


def _config(app: Chalice, project: Path, stage: str) -> Config:
    text = Path(project, ".chalice", "config.json").read_text(encoding="utf-8")
    return Config(
        chalice_stage=stage,
        user_provided_params={"chalice_app": app},
        config_from_disk=json.loads(text),
        default_params={"project_dir": str(project)},
    )
