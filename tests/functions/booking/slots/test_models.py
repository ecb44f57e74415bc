"""Values the engine reads."""

import ast
import sys
from pathlib import Path
from typing import Any

import pytest

import functions.booking.slots
from functions.booking.slots import Service


@pytest.mark.parametrize("name", ["duration_min", "step_min", "seats"])
def test_a_service_without_length_step_or_place_is_refused(name: str) -> None:
    given: dict[str, Any] = {"duration_min": 60, "step_min": 60, name: 0}
    with pytest.raises(ValueError, match="start at 1"):
        Service(**given)


@pytest.mark.parametrize("name", ["buffer_before_min", "buffer_after_min", "start_offset_min"])
def test_a_negative_buffer_or_offset_is_refused(name: str) -> None:
    given: dict[str, Any] = {"duration_min": 60, "step_min": 60, name: -1}
    with pytest.raises(ValueError, match="not negative"):
        Service(**given)


def test_the_engine_imports_nothing_but_the_standard_library_and_itself() -> None:
    package = functions.booking.slots
    for path in Path(package.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert all(alias.name.split(".")[0] in sys.stdlib_module_names for alias in node.names), path
            elif isinstance(node, ast.ImportFrom):
                module = node.module or ""
                assert module.startswith(package.__name__) or module.split(".")[0] in sys.stdlib_module_names, path
