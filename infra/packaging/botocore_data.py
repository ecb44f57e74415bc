"""botocore's descriptions of AWS services: all of them are 20 MB, those that are called 1 MB."""

from __future__ import annotations

import shutil
from pathlib import Path

SERVICES = (
    "apigatewaymanagementapi",
    "dynamodb",
    "events",
    "kms",
    "s3",
    "secretsmanager",
    "ses",
    "sqs",
    "ssm",
    "sts",
)


def prune(site_packages: Path) -> None:
    """Removes the descriptions of services that no function calls; what is common to all stays."""
    for described in sorted(site_packages.glob("boto*/data/*")):
        if described.is_dir() and described.name not in SERVICES:
            shutil.rmtree(described)
