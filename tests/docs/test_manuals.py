"""The manuals name nothing that is not there: files, routes, settings, commands, errors, figures, words of pages."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import pytest

from app import APIS
from functions.accounts.outside import configured
from functions.accounts.tokens import keyring
from infra.packaging.secrets import EDGE
from infra.resources import SECRETS
from shared import suspicion
from shared.rights import Right
from shared.settings import FORMS, PREFIX, Settings
from tests.docs.manuals import (
    DOCS,
    MANUALS,
    ROOT,
    TEXTS,
    TRANSLATED,
    anchors,
    blocks,
    name,
    read,
    russian,
    spans,
    words_of_pages,
)

OPENAPI = json.loads(read(ROOT / "functions" / "console" / "pages" / "openapi.json"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
ROUTE = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) (/v1/[^\s`?\"]+)")
CALLED = re.compile(r"\$BASE(/[^\s\"?]*)")
PAGE = re.compile(r"/[a-z][a-z0-9/._-]*|/")
SETTING = re.compile(rf"\b{PREFIX}[A-Z_]+\b")
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
MODULE = re.compile(r"\bpython -m ([a-z_.]+)")
OPTION = re.compile(r"(?<![\w-])--[a-z-]+")
OTHERS_OPTIONS = {"--data-urlencode", "--name", "--overwrite", "--type", "--value"}
ERROR = re.compile(r"^\| (\d{3}) \| `([a-z-]+)` \|", re.MULTILINE)
NOTICE = re.compile(r"^\| `([a-z_]+)` \| (\d+) \| (\d+) (\w+) \|", re.MULTILINE)
SECONDS = {"min": 60, "мин": 60, "day": 86_400, "день": 86_400}
SCOPES = re.compile(r'"scopes": \[(.*?)\]')
SECRET = re.compile(r"(?:/svyaz/\w+/)?((?:keys|jwks|login)/[a-z]+)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
FOR_PEOPLE = [DOCS / f"{name}{language}.md" for name in ("accounts", "administration") for language in ("", ".ru")]

texts = pytest.mark.parametrize("path", TEXTS, ids=name)
manuals = pytest.mark.parametrize("path", MANUALS, ids=name)


def _code(path: Path) -> str:
    return "\n".join(chain(spans(path), blocks(path)))


@texts
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in LINK.findall(read(path)):
        file, _, anchor = link.partition("#")
        if "://" in link:
            continue
        target = (path.parent / file).resolve() if file else path
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


@texts
def test_every_command_and_option_exists(path: Path) -> None:
    """PLAT-43: what a manual tells to type can be typed."""
    code = _code(path)
    targets = set(re.findall(r"^([a-z-]+):", read(ROOT / "Makefile"), re.MULTILINE))
    assert set(MAKE.findall(code)) <= targets
    assert [module for module in MODULE.findall(code) if find_spec(module) is None] == []
    tools = chain(ROOT.glob("infra/*.py"), ROOT.glob("infra/local/run.py"))
    ours = {option for tool in tools for option in re.findall(r'"(--[a-z-]+)"', read(tool))}
    assert set(OPTION.findall(code)) <= ours | OTHERS_OPTIONS


@manuals
def test_every_route_is_in_the_api_document(path: Path) -> None:
    """PLAT-43: a route that a manual names is one that is served."""
    for method, route in ROUTE.findall(read(path)):
        assert method.lower() in OPENAPI["paths"].get(route, {}), f"{method} {route}"


@manuals
def test_every_address_is_served(path: Path) -> None:
    routes = [operation.path for api in APIS for operation in api.operations]
    served = [re.compile(re.sub(r"\{\w+\}", "[^/]+", route)) for route in routes]
    named = {span for span in spans(path) if PAGE.fullmatch(span) and not span.startswith("/_local/")}
    called = {call for block in blocks(path) for call in CALLED.findall(block)}
    assert [each for each in sorted(named | called) if not any(one.fullmatch(each) for one in served)] == []


@manuals
def test_every_setting_and_secret_exists(path: Path) -> None:
    code = _code(path)
    assert set(SETTING.findall(code)) <= {PREFIX + field.upper() for field in FORMS}
    named = {found[1] for each in chain(spans(path), code.split()) if (found := SECRET.fullmatch(each))}
    assert named <= {*SECRETS, EDGE, keyring.PRIVATE, keyring.PUBLIC, configured.TELEGRAM, configured.VK}


@manuals
def test_every_error_and_right_exists(path: Path) -> None:
    known = {(str(problem["status"]), problem["kind"]) for problem in OPENAPI["x-problems"]}
    assert set(ERROR.findall(read(path))) <= known
    scopes = {scope.strip(' "') for found in SCOPES.findall(read(path)) for scope in found.split(",")}
    assert scopes <= {right.value for right in Right}


@pytest.mark.parametrize("file", ["administration.md", "administration.ru.md"])
def test_notices_are_told_with_their_true_thresholds(file: str) -> None:
    told = {
        kind: (int(most), int(number) * SECONDS[unit]) for kind, most, number, unit in NOTICE.findall(read(DOCS / file))
    }
    detectors = [value for value in vars(suspicion).values() if isinstance(value, suspicion.Detector)]
    assert told == {detector.kind: (detector.most, detector.per_s) for detector in detectors}


@pytest.mark.parametrize("file", ["administration.md", "administration.ru.md", "security.md", "security.ru.md"])
def test_the_audit_log_is_kept_as_long_as_told(file: str) -> None:
    kept = str(Settings._field_defaults["audit_kept_days"])
    assert kept in read(DOCS / file).replace(",", "")


@pytest.mark.parametrize("path", FOR_PEOPLE, ids=name)
def test_what_stands_in_bold_stands_on_a_page(path: Path) -> None:
    """PLAT-43: manuals call things as the pages call them; a bold text with a stop is a heading of its own."""
    named = {" ".join(bold.split()) for bold in BOLD.findall(read(path)) if bold[-1] not in ".:"}
    assert named
    assert named - words_of_pages() == set()


@pytest.mark.parametrize("path", TRANSLATED, ids=name)
def test_both_languages_tell_the_same(path: Path) -> None:
    """PLAT-43: the same commands and routes stand in both."""
    other = russian(path)
    assert blocks(path) == blocks(other)
    assert sorted(ROUTE.findall(read(path))) == sorted(ROUTE.findall(read(other)))
    assert len(re.findall(r"^#", read(path), re.MULTILINE)) == len(re.findall(r"^#", read(other), re.MULTILINE))


@pytest.mark.parametrize("file", ["api.md", "api.ru.md"])
def test_every_route_that_takes_an_idempotency_key_is_named(file: str) -> None:
    """PLAT-43: whoever retries knows where he may."""
    taking = {(each.method, each.path) for api in APIS for each in api.operations if each.takes_idempotency_key}
    section = read(DOCS / file).partition("## Idempotency-Key")[2].partition("\n## ")[0]
    assert set(ROUTE.findall(section)) == taking
