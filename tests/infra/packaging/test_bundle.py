"""The zip of a small project."""

from __future__ import annotations

import gettext
import importlib.util
import io
import os
import struct
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.packaging.bundle import Bundle
from infra.packaging.errors import PackagingError

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Yes"\nmsgstr "Да"\n'
CATALOGUE = "shared/locale/ru/LC_MESSAGES/svyaz.mo"
RUNTIME = "python3.11"
UNCHECKED_HASH = 0b01
FILES = {
    "requirements.txt": "# nothing\n",
    "app.py": "VALUE = 1\n",
    "functions/__init__.py": "",
    "functions/things/api.py": "def handle(event, context):\n    return event\n",
    "functions/things/pages/home.html": "<!doctype html>\n",
    "functions/things/.hidden": "",
    "functions/things/__pycache__/api.cpython-39.pyc": "old",
    "shared/__init__.py": "",
    "shared/locale/ru/LC_MESSAGES/svyaz.po": PO,
    "shared/locale/ru/LC_MESSAGES/svyaz.mo": "stale",
    "shared/locale/svyaz.pot": PO,
    "infra/package.py": "",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with everything that may and may not be shipped."""
    for name, text in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "project"


def packed(project: Path, name: str = "a.zip") -> Path:
    """The zip of a project."""
    bundle = Bundle(project.parent / name, project.parent / "cache")
    return Path(bundle.create_deployment_package(str(project), RUNTIME))


def test_holds_the_code_with_its_bytecode_and_nothing_else(project: Path) -> None:
    with ZipFile(packed(project)) as bundle:
        names = set(bundle.namelist())
    sources = {
        "app.py",
        "chalice/__init__.py",
        "chalice/app.py",
        "functions/__init__.py",
        "functions/things/api.py",
        "shared/__init__.py",
    }
    compiled = {importlib.util.cache_from_source(name) for name in sources}
    assert names == sources | compiled | {"functions/things/pages/home.html", CATALOGUE}


def test_bytecode_is_valid_whatever_the_times_of_files(project: Path) -> None:
    with ZipFile(packed(project)) as bundle:
        compiled = [bundle.read(name) for name in bundle.namelist() if name.endswith(".pyc")]
    heads = {(each[:4], struct.unpack("<I", each[4:8])[0]) for each in compiled}
    assert heads == {(importlib.util.MAGIC_NUMBER, UNCHECKED_HASH)}


def test_bytecode_tells_where_it_runs_and_not_where_it_was_made(project: Path) -> None:
    with ZipFile(packed(project)) as bundle:
        compiled = bundle.read(importlib.util.cache_from_source("functions/things/api.py"))
    assert b"/var/task/functions/things/api.py" in compiled
    assert str(project.parent).encode() not in compiled


def test_catalogues_are_compiled_from_their_texts(project: Path) -> None:
    with ZipFile(packed(project)) as bundle:
        translations = gettext.GNUTranslations(io.BytesIO(bundle.read(CATALOGUE)))
    assert translations.gettext("Yes") == "Да"


def test_same_files_give_the_same_bytes(project: Path) -> None:
    first = packed(project).read_bytes()
    for path in project.rglob("*.py"):
        path.chmod(0o600)
        os.utime(path, (1, 1))
    assert packed(project, "b.zip").read_bytes() == first


def test_a_changed_file_changes_the_zip(project: Path) -> None:
    first = packed(project).read_bytes()
    (project / "functions/things/api.py").write_text("handle = None\n", encoding="utf-8")
    assert packed(project).read_bytes() != first


def test_refuses_folders_that_cannot_be_imported(project: Path) -> None:
    (project / "shared/__init__.py").unlink()
    with pytest.raises(PackagingError, match=r"shared/__init__\.py is missing"):
        packed(project)


def test_refuses_what_does_not_compile(project: Path) -> None:
    (project / "functions/things/api.py").write_text("def handle(:\n", encoding="utf-8")
    with pytest.raises(PackagingError, match="does not compile"):
        packed(project)
