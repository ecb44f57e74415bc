"""Why a package was refused."""

from __future__ import annotations


class PackagingError(Exception):
    """The package cannot be made, or would not work in AWS; the text says what to change."""
