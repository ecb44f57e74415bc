"""The manuals as tests read them: files, what stands in them as code, headings, and the words of the pages."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MANUALS = sorted(DOCS.glob("*.md"))
TEXTS = [*MANUALS, *sorted(ROOT.glob("*.md"))]
TRANSLATED = [path for path in MANUALS if not path.name.endswith(".ru.md")]
FENCE = re.compile(r"^ *```[a-z]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
SPOKEN = re.compile(r'"?en"?: ?("(?:[^"\\]|\\.)*"), ?"?ru"?: ?("(?:[^"\\]|\\.)*")')


def name(path: Path) -> str:
    """How a test calls a file."""
    return str(path.relative_to(ROOT))


def read(path: Path) -> str:
    """A file's text."""
    return path.read_text(encoding="utf-8")


def russian(path: Path) -> Path:
    """The same manual in Russian."""
    return path.with_name(f"{path.stem}.ru.md")


def blocks(path: Path) -> list[str]:
    """What stands between fences."""
    return FENCE.findall(read(path))


def spans(path: Path) -> list[str]:
    """What stands between backticks in a line."""
    return SPAN.findall(FENCE.sub("", read(path)))


def anchors(path: Path) -> set[str]:
    """What a link may name after #, as GitHub makes it of headings."""
    return {
        re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in HEADING.findall(read(path))
    }


def words_of_pages() -> set[str]:
    """Everything that our pages say in English or in Russian."""
    sources = [*ROOT.glob("functions/*/pages/*_words.js"), ROOT / "shared" / "pages" / "common.js"]
    found = [both for path in sources for both in SPOKEN.findall(read(path))]
    return {text.strip('"') for both in found for text in both}
