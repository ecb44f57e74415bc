"""What CloudFormation would make of a template's values, for those of its functions that our templates use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from infra.packaging.errors import PackagingError

ACCOUNT, REGION = "000000000000", "eu-central-1"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
_PLAIN: dict[str, Callable[[Any], Any]] = {
    "Fn::GetAtt": ".".join,
    "Fn::Select": lambda arguments: arguments[1][int(arguments[0])],
    "Fn::Split": lambda arguments: str(arguments[1]).split(arguments[0]),
    "Fn::Equals": lambda arguments: arguments[0] == arguments[1],
    "Fn::Not": lambda arguments: not arguments[0],
}
_PLACE = re.compile(r"\$\{([^!}][^}]*)\}")


class Resolver:
    """Values of one template under given parameters.

    Shape: of a resource that is not made yet nobody knows the name; it is told as `Name` or `Name.Attribute`.
    """

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
        defaults = {name: str(each.get("Default", "")) for name, each in template["Parameters"].items()}
        self._known = {**PSEUDO, **defaults, **parameters}
        self._conditions = template["Conditions"]
        self._resources = template["Resources"]

    def value(self, given: Any) -> Any:
        """A value without any function in it.

        Raises: PackagingError for a function that is not known here.
        """
        if isinstance(given, list):
            return [self.value(each) for each in given]
        if not isinstance(given, dict):
            return given
        if len(given) == 1:
            name, argument = next(iter(given.items()))
            if name == "Ref":
                return self._ref(argument)
            if name.startswith("Fn::"):
                return self._call(name, argument)
        return {name: self.value(each) for name, each in given.items()}

    def _call(self, name: str, argument: Any) -> Any:
        if name == "Fn::If":
            condition, yes, no = argument
            return self.value(yes if self.value(self._conditions[condition]) else no)
        arguments = self.value(argument)
        if name == "Fn::Sub":
            return self._sub(arguments)
        if name not in _PLAIN:
            raise PackagingError(f"{name} is not known to infra/packaging/intrinsics.py")
        return _PLAIN[name](arguments)

    def _sub(self, arguments: Any) -> str:
        text, own = (arguments, {}) if isinstance(arguments, str) else arguments
        return _PLACE.sub(lambda place: str(own.get(place[1]) or self._ref(place[1])), text)

    def _ref(self, name: str) -> str:
        if name in self._known:
            return self._known[name]
        if name.partition(".")[0] in self._resources:
            return name
        raise PackagingError(f"{name} is no parameter or resource of the template")
