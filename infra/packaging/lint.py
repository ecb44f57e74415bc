"""cfn-lint's view of a template."""

from __future__ import annotations

from infra.packaging.errors import PackagingError
from infra.packaging.intrinsics import REGION


def check(template: str) -> None:
    """Returns when cfn-lint has neither errors nor warnings.

    Raises: PackagingError with all that it found.
    """
    from cfnlint.api import lint  # type: ignore[import-untyped]  # noqa: PLC0415  # half a second to load

    found = lint(template, regions=[REGION])
    if found:
        told = sorted({f"{match.rule.id} {'/'.join(map(str, match.path))}: {match.message}" for match in found})
        raise PackagingError("cfn-lint:\n" + "\n".join(told))
