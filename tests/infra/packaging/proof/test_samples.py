"""The files of `events/` and what is expected of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.packaging.errors import PackagingError
from infra.packaging.proof import samples
from infra.packaging.proof.samples import Sample
from infra.triggers import functions


def test_ours_are_known_and_every_function_has_one() -> None:
    samples.check_known(samples.read(), {function.name for function in functions()})


def test_a_function_without_a_sample_is_refused() -> None:
    with pytest.raises(PackagingError, match="new_function"):
        samples.check_known(samples.read(), {*(function.name for function in functions()), "new_function"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two samples."""
    for name in ("things/api__one.json", "things/queue__two.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"a": 1}', encoding="utf-8")
    return tmp_path


def expect(folder: Path, content: dict[str, Any]) -> None:
    """Writes what is expected."""
    (folder / "expected.json").write_text(json.dumps(content), encoding="utf-8")


def test_names_tell_the_function(folder: Path) -> None:
    expect(folder, {"things/api__one.json": {"status": 200}, "things/queue__two.json": {}})
    found = [(sample.function, sample.event, sample.expected) for sample in samples.read(folder)]
    assert found == [("things_api", {"a": 1}, {"status": 200}), ("things_queue", {"a": 1}, {})]


@pytest.mark.parametrize(
    "content",
    [
        {"things/api__one.json": {}},
        {"things/api__one.json": {}, "things/queue__two.json": {}, "things/queue__three.json": {}},
    ],
)
def test_files_and_expectations_have_to_match(folder: Path, content: dict[str, Any]) -> None:
    expect(folder, content)
    with pytest.raises(PackagingError, match=r"things/queue__t\w+\.json"):
        samples.read(folder)


def test_a_name_without_a_case_is_refused(folder: Path) -> None:
    (folder / "things/plain.json").write_text("{}", encoding="utf-8")
    expect(folder, {"things/api__one.json": {}, "things/queue__two.json": {}, "things/plain.json": {}})
    with pytest.raises(PackagingError, match=r"plain\.json"):
        samples.read(folder)


@pytest.mark.parametrize(
    ("expected", "answer", "is_right"),
    [
        ({"status": 200}, {"statusCode": 200}, True),
        ({"status": 200}, {"statusCode": 500}, False),
        ({"status": 200}, None, False),
        ({"failures": []}, {"batchItemFailures": []}, True),
        ({"failures": ["b"]}, {"batchItemFailures": [{"itemIdentifier": "b"}]}, True),
        ({"failures": ["b"]}, {"batchItemFailures": [{"itemIdentifier": "a"}]}, False),
        ({"failures": []}, {"batchItemFailures": [{"itemIdentifier": "a"}]}, False),
        ({"failures": []}, None, False),
        ({}, {"anything": 1}, True),
        ({"principal": "usr_1"}, {"principalId": "usr_1"}, True),
        ({"principal": "usr_1"}, {"principalId": "usr_2"}, False),
        ({"principal": "usr_1"}, None, False),
        ({"error": "Unauthorized"}, {"principalId": "usr_1"}, False),
    ],
)
def test_answers_are_compared(expected: dict[str, Any], answer: Any, is_right: bool) -> None:  # noqa: FBT001
    assert (samples.complaint(Sample("x", "f", {}, expected), answer) == "") is is_right


@pytest.mark.parametrize(
    ("expected", "error", "is_right"),
    [
        ({"error": "Unauthorized"}, "Traceback …\nshared.errors.Unauthorized: Unauthorized\n", True),
        ({"error": "Unauthorized"}, "Traceback …\nKeyError: 'Unauthorized'\n", False),
        ({"error": "Unauthorized"}, "", False),
        ({"status": 200}, "Traceback …\nKeyError: 'x'\n", False),
        ({}, "Traceback …\nKeyError: 'x'\n", False),
    ],
)
def test_errors_are_compared(expected: dict[str, Any], error: str, is_right: bool) -> None:  # noqa: FBT001
    assert (samples.complaint(Sample("x", "f", {}, expected), None, error) == "") is is_right
