"""No people's data in logs: the watch that every test runs under sees what is logged, and catches what must not be."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from functions.booking.tables import find_conversation
from infra import demo_data
from shared import log
from shared.outbox import conversation_key
from tests.support import known_people
from tests.support.known_people import COMMENT, EMAIL, NAME, PHONE, RUSSIAN_NAME, leaks
from tests.support.log_watch import Watch, check_files
from tests.support.people import Person

PLANTED = """
from shared import log

def test_leaks(log_watch):
    log.info("booked", client="{name}")
"""


@pytest.mark.parametrize("text", [*known_people.TEXTS, *known_people.NUMBERS, "800000017"])
def test_whoever_is_known_is_found_in_a_line(text: str) -> None:
    for line in (f'{{"event": "x", "client": "{text}"}}', json.dumps({"client": text}), f"about {text}."):
        assert leaks(line)


@pytest.mark.parametrize(
    "text",
    [
        "person7@example.org",
        "имя@пример.рф.example",
        "+491700000000",
        "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1c3JfMSJ9.c2ln",
        "svz_live_01900000000070008000000000000001_abcdefghijklmnopqrstuvwxyz",
        "$argon2id$v=19$m=19456",
    ],
)
def test_what_looks_like_somebodys_is_found_too(text: str) -> None:
    assert leaks(f'{{"event": "x", "about": "{text}"}}')


def test_ids_and_numbers_of_ours_are_nobodys() -> None:
    """A chat's number inside of an id or a moment names nobody."""
    for line in ("evt_a7000000018008000", '{"at": 1795168000000}', "client cli_01900000000070000000180000000001"):
        assert not leaks(line)
    assert not leaks('{"time": "2026-11-20T17:39:10.852+00:00", "path": "/@connections/x", "zone": "+0000"}')


@pytest.mark.parametrize("logger", ["", "svyaz", "botocore.retries"])
def test_a_planted_line_is_caught_whoever_logs_it(logger: str, log_watch: Watch) -> None:
    """PLAT-22: the check can fail."""
    logging.getLogger(logger).warning("sent to %s", EMAIL)
    _is_caught(log_watch)


def test_a_planted_field_context_and_metric_are_caught(log_watch: Watch) -> None:
    log.info("booked", comment=COMMENT)
    _is_caught(log_watch)
    with log.context(client=PHONE):
        log.info("booked")
    _is_caught(log_watch)
    log.count("Booked", client=RUSSIAN_NAME)
    _is_caught(log_watch)


def test_a_person_who_books_is_in_the_table_and_in_no_log(aws: None, log_watch: Watch) -> None:
    """PLAT-22: the watch sees real lines of a real path on which the name goes by."""
    demo_data.seed()
    person, before = Person(name=NAME), log_watch.seen
    person.book()
    conversation, _ = find_conversation(conversation_key(person.contact), None)
    assert conversation is not None
    assert conversation.name == NAME
    assert log_watch.seen > before


def test_a_test_in_whose_time_somebody_is_named_fails(tmp_path: Path) -> None:
    """The whole way, as every test of the suite goes it."""
    results = {}
    for name in (NAME, "nobody"):
        written = tmp_path / f"test_{name}.py"
        written.write_text(PLANTED.format(name=name))
        command = [sys.executable, "-m", "pytest", "-p", "tests.support.log_watch", "-p", "no:cacheprovider", "-n0"]
        run = subprocess.run([*command, "--rootdir", str(tmp_path), str(written)], capture_output=True, check=False)  # noqa: S603
        results[name] = (run.returncode, b"people's data in the log" in run.stdout)
    assert results == {NAME: (1, True), "nobody": (0, False)}


def test_log_files_of_a_running_product_are_looked_through(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    log_file = tmp_path / "logs" / "functions.log"
    log_file.write_text('{"event": "http"}\n{"event": "sent"}\n', encoding="utf-8")
    assert check_files(tmp_path) == 2
    log_file.write_text(json.dumps({"event": "sent", "to": RUSSIAN_NAME}), encoding="utf-8")
    with pytest.raises(AssertionError, match="people's data"):
        check_files(tmp_path)


def _is_caught(watch: Watch) -> None:
    assert watch.found
    with pytest.raises(AssertionError, match="people's data"):
        watch.check()
    watch.found.clear()
