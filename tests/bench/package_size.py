"""The sizes of what AWS takes, each beside its bound, and beside Chalice's own limits at AWS."""

from __future__ import annotations

from collections.abc import Iterator

from infra.package import OUT
from infra.packaging.build import build
from tests.bench.report import Row, show

AWS_LIMITS = {"zip": "AWS takes 50 MB", "unzipped": "AWS takes 250 MB", "template": "AWS takes 1 MB"}


def rows() -> Iterator[Row]:
    """A row for each size that has a bound."""
    for size in build("dev", OUT.resolve()).sizes:
        ours = f"{size.found:.1f} {size.unit}" if size.unit else f"{size.found:.0f}"
        peer = AWS_LIMITS.get(size.what, "")
        yield Row(size.what, ours, peer, None, f"{size.most} {size.unit}".strip(), size.found <= size.most)


if __name__ == "__main__":
    show("What AWS takes", rows())
