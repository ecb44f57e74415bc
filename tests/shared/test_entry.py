"""What every trigger begins with."""

from __future__ import annotations

import pytest

from shared import entry, log, settings
from shared.entry import trigger
from shared.errors import SettingsInvalid
from tests.support.logs import Lines


def test_a_trigger_names_itself_in_what_is_logged(logged: Lines) -> None:
    """PLAT-40."""
    with trigger("cron", "platform_tick", "event-1") as correlation_id:
        log.info("inside")
    assert correlation_id == "event-1"
    (line,) = logged.named("inside")
    assert (line["trigger"], line["function"], line["correlation_id"]) == ("cron", "platform_tick", "event-1")


@pytest.mark.parametrize("given", [None, ""])
def test_without_an_id_of_its_own_it_gets_one(given: str | None) -> None:
    with trigger("http", "a", given) as first, trigger("http", "b", given) as second:
        assert first.startswith("cor_")
        assert second != first
        assert log.correlation_id() == second


def test_wrong_settings_stop_the_first_trigger_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-41."""
    monkeypatch.delenv("SVYAZ_OPERATOR_MAIL")
    entry._start.cache_clear()
    settings.settings.cache_clear()
    try:
        with pytest.raises(SettingsInvalid, match=r"^SVYAZ_OPERATOR_MAIL: "), trigger("http", "a"):
            pytest.fail("it must not begin")
    finally:
        monkeypatch.undo()
        entry._start.cache_clear()
        settings.settings.cache_clear()
