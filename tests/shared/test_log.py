"""Logs and metrics: JSON lines that tell what happened and to nobody's harm."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.exceptions import PutError

from shared import log
from tests.support import logs
from tests.support.hostile import texts
from tests.support.logs import Lines

SECRET = "+79990000000"


@pytest.fixture
def _root() -> Iterator[None]:
    """The root logger as it was before."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.getLogger("svyaz").level
    yield
    root.handlers[:], level, ours = before[0], before[1], before[2]
    root.setLevel(level)
    logging.getLogger("svyaz").setLevel(ours)


def _fail(error: Exception) -> None:
    raise error


def _failed(error: Exception) -> Lines:
    with logs.kept() as lines:
        try:
            _fail(error)
        except Exception:  # noqa: BLE001  # as handlers do
            log.failure("work.failed", number=1)
    return lines


def test_a_line_tells_time_level_event_and_fields(logged: Lines) -> None:
    log.info("work.done", number=3, name="ё")
    (line,) = logged.named("work.done")
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "INFO", "event": "work.done", "number": 3, "name": "ё"}


@given(event=st.text(max_size=30), value=texts(60) | st.integers() | st.floats() | st.none())
def test_whatever_is_logged_is_one_line_of_json(event: str, value: Any) -> None:
    with logs.kept() as lines:
        log.warning(event, value=value)
    (text,) = lines.texts
    assert "\n" not in text
    assert set(json.loads(text)) == {"time", "level", "event", "value"}


def test_what_json_does_not_know_is_told_as_text(logged: Lines) -> None:
    log.info("odd", value={1, 2}, raw=b"x")
    assert logged.named("odd")[0]["raw"] == "b'x'"


def test_an_events_percent_signs_are_no_template(logged: Lines) -> None:
    log.info("100%s %d", a=1)
    assert logged.named("100%s %d")


def test_an_exception_is_told_by_type_and_place_without_its_words() -> None:
    """PLAT-22, PLAT-40."""
    lines = _failed(ValueError(f"no such phone: {SECRET}"))
    (line,) = lines.named("work.failed")
    assert (line["level"], line["error"], line["number"], line["code"]) == ("ERROR", "ValueError", 1, None)
    assert "test_log.py" in line["where"]
    assert SECRET not in "".join(lines.texts)


def test_not_even_the_words_of_what_caused_it_are_told() -> None:
    error = RuntimeError("outer")
    error.__cause__ = ValueError(SECRET)
    assert SECRET not in "".join(_failed(error).texts)


@pytest.mark.parametrize("wrap", [lambda error: error, lambda error: PutError("put", error)])
def test_awss_own_code_is_told(wrap: Any) -> None:
    """A type alone does not tell a missing right from a missing table."""
    error = ClientError({"Error": {"Code": "AccessDeniedException", "Message": SECRET}}, "PutItem")
    lines = _failed(wrap(error))
    assert lines.named("work.failed")[0]["code"] == "AccessDeniedException"
    assert SECRET not in "".join(lines.texts)


def test_a_deep_trace_is_cut() -> None:
    def fall(depth: int) -> None:
        if not depth:
            raise ValueError
        fall(depth - 1)

    with logs.kept() as lines:
        try:
            fall(200)
        except ValueError:
            log.failure("deep")
    assert len(lines.named("deep")[0]["where"]) <= 3000


def test_a_failure_outside_of_any_exception_is_still_told(logged: Lines) -> None:
    log.failure("odd")
    assert "error" not in logged.named("odd")[0]


def test_context_is_added_inside_and_nested(logged: Lines) -> None:
    with log.context(correlation_id="cor_1", trigger="http"):
        assert log.correlation_id() == "cor_1"
        with log.context(correlation_id="cor_2"):
            log.info("inner")
        log.info("outer")
    log.info("after")
    inner, outer, after = (logged.named(name)[0] for name in ("inner", "outer", "after"))
    assert (inner["correlation_id"], inner["trigger"]) == ("cor_2", "http")
    assert outer["correlation_id"] == "cor_1"
    assert "correlation_id" not in after
    assert log.correlation_id() == ""


def test_context_ends_with_an_exception() -> None:
    with pytest.raises(ZeroDivisionError), log.context(correlation_id="cor_1"):
        raise ZeroDivisionError
    assert log.correlation_id() == ""


@pytest.mark.usefixtures("_root")
def test_all_loggers_of_the_process_write_json(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    log.set_up("INFO")
    log.info("ours")
    logging.getLogger("botocore").warning("theirs %s", 1)
    logging.getLogger("botocore").info("not this")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["ours", "theirs 1"]


@pytest.mark.usefixtures("_root")
@pytest.mark.parametrize(("level", "told"), [("DEBUG", 3), ("INFO", 3), ("WARNING", 2), ("ERROR", 1)])
def test_the_level_is_the_settings(capsys: pytest.CaptureFixture[str], level: str, told: int) -> None:
    log.set_up(level)
    log.info("a")
    log.warning("b")
    log.failure("c")
    assert len(capsys.readouterr().err.splitlines()) == told


@pytest.mark.usefixtures("_root")
def test_lone_surrogates_are_written_somehow(capsys: pytest.CaptureFixture[str]) -> None:
    """Text from outside may hold what UTF-8 does not."""
    log.set_up("INFO")
    log.info("odd", text="\ud800")
    assert "odd" in capsys.readouterr().err


def test_a_count_is_a_metric_in_the_embedded_format(capsys: pytest.CaptureFixture[str]) -> None:
    log.count("MessageSent", 2, channel="telegram", account="a")
    line = json.loads(capsys.readouterr().out)
    assert (line["MessageSent"], line["channel"], line["account"]) == (2, "telegram", "a")
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Svyaz"
    assert directive["Dimensions"] == [["account", "channel", "stage"]]
    assert line["stage"] == "test"
    assert directive["Metrics"] == [{"Name": "MessageSent", "Unit": "Count"}]
    assert line["_aws"]["Timestamp"] > 1_700_000_000_000


def test_counts_go_where_lambda_reads_them(capsys: pytest.CaptureFixture[str]) -> None:
    log.count("Plain")
    shown = capsys.readouterr()
    assert shown.err == ""
    assert logs.counted(shown.out, "Plain") == [{"Plain": 1}]
    assert sys.stdout is not None
