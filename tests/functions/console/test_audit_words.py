"""The words of the audit log: for everything that the code writes into it, and for nothing else."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from functions.accounts.people.personal_requests import What
from infra.triggers import triggers
from shared.audit import Result, Way
from shared.bus import SuspicionKind
from shared.identity import Kind

ROOT = Path(__file__).parents[3]
WORDS = ROOT / "functions" / "console" / "pages" / "audit_words.js"
TABLE = re.compile(r"^const ([A-Z]+) = (\{.*?^\});$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"en", "ru"}
WRITERS = {"add": 1, "write": 0, "write_folded": 0}
"""Where each takes its action."""
TRAIL = ROOT / "shared" / "http" / "trail.py"
"""Writes what the names of operations make."""
FILLED = {"suspicion.kind": tuple(SuspicionKind), "what": get_args(What)}
"""What stands in the places of actions that are put together."""


@cache
def tables() -> dict[str, dict[str, dict[str, str]]]:
    """The tables of words by their names; each is JSON."""
    return {name: json.loads(text) for name, text in TABLE.findall(WORDS.read_text(encoding="utf-8"))}


def sources() -> list[Path]:
    """All code that may write entries, but the trail and the log itself."""
    found = [path for folder in ("functions", "shared") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if path not in {TRAIL, ROOT / "shared" / "audit.py"}]


def is_writer(node: ast.AST) -> bool:
    """Whether something names one of the log's writers."""
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "audit" and node.attr in WRITERS


class Module:
    """A module whose written actions are looked for."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.calls = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        self.constants = dict(self._constants())
        self.functions = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]

    def actions(self) -> set[str]:
        """Every action that it writes."""
        written = [call for call in self.calls if is_writer(call.func)]
        return {action for call in written for action in self._values(call.args[_place(call)], call)}

    def _constants(self) -> Iterator[tuple[str, ast.expr]]:
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                yield node.targets[0].id, node.value
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                yield node.target.id, node.value

    def _values(self, node: ast.expr, call: ast.Call) -> set[str]:
        match node:
            case ast.Constant(str(text)):
                return {text}
            case ast.JoinedStr([ast.Constant(str(begin)), ast.FormattedValue(inner), *rest]):
                tail = "".join(ast.literal_eval(each) for each in rest)
                return {f"{begin}{value}{tail}" for value in FILLED[ast.unparse(inner)]}
            case ast.Name(name) if name in self.constants:
                return self._values(self.constants[name], call)
            case ast.Subscript(ast.Name(name)):
                return set(ast.literal_eval(self.constants[name]).values())
            case ast.Name(name):
                return self._given(name, call)
        raise AssertionError(f"{ast.unparse(call)}: which actions are these?")

    def _given(self, name: str, call: ast.Call) -> set[str]:
        """What callers within the module give for a parameter of the function around a call."""
        (around,) = (each for each in self.functions if call in list(ast.walk(each)))
        at = [argument.arg for argument in around.args.args].index(name)
        callers = [each for each in self.calls if isinstance(each.func, ast.Name) and each.func.id == around.name]
        assert callers, f"nobody calls {around.name}"
        return {action for each in callers for action in self._values(each.args[at], each)}


def _place(call: ast.Call) -> int:
    assert isinstance(call.func, ast.Attribute)
    return WRITERS[call.func.attr]


@cache
def written() -> frozenset[str]:
    """Every action that the code may write: by its services, and by the trail of mutating requests."""
    by_services = {action for path in sources() for action in Module(path).actions()}
    routes = [route for route in triggers().routes if route.operation.is_mutating]
    by_trail = {f"{route.function.name.removesuffix('_api')}.{route.operation.name}" for route in routes}
    assert "accounts.session.opened" in by_services
    assert "accounts.change_member" in by_trail
    return frozenset(by_services | by_trail)


def test_every_action_has_words() -> None:
    """PLAT-35: whoever reads the log reads words."""
    assert written() - tables()["ACTIONS"].keys() == set()


def test_no_words_are_of_an_action_that_there_is_not() -> None:
    assert tables()["ACTIONS"].keys() - written() == set()


def test_every_system_way_actor_and_result_has_words() -> None:
    found = tables()
    assert found["SYSTEMS"].keys() == {action.partition(".")[0] for action in written()}
    assert found["WAYS"].keys() == set(get_args(Way))
    assert found["RESULTS"].keys() == set(get_args(Result))
    assert found["ACTORS"].keys() == {*get_args(Kind), *kinds()}


def kinds() -> set[str]:
    """The kinds of actors that are named in the code, and in the socket's by what the subject's id begins with."""
    named = re.compile(r'Actor\("([a-z]+)"')
    files = [*sources(), TRAIL, ROOT / "shared" / "audit.py"]
    return {kind for path in files for kind in named.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("table", sorted(tables()))
def test_words_are_in_every_language_and_tell_things_apart(table: str) -> None:
    """PLAT-42: two interface languages; in a list of choices no two look alike."""
    for name, texts in tables()[table].items():
        assert set(texts) == LANGUAGES, name
        assert all(text.strip() for text in texts.values()), name
    for language in LANGUAGES:
        spoken = [texts[language] for texts in tables()[table].values()]
        assert len(spoken) == len(set(spoken))


def test_nobody_writes_entries_past_this_test() -> None:
    """A writer that is passed on or imported by its name would write actions that nobody looks for."""
    for path in sources():
        module = Module(path)
        called = {id(call.func) for call in module.calls}
        passed = [node for node in ast.walk(module.tree) if is_writer(node) and id(node) not in called]
        imports = [node for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom)]
        taken = [each.name for node in imports if node.module == "shared.audit" for each in node.names]
        assert (passed, WRITERS.keys() & set(taken)) == ([], set()), path
