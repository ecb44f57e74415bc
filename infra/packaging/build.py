"""Making the package of one stage: the zip and the template, within their bounds, without a complaint of cfn-lint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from app import app
from infra.packaging import bounds, chalice_sam, lint
from infra.packaging.bounds import Size
from infra.packaging.bundle import Bundle
from infra.packaging.template import Template, assemble, minified
from infra.triggers import triggers

ROOT = Path(__file__).resolve().parents[2]
ZIP, TEMPLATE, CACHE = "deployment.zip", "template.json", "cache"


@dataclass(frozen=True)
class Package:
    """What AWS takes: two files in a folder."""

    folder: Path
    sizes: tuple[Size, ...] = ()

    @property
    def zip_path(self) -> Path:
        """All functions and what they need."""
        return self.folder / ZIP

    @property
    def template_path(self) -> Path:
        """The CloudFormation template, whose functions name the zip beside it."""
        return self.folder / TEMPLATE

    def template(self) -> Template:
        """The template as CloudFormation reads it."""
        read: Template = json.loads(self.template_path.read_text(encoding="utf-8"))
        return read

    def digest(self) -> str:
        """What tells this zip from others."""
        return hashlib.sha256(self.zip_path.read_bytes()).hexdigest()


def build(stage: str, out: Path, project: Path = ROOT) -> Package:
    """The package of a stage in `<out>/<stage>`; built dependencies are kept beside it.

    Raises: PackagingError.
    """
    folder = out / stage
    folder.mkdir(parents=True, exist_ok=True)
    bundle = Bundle(folder / ZIP, out / CACHE)
    template = assemble(stage, chalice_sam.generate(app, project, stage, bundle), triggers())
    text = minified(template)
    (folder / TEMPLATE).write_text(text, encoding="utf-8")
    sizes = bounds.sizes(template, folder / ZIP)
    bounds.check(sizes)
    lint.check(text)
    return Package(folder, tuple(sizes))
