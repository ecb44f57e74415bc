"""Notices changed code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

WATCHED = ("app.py", "functions", "shared", "infra/triggers.py", "infra/resources.py", ".chalice/config.json")
_SUFFIXES = frozenset({".py", ".json", ".mo"})
Stamps = dict[Path, tuple[int, int]]


class CodeWatch:
    """Compares the files of some folders with how they were when last asked."""

    def __init__(self, root: Path, watched: Sequence[str] = WATCHED) -> None:
        self._roots = [root / name for name in watched]
        self._stamps = self._look()

    def changed(self) -> set[Path]:
        """Files that were written, added or removed since the last call."""
        before, self._stamps = self._stamps, self._look()
        changed = {path for path, _ in before.items() ^ self._stamps.items()}
        for path in changed:
            _forget_compiled(path)
        return changed

    def _look(self) -> Stamps:
        found: Stamps = {}
        for path in self._files():
            with suppress(OSError):  # removed at this very moment
                status = path.stat()
                found[path] = (status.st_mtime_ns, status.st_size)
        return found

    def _files(self) -> Iterator[Path]:
        for root in self._roots:
            if root.is_file():
                yield root
            elif root.is_dir():
                yield from (path for path in root.rglob("*") if path.suffix in _SUFFIXES)


def syntax_error(paths: set[Path]) -> str:
    """Where the first of these files is no Python, or an empty text."""
    for path in sorted(paths):
        try:
            if path.suffix == ".py" and path.exists():
                compile(path.read_bytes(), str(path), "exec")
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            return f"{path}:{line}: {error}"
    return ""


def _forget_compiled(path: Path) -> None:
    """Two edits within a second of the same size would look alike to Python."""
    if path.suffix == ".py":
        with suppress(OSError):
            Path(cache_from_source(str(path))).unlink(missing_ok=True)
