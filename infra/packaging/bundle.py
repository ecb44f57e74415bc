"""The zip: Chalice's packager, told which folders are the app's, made reproducible, with bytecode and catalogues."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from chalice.deploy.packager import LambdaDeploymentPackager
from chalice.utils import UI, ChaliceZipFile, OSUtils

from infra.packaging import bytecode
from infra.packaging.errors import PackagingError
from infra.packaging.wheels import LambdaWheels

CODE = ("functions", "shared")
CATALOGUE = ".po"
NOT_SHIPPED = (".pyc", ".pot", ".mo")  # catalogues are compiled anew from their texts
PLAIN_FILE = 0o100644


class Bundle(LambdaDeploymentPackager):
    """Chalice's packager of one zip for all functions."""

    def __init__(self, zip_path: Path, cache: Path) -> None:
        osutils = SortedFiles()
        super().__init__(osutils, LambdaWheels(osutils, cache), UI(out=io.StringIO()))
        self._zip_path = zip_path

    def create_deployment_package(self, project_dir: str, python_version: str) -> str:
        """The path of the zip, made anew.

        Raises: PackagingError.
        """
        self._zip_path.unlink(missing_ok=True)
        return str(super().create_deployment_package(project_dir, python_version))

    def deployment_package_filename(self, project_dir: str, python_version: str) -> str:  # noqa: ARG002
        """The path of the zip."""
        return str(self._zip_path)

    def _build_python_dependencies(
        self, python_version: str, requirements_filepath: str, site_packages_dir: str
    ) -> None:
        abi = self._RUNTIME_TO_ABI[python_version]
        self._dependency_builder.build_site_packages(abi, requirements_filepath, site_packages_dir)

    def _add_app_files(self, zip_fileobj: ZipFile, project_dir: str) -> None:
        with tempfile.TemporaryDirectory() as staged:
            for source, name in self._iter_app_filenames(project_dir):
                _stage(Path(source), Path(staged, name))
            bytecode.compile_folder(Path(staged), is_strict=True)
            self._add_py_files(zip_fileobj, staged)

    def _add_py_files(self, zip_fileobj: ZipFile, folder: str) -> None:
        for root, _, names in self._osutils.walk(folder):
            for name in names:
                path = Path(root, name)
                zip_fileobj.write(path, str(path.relative_to(folder)))

    def _iter_app_filenames(self, project_dir: str) -> Iterator[tuple[str, str]]:
        yield from super()._iter_app_filenames(project_dir)
        for top in CODE:
            folder = Path(project_dir, top)
            if not (folder / "__init__.py").is_file():
                raise PackagingError(f"{top}/__init__.py is missing: the functions could not be imported")
            for path in sorted(folder.rglob("*")):
                if _is_shipped(path, folder):
                    yield str(path), str(path.relative_to(project_dir))


class SortedFiles(OSUtils):
    """Files in the order of their names and with one mode, so that the same content gives the same zip anywhere."""

    def walk(self, path: str, followlinks: bool = False) -> Iterator[tuple[str, list[str], list[str]]]:  # noqa: FBT001, FBT002
        """The folders and files under a path."""
        for root, folders, names in super().walk(path, followlinks=followlinks):
            folders.sort()
            yield root, folders, sorted(names)

    def open_zip(self, filename: str, mode: str, compression: int = OSUtils.ZIP_DEFLATED) -> ZipFile:
        """A zip whose entries carry neither times nor this machine's modes."""
        return PlainZip(filename, mode, compression=compression, osutils=self)


class PlainZip(ChaliceZipFile):
    """A zip of files that everybody may read."""

    def _create_zipinfo(self, filename: Any, arcname: Any, compress_type: Any) -> Any:
        made = super()._create_zipinfo(filename, arcname, compress_type)
        made.external_attr = PLAIN_FILE << 16
        return made


def _is_shipped(path: Path, folder: Path) -> bool:
    inner = path.relative_to(folder).parts
    hidden = any(part.startswith(".") or part == "__pycache__" for part in inner)
    return path.is_file() and not hidden and path.suffix not in NOT_SHIPPED


def _stage(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix != CATALOGUE:
        target.write_bytes(source.read_bytes())
        return
    with source.open("rb") as texts, target.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(texts))
