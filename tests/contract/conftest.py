"""Each operation of the document is a test of its own, also where tests are spread over processes."""

from __future__ import annotations

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Gives schemathesis' tests, which all bear the name of their function, ids that tell them apart."""
    label = getattr(item, "operation_label", None)
    if label is not None and item.id.params is None:
        item._id = item.id.with_params(label)
