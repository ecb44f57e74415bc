"""Values of a template, resolved."""

from __future__ import annotations

from typing import Any

import pytest

from infra.packaging.errors import PackagingError
from infra.packaging.intrinsics import Resolver

TEMPLATE = {
    "Parameters": {"Address": {"Default": ""}, "Mail": {}},
    "Conditions": {"HasAddress": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Address"}, ""]}]}},
    "Resources": {"Thing": {}},
}


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("plain", "plain"),
        ({"a": [1, {"Ref": "Mail"}]}, {"a": [1, "m@b.example"]}),
        ({"Fn::Sub": "${Mail} ${AWS::Region} ${Thing.Arn} ${!kept}"}, "m@b.example eu-central-1 Thing.Arn ${!kept}"),
        ({"Fn::Sub": ["${Own}/${Mail}", {"Own": {"Ref": "AWS::AccountId"}}]}, "000000000000/m@b.example"),
        ({"Fn::GetAtt": ["Thing", "Arn"]}, "Thing.Arn"),
        ({"Fn::Select": [1, {"Fn::Split": ["@", {"Ref": "Mail"}]}]}, "b.example"),
        ({"Fn::If": ["HasAddress", "yes", "no"]}, "no"),
    ],
)
def test_values(given: Any, value: Any) -> None:
    assert Resolver(TEMPLATE, {"Mail": "m@b.example"}).value(given) == value


def test_conditions_follow_the_parameters() -> None:
    given = {"Fn::If": ["HasAddress", {"Ref": "Address"}, "no"]}
    assert Resolver(TEMPLATE, {"Address": "https://a.example"}).value(given) == "https://a.example"


@pytest.mark.parametrize("given", [{"Ref": "Nothing"}, {"Fn::Sub": "${Nothing}"}, {"Fn::Cidr": ["10.0.0.0/8", 1]}])
def test_what_is_not_known_is_refused(given: Any) -> None:
    with pytest.raises(PackagingError):
        Resolver(TEMPLATE, {}).value(given)
