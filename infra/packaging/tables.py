"""DynamoDB tables of the template."""

from __future__ import annotations

from typing import Any

from infra.packaging.naming import full_name, logical_id
from infra.resources import TABLES, TTL_ATTRIBUTE, table_schema
from shared.tables import Table

KEPT_IN = ("prod",)


def resources(stage: str) -> dict[str, dict[str, Any]]:
    """Every table; in `prod` neither a mistake nor the end of the stack deletes one."""
    return {logical_id(table.Meta.name, "Table"): _table(stage, table) for table in TABLES}


def _table(stage: str, table: type[Table]) -> dict[str, Any]:
    is_kept = stage in KEPT_IN
    properties = {
        "TableName": full_name(stage, table.Meta.name),
        **table_schema(table),
        "BillingMode": "PAY_PER_REQUEST",
        "SSESpecification": {"SSEEnabled": True},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "TimeToLiveSpecification": {"AttributeName": TTL_ATTRIBUTE, "Enabled": True},
        "DeletionProtectionEnabled": is_kept,
    }
    return {"Type": "AWS::DynamoDB::Table", **removal(stage), "Properties": properties}


def removal(stage: str) -> dict[str, str]:
    """What becomes of data when the stack does not want it any more."""
    policy = "Retain" if stage in KEPT_IN else "Delete"
    return {"DeletionPolicy": policy, "UpdateReplacePolicy": policy}
