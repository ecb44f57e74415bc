"""The KMS key of the template: it encrypts the data keys of the vault, and never leaves KMS."""

from __future__ import annotations

from typing import Any

from infra.packaging.naming import ref, sub
from infra.packaging.tables import removal
from shared.http.app import APP_NAME

VAULT_KEY = "VaultKey"
PENDING_DAYS = 30


def resources(stage: str) -> dict[str, dict[str, Any]]:
    """The key, replaced by KMS every year, and its name; without it nothing in the vault can be read any more."""
    key = {
        "Description": f"Svyaz {stage}: encrypts the data keys of personal data",
        "EnableKeyRotation": True,
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "PendingWindowInDays": PENDING_DAYS,
        "KeyPolicy": {"Version": "2012-10-17", "Statement": [_owner()]},
    }
    named = {"AliasName": f"alias/{APP_NAME}-{stage}", "TargetKeyId": ref(VAULT_KEY)}
    return {
        VAULT_KEY: {"Type": "AWS::KMS::Key", **removal(stage), "Properties": key},
        f"{VAULT_KEY}Alias": {"Type": "AWS::KMS::Alias", "Properties": named},
    }


def _owner() -> dict[str, Any]:
    """Lets the account's own IAM policies say who may use the key; it opens to nobody by itself."""
    return {
        "Sid": "RightsAreGivenByIam",
        "Effect": "Allow",
        "Principal": {"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")},
        "Action": "kms:*",
        "Resource": "*",
    }
