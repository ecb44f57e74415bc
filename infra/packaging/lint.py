"""cfn-lint's view of a template."""

from __future__ import annotations

from cfnlint.api import lint  # type: ignore[import-untyped]

from infra.packaging.errors import PackagingError
from infra.packaging.intrinsics import REGION


def check(template: str) -> None:
    """Returns when cfn-lint has neither errors nor warnings.

    Raises: PackagingError with all that it found.
    """
    found = lint(template, regions=[REGION])
    if found:
        told = sorted({f"{match.rule.id} {'/'.join(map(str, match.path))}: {match.message}" for match in found})
        raise PackagingError("cfn-lint:\n" + "\n".join(told))
