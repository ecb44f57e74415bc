"""Snapshots of named parts in a folder, of which a crash at any moment leaves a whole one.

A part is a file named by the digest of its content; a list of parts, replaced in one step, makes the snapshot. So
unchanged parts are not written again, all parts of a snapshot are from the same moment, and damage is noticed. Each
part also keeps its version before, and the list its own: what is damaged is set aside and the older one used.
"""

import hashlib
import json
import logging
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from infra.local.aws.files import remove_quietly, replace_file, set_aside

_log = logging.getLogger(__name__)
_FORMAT = 1
_CURRENT, _BEFORE = "snapshot.json", "snapshot.before.json"
_DIGEST_BYTES = 16

Versions = list[str]
Content = bytes | Iterable[bytes]


class Snapshots:
    """The snapshot in a folder: read once at start, then replaced again and again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._parts = self._read_list()

    def names(self) -> list[str]:
        """The names of all parts."""
        return sorted(self._parts)

    def read(self, name: str) -> bytes | None:
        """A part's newest undamaged content, or None when no version of it is readable."""
        versions = self._parts.get(name, [])
        while versions:
            content = self._read_version(name, versions[0])
            if content is not None:
                return content
            versions.pop(0)
        _log.error("nothing readable is left of %s: it starts empty", name)
        return None

    def reject(self, name: str) -> None:
        """Sets a part's newest content aside, so that its version before is read next."""
        kept = set_aside(self._folder / self._parts[name].pop(0))
        _log.error("%s cannot be used; it is kept as %s and an older version is used if there is one", name, kept)

    def save(self, changed: Mapping[str, Content], gone: Collection[str] = ()) -> None:
        """Replaces the snapshot by one with these parts changed and those gone; writes nothing when all is as before.

        Raises: OSError when the disk refuses; the old snapshot is then still whole.
        """
        parts = {name: versions for name, versions in self._parts.items() if versions and name not in gone}
        for name, content in changed.items():
            old = parts.get(name, [])
            version = self._write_version(content, old)
            if [version] != old[:1]:
                parts[name] = [version, *old[:1]]
        if parts != self._parts:
            self._write_list(parts)
            self._parts = parts
            self._remove_unlisted()

    def _write_version(self, content: Content, old: Versions) -> str:
        if isinstance(content, bytes) and f"{_digest(content)}.part" in old[:1]:
            return old[0]
        pieces = [content] if isinstance(content, bytes) else content
        draft = self._folder / "part.new"
        digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
        try:
            with draft.open("wb") as file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            target = self._folder / f"{digest.hexdigest()}.part"
            draft.replace(target)
        except OSError:
            remove_quietly(draft)
            raise
        return target.name

    def _write_list(self, parts: Mapping[str, Versions]) -> None:
        current = self._folder / _CURRENT
        if current.exists():
            replace_file(self._folder / _BEFORE, current.read_bytes())
        replace_file(current, json.dumps({"format": _FORMAT, "parts": parts}).encode())

    def _read_list(self) -> dict[str, Versions]:
        for name in (_CURRENT, _BEFORE):
            try:
                return _listed((self._folder / name).read_bytes())
            except FileNotFoundError:
                continue
            except ValueError:
                kept = set_aside(self._folder / name)
                _log.error("%s was damaged; it is kept as %s and the snapshot before is used", name, kept)
        return {}

    def _read_version(self, name: str, version: str) -> bytes | None:
        path = self._folder / version
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            _log.error("the file %s of %s is missing; an older version is used if there is one", version, name)
            return None
        if _digest(content) == path.stem:
            return content
        kept = set_aside(path)
        _log.error("%s was damaged; it is kept as %s and an older version is used if there is one", name, kept)
        return None

    def _remove_unlisted(self) -> None:
        listed = {version for versions in self._parts.values() for version in versions} | set(self._before_versions())
        for path in self._folder.glob("*.part"):
            if path.name not in listed:
                remove_quietly(path)

    def _before_versions(self) -> Iterator[str]:
        try:
            before = _listed((self._folder / _BEFORE).read_bytes())
        except (FileNotFoundError, ValueError):
            return
        for versions in before.values():
            yield from versions


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()


def _listed(content: bytes) -> dict[str, Versions]:
    found = json.loads(content)
    if not isinstance(found, dict) or found.get("format") != _FORMAT or not isinstance(found.get("parts"), dict):
        raise ValueError("not a list of parts")
    if not all(isinstance(one, str) and "/" not in one for versions in found["parts"].values() for one in versions):
        raise ValueError("not a list of versions")
    parts: dict[str, Versions] = found["parts"]
    return parts
