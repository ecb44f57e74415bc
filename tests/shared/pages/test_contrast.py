"""The stylesheet's colours: readable for everybody, in light and dark.

Source: https://www.w3.org/TR/WCAG22/#contrast-minimum (read 2026-11-20).
"""

from __future__ import annotations

import re

import pytest

from tests.shared.pages.sources import FOLDERS

TEXT_LEAST = 4.5
SHAPE_LEAST = 3.0
TOKEN = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6});")
TONE = re.compile(r"--avatar-ground[:,] ?(#[0-9a-f]{6})")
CSS = (FOLDERS["shared"] / "base.css").read_text(encoding="utf-8")
LIGHT, DARK = (dict(TOKEN.findall(part)) for part in CSS.split("@media (prefers-color-scheme: dark)", 1))
SCHEMES = {"light": LIGHT, "dark": {**LIGHT, **DARK}}
TEXTS = [
    *[(text, ground) for text in ("text", "muted") for ground in ("ground", "surface", "surface-2")],
    *[("accent", ground) for ground in ("ground", "surface", "surface-2", "accent-soft")],
    *[("accent-hover", ground) for ground in ("ground", "surface")],
    ("text", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("danger", "ground"),
    ("danger", "surface"),
    ("warning", "warning-soft"),
    ("text", "warning-soft"),
    ("text", "danger-soft"),
]
SHAPES = [("line-strong", "surface"), ("line-strong", "ground"), ("accent", "ground"), ("good", "surface")]


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_texts(scheme: str, text: str, ground: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours[text], colours[ground]) >= TEXT_LEAST


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes(scheme: str, shape: str, ground: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours[shape], colours[ground]) >= SHAPE_LEAST


def test_initials_on_every_tone() -> None:
    tones = TONE.findall(CSS)
    assert len(tones) == 6
    assert min(contrast(tone, "#ffffff") for tone in tones) >= TEXT_LEAST
