"""The CloudFormation template of one stage: what Chalice makes, repointed, with everything that it does not know of."""

from __future__ import annotations

import json
from typing import Any

from infra.packaging import (
    alarms,
    buckets,
    functions,
    http_api,
    keys,
    pages,
    parameters,
    queues,
    site,
    socket_api,
    tables,
)
from infra.triggers import Triggers

Template = dict[str, Any]


def assemble(stage: str, chalice: Template, found: Triggers) -> Template:
    """The template of a stage, from Chalice's.

    Raises: PackagingError where the two maps of triggers differ.
    """
    pages.check(found)
    made = chalice["Resources"]
    resources = {
        **tables.resources(stage),
        **keys.resources(stage),
        **queues.resources(stage),
        **functions.resources(stage, made, found),
        **http_api.resources(stage, made, found),
        **socket_api.resources(stage, made, found),
        **buckets.resources(stage, found, {"pages": site.reader()}),
        **site.resources(stage),
        **alarms.resources(stage),
    }
    return {
        "AWSTemplateFormatVersion": chalice["AWSTemplateFormatVersion"],
        "Transform": chalice["Transform"],
        "Description": f"Svyaz, stage {stage}",
        "Parameters": parameters.PARAMETERS,
        "Conditions": parameters.CONDITIONS,
        "Resources": resources,
        "Outputs": parameters.outputs(stage),
    }


def minified(template: Template) -> str:
    """The template as it is sent: every byte counts against CloudFormation's limit."""
    return json.dumps(template, separators=(",", ":"), ensure_ascii=False)
