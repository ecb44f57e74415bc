"""The KMS key of the template."""

from __future__ import annotations

import pytest

from infra.packaging.template import Template
from shared import data_keys
from tests.infra.packaging.conftest import properties


def test_each_stage_has_one_key_that_kms_replaces_every_year(dev: Template, prod: Template) -> None:
    """PLAT-22."""
    for template, stage in ((dev, "dev"), (prod, "prod")):
        [(name, key)] = properties(template, "AWS::KMS::Key").items()
        assert (key["EnableKeyRotation"], key["PendingWindowInDays"]) == (True, 30)
        assert properties(template, "AWS::KMS::Alias") == {
            "VaultKeyAlias": {"AliasName": f"alias/svyaz-{stage}", "TargetKeyId": {"Ref": name}}
        }


def test_the_alias_is_the_one_that_functions_ask_for(dev: Template, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVYAZ_STAGE", "dev")
    assert data_keys.alias() == dev["Resources"]["VaultKeyAlias"]["Properties"]["AliasName"]


def test_the_key_of_prod_outlives_the_stack(dev: Template, prod: Template) -> None:
    """Without it all personal data would be lost."""
    for template, policy in ((dev, "Delete"), (prod, "Retain")):
        key = template["Resources"]["VaultKey"]
        assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == (policy, policy)


def test_only_the_accounts_own_policies_give_rights_to_it(dev: Template) -> None:
    [statement] = dev["Resources"]["VaultKey"]["Properties"]["KeyPolicy"]["Statement"]
    assert statement["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
