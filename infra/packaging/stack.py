"""A CloudFormation stack, made or changed by a change set, which is told before it is carried out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra.packaging.errors import PackagingError

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
NOTHING = ("didn't contain changes", "No updates are to be performed")
REVIEWED = "REVIEW_IN_PROGRESS"
STUCK = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED")
Tell = Callable[[str], None]


class Stack:
    """One stack of an account."""

    def __init__(self, cloudformation: Any, name: str, tell: Tell) -> None:
        self._cloudformation = cloudformation
        self._name = name
        self._tell = tell

    def apply(self, template_url: str, parameters: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, str]:
        """The outputs of the stack, once it is as the template says.

        Shape: `known` are the template's parameters; of those that are not given the stack keeps its own values.
        Raises: PackagingError with CloudFormation's own words.
        """
        found = self._described()
        if found is not None and found["StackStatus"] in STUCK:
            raise PackagingError(f"the stack {self._name} is {found['StackStatus']}: delete or repair it first")
        stands = found is not None and found["StackStatus"] != REVIEWED
        kept = {each["ParameterKey"] for each in found["Parameters"]} if found and stands else set()
        change = self._cloudformation.create_change_set(
            StackName=self._name,
            ChangeSetName=f"{self._name}-{int(time.time())}",
            ChangeSetType="UPDATE" if stands else "CREATE",
            TemplateURL=template_url,
            Capabilities=CAPABILITIES,
            Parameters=list(_parameters(parameters, known, kept)),
        )
        if self._is_change(change["Id"]):
            self._carry_out(change["Id"], "stack_update_complete" if stands else "stack_create_complete")
        return self.outputs()

    def outputs(self) -> dict[str, str]:
        """What the stack tells of itself.

        Raises: PackagingError where there is none.
        """
        found = self._described()
        if found is None:
            raise PackagingError(f"there is no stack {self._name} in this account and region")
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}

    def _described(self) -> dict[str, Any] | None:
        try:
            stack: dict[str, Any] = self._cloudformation.describe_stacks(StackName=self._name)["Stacks"][0]
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "ValidationError":
                return None
            raise
        return stack

    def _is_change(self, change_id: str) -> bool:
        try:
            self._cloudformation.get_waiter("change_set_create_complete").wait(ChangeSetName=change_id)
        except WaiterError as error:
            reason = str(error.last_response.get("StatusReason", error))
            self._cloudformation.delete_change_set(ChangeSetName=change_id)
            if any(words in reason for words in NOTHING):
                self._tell("nothing to change")
                return False
            raise PackagingError(f"the change was refused: {reason}") from None
        return True

    def _carry_out(self, change_id: str, goal: str) -> None:
        changes = self._cloudformation.describe_change_set(ChangeSetName=change_id)["Changes"]
        for change in changes:
            about = change["ResourceChange"]
            self._tell(f"{about['Action'].lower()} {about['ResourceType']} {about['LogicalResourceId']}")
        self._cloudformation.execute_change_set(ChangeSetName=change_id)
        try:
            self._cloudformation.get_waiter(goal).wait(StackName=self._name)
        except WaiterError:
            raise PackagingError("the change failed:\n" + "\n".join(self._failures())) from None

    def _failures(self) -> Iterator[str]:
        events = self._cloudformation.describe_stack_events(StackName=self._name)["StackEvents"]
        for event in events:
            if str(event.get("ResourceStatus", "")).endswith("_FAILED"):
                yield f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"


def _parameters(given: Mapping[str, str], known: Mapping[str, Any], kept: set[str]) -> Iterator[dict[str, Any]]:
    for name in known:
        if name in given:
            yield {"ParameterKey": name, "ParameterValue": given[name]}
        elif name in kept:
            yield {"ParameterKey": name, "UsePreviousValue": True}
