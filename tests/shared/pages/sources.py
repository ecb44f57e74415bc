"""The sources of all pages, read for the tests that hold them to the house's rules."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
FOLDERS = {
    "shared": ROOT / "shared" / "pages",
    **{path.parent.name: path for path in sorted((ROOT / "functions").glob("*/pages"))},
}
IMPORT = re.compile(r'^(?:import|export)\b[^;"]*"([^"]+)";', re.MULTILINE)
REFERENCE = re.compile(r'(?:href|src)="([^"]+)"')


def files(suffix: str) -> list[Path]:
    """All files of pages that end so."""
    return [path for folder in FOLDERS.values() for path in sorted(folder.glob(f"*{suffix}"))]


def words_of(path: Path) -> dict[str, dict[str, str]]:
    """The words of a `…_words.js`: what stands between its braces is JSON."""
    text = path.read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return found


def asset(address: str, beside: Path) -> Path:
    """The file behind an address of an asset, or behind an import of a neighbour."""
    if address.startswith("./"):
        return beside.parent / address.removeprefix("./")
    _, assets, system, name = address.split("/")
    assert assets == "assets"
    return FOLDERS[system] / name


def imports(path: Path) -> list[Path]:
    """The modules that a module imports."""
    return [asset(address, path) for address in IMPORT.findall(path.read_text(encoding="utf-8"))]
