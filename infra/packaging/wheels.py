"""Dependencies as Lambda can load them: wheels of their makers, pruned, compiled, and kept between runs."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from chalice.deploy.packager import DependencyBuilder, MissingDependencyError, NoSuchPackageError
from chalice.utils import OSUtils

from infra.packaging import botocore_data, bytecode
from infra.packaging.errors import PackagingError


class LambdaWheels(DependencyBuilder):
    """Chalice's dependency builder, without its leniency: what Lambda may not be able to load is an error."""

    def __init__(self, osutils: OSUtils, cache: Path) -> None:
        super().__init__(osutils)
        self._COMPATIBLE_PACKAGE_WHITELIST = set()
        self._cache = cache

    def build_site_packages(self, abi: str, requirements_filepath: str, target_directory: str) -> None:
        """Fills the target with the packages that the requirements name.

        Raises: PackagingError naming packages without a wheel for Lambda.
        """
        kept = self._cache / _key(abi, Path(requirements_filepath))
        if not kept.is_dir():
            self._build(abi, requirements_filepath, kept)
        shutil.copytree(kept, target_directory, dirs_exist_ok=True)

    def _build(self, abi: str, requirements: str, kept: Path) -> None:
        unfinished = kept.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        try:
            super().build_site_packages(abi, requirements, str(unfinished))
        except MissingDependencyError as error:
            names = ", ".join(sorted(package.identifier for package in error.missing))
            raise PackagingError(f"no wheel that Lambda can load: {names}") from None
        except NoSuchPackageError as error:
            raise PackagingError(str(error)) from None
        botocore_data.prune(unfinished)
        bytecode.compile_folder(unfinished, is_strict=False)
        unfinished.rename(kept)

    def _is_compatible_platform_tag(self, expected_abi: str, platform: str) -> bool:
        """Whether Lambda can load it; a plain `linux_…` wheel was built on this host, against this host's libraries."""
        return not platform.startswith("linux_") and bool(super()._is_compatible_platform_tag(expected_abi, platform))


def _key(abi: str, requirements: Path) -> str:
    """What the built packages depend on: the requirements, the Python, and how they are pruned and compiled."""
    digest = hashlib.sha256(requirements.read_bytes())
    for source in (Path(__file__), Path(botocore_data.__file__), Path(bytecode.__file__)):
        digest.update(source.read_bytes())
    return f"{abi}-{digest.hexdigest()[:24]}"
