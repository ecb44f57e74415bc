"""Which tests share a process, and which begin first.

A file stays in one process, with the servers that it starts. Files that use the same costly fixture of the whole
session stay in one process together, so that it is made once. What waits longest begins first, and what only counts
fills the gaps; within that the order stays as random as it came.
"""

from __future__ import annotations

import pytest

GROUPS = {"product": "product", "chromium": "browser", "local": "local", "embedded": "embedded"}
FIRST = ("clock", "product", "local", "browser", "run", "embedded")


def order(items: list[pytest.Item]) -> None:
    """Puts each test in its group, and the groups that take longest before the others."""
    groups = _groups(items)
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(groups[item.path.as_posix()]))
    items.sort(key=_rank)


def _groups(items: list[pytest.Item]) -> dict[str, str]:
    groups: dict[str, str] = {}
    for item in items:
        path = item.path.as_posix()
        fixtures = getattr(item, "fixturenames", ())
        shared = next((GROUPS[name] for name in GROUPS if name in fixtures), None)
        groups[path] = shared or groups.get(path, path)
    return groups


def _rank(item: pytest.Item) -> int:
    mark = item.get_closest_marker("xdist_group")
    group = mark.args[0] if mark else ""
    return FIRST.index(group) if group in FIRST else len(FIRST)
