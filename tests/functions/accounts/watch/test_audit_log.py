"""Reading the audit log: what fits and nothing else, page by page, and never another organisation's."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from functions.accounts.api.audit import api
from functions.accounts.watch import audit_log
from infra.triggers import triggers
from shared import audit, suspicion
from shared.audit import NOBODY, Actor, AuditRow
from shared.identity import Caller
from shared.limits import Counter
from shared.rights import Right
from tests.support.aws_calls import watched
from tests.support.clock import START, Clock, stopped
from tests.support.http_events import Answer
from tests.support.signed_in import ask

pytestmark = pytest.mark.usefixtures("aws")
AUDIT = "/v1/accounts/audit"
FILE = "/v1/accounts/audit/file"
ADA = Caller("user", "usr_ada", "org_lipa", ("administrator",))
BORIS = Caller("user", "usr_boris", "org_wheel", ("administrator",))
KINDS = ("even", "odd")
NO_QUERY: Mapping[str, str] = {}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


@pytest.fixture
def filled(clock: Clock) -> Clock:
    """Four months of two people's deeds in two organisations; the last at the clock's moment."""
    clock.moment = START - timedelta(days=12 * 10)
    for number in range(13):
        for org_id in ("org_lipa", "org_wheel", NOBODY):
            with audit.acting(Actor("user", f"usr_{number % 2}", "http", org_id, "203.0.113.7")):
                result: audit.Result = "refused" if number % 3 == 0 else "done"
                audit.write(f"test.{KINDS[number % 2]}.changed", f"{org_id}-{number % 4}", result=result)
        clock.forward(days=10)
    clock.moment = START
    return clock


def search(query: Mapping[str, str] = NO_QUERY, who: Caller = ADA) -> Answer:
    """The answer to a search."""
    return ask(api, who, "GET", AUDIT, query=list(query.items()))


def every(query: Mapping[str, str] = NO_QUERY, who: Caller = ADA, limit: str = "5") -> list[dict[str, Any]]:
    """All pages of a search."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = search({"limit": limit, **query, **cursor}, who).json
        found += page["items"]
        if "next_cursor" not in page:
            return found
        cursor = {"cursor": page["next_cursor"]}


@pytest.mark.parametrize("limit", ["1", "4", "5", "13", "200"])
def test_all_of_it_page_by_page_the_newest_first(filled: Clock, limit: str) -> None:
    """PLAT-35."""
    found = every(limit=limit)
    assert len(found) == 13
    assert [item["at"] for item in found] == sorted((item["at"] for item in found), reverse=True)
    assert found[0]["at"].startswith("2026-03-02")
    assert {item["thing"].split("-")[0] for item in found} == {"org_lipa"}
    assert set(found[0]) == {
        "id",
        "at",
        "actor_kind",
        "actor",
        "way",
        "action",
        "thing",
        "result",
        "network",
        "place",
        "correlation_id",
    }


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"actor": "usr_1"}, 6),
        ({"thing": "org_lipa-0"}, 4),
        ({"actor": "usr_1", "thing": "org_lipa-0"}, 0),
        ({"actor": "usr_0", "thing": "org_lipa-0"}, 4),
        ({"result": "refused"}, 5),
        ({"action": "test.odd.changed"}, 6),
        ({"action": "test.odd"}, 6),
        ({"action": "test.od"}, 0),
        ({"action": "test"}, 13),
        ({"from": "2026-02-01T00:00:00Z"}, 3),
        ({"to": "2026-02-01T00:00:00Z"}, 10),
        ({"from": "2026-01-01T00:00:00+03:00", "to": "2026-02-01T00:00:00+03:00"}, 4),
        ({"from": "2026-03-02T10:20:30Z", "to": "2026-03-02T10:20:31Z"}, 1),
        ({"from": "2026-03-02T10:20:29Z", "to": "2026-03-02T10:20:30Z"}, 0),
        ({"from": "2026-03-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, 0),
        ({"actor": "usr_0", "result": "refused", "from": "2026-01-15T00:00:00Z"}, 1),
        ({"actor": "usr_of_nobody"}, 0),
    ],
)
def test_what_fits_everything_that_is_asked(filled: Clock, query: dict[str, str], count: int) -> None:
    """PLAT-35: by person, thing, time, action and result."""
    assert len(every(query)) == count
    assert len(every(query, limit="2")) == count


def test_no_organisation_sees_anothers(filled: Clock) -> None:
    """PLAT-33."""
    for query in ({}, {"actor": "usr_1"}, {"thing": "org_lipa-0"}):
        assert all(item["thing"].startswith("org_wheel-") for item in every(query, BORIS))
    assert every({"thing": "org_lipa-0"}, BORIS) == []


def test_what_belongs_to_nobody_is_nobodys_to_read(filled: Clock) -> None:
    for org_id in ("", NOBODY):
        odd = Caller("key", "key_1", org_id, scopes=(Right.AUDIT_READ,))
        for path in (AUDIT, FILE):
            assert ask(api, odd, "GET", path).status == 403


def test_whoever_has_not_the_right_sees_nothing(filled: Clock) -> None:
    for path in (AUDIT, FILE, "/v1/accounts/notices"):
        assert ask(api, Caller("user", "usr_1", "org_lipa", ("support",)), "GET", path).status == 403
        assert ask(api, None, "GET", path).status == 401


def test_a_cursor_of_another_organisation_or_made_up_is_refused(filled: Clock) -> None:
    given = search({"limit": "1"}).json["next_cursor"]
    assert search({"cursor": given}, BORIS).status == 422
    assert search({"cursor": "made-up"}).status == 422
    assert "org_lipa" not in given


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "1000"},
        {"from": "yesterday"},
        {"from": "2026-01-01T00:00:00"},
        {"from": "0001-01-01T00:00:00+14:00"},
        {"to": "9999-12-31T23:59:59-12:00"},
        {"result": "maybe"},
        {"actor": "usr_1#actor"},
        {"thing": "x" * 121},
        {"action": "DROP TABLE"},
        {"org_id": "org_wheel"},
    ],
)
def test_odd_questions_are_refused(filled: Clock, query: dict[str, str]) -> None:
    assert search(query).status == 422
    assert ask(api, ADA, "GET", FILE, query=list(query.items())).status == 422


def test_what_is_kept_no_longer_is_not_shown(filled: Clock) -> None:
    """PLAT-35: kept for a set time, whether or not it is cleaned up."""
    filled.moment = START + timedelta(days=1095, seconds=-1)
    assert len(every()) == 1
    assert len(every({"actor": "usr_0"})) == 1
    filled.forward(seconds=1)
    assert every() == []


def test_a_rare_entry_does_not_hold_up_the_answer(filled: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "LOOKED_AT_MOST", 3)
    first = search({"actor": "usr_0", "thing": "org_lipa-2"}).json
    assert len(first["items"]) < 3
    assert len(every({"actor": "usr_0", "thing": "org_lipa-2"})) == 3


def test_a_person_is_found_without_reading_everything(filled: Clock) -> None:
    with watched("dynamodb") as calls:
        search({"actor": "usr_1"})
    queries = [params for name, params in calls if name == "Query"]
    assert [params["IndexName"] for params in queries] == ["by_actor"]


def test_a_far_future_costs_no_more(filled: Clock) -> None:
    """The months that have not come are not asked for one by one."""
    with watched("dynamodb") as calls:
        found = search({"to": "2100-12-31T23:59:59Z", "limit": "200"}).json["items"]
    assert len(found) == 13
    assert sum(name == "Query" for name, _ in calls) <= 37


def rows(answer: Answer) -> list[list[str]]:
    """The cells of a file."""
    return list(csv.reader(io.StringIO(answer.text, newline="")))


def test_the_file_holds_the_same(filled: Clock) -> None:
    answer = ask(api, ADA, "GET", FILE, query=[("actor", "usr_1")])
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    head, *found = rows(answer)
    assert [dict(zip(head, row, strict=True))["id"] for row in found] == [
        item["id"] for item in every({"actor": "usr_1"})
    ]
    assert {dict(zip(head, row, strict=True))["actor"] for row in found} == {"usr_1"}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(clock: Clock, sign: str) -> None:
    with audit.acting(Actor("user", f"{sign}cmd|' /C calc'!A0", "http", "org_lipa")):
        audit.write("test.thing.changed", f"{sign}HYPERLINK", reason=f"{sign}1")
    _, row = rows(ask(api, ADA, "GET", FILE))
    assert not [cell for cell in row if cell.startswith(audit_log.FORMULA_STARTS)]
    assert f"'{sign}1" in row


def test_a_thing_named_like_a_sign_stays_readable(clock: Clock) -> None:
    with audit.acting(Actor("user", "usr_1", "http", "org_lipa")):
        audit.write("test.thing.changed", audit.NOTHING)
    _, row = rows(ask(api, ADA, "GET", FILE))
    assert "'-" in row


def test_a_file_of_too_many_is_refused_whole(filled: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left out in silence."""
    monkeypatch.setattr(audit_log, "FILE_ROWS_MOST", 12)
    assert ask(api, ADA, "GET", FILE).status == 422
    assert ask(api, ADA, "GET", FILE, query=[("actor", "usr_1")]).status == 200
    monkeypatch.setattr(audit_log, "FILE_LOOKED_AT_MOST", 5)
    assert ask(api, ADA, "GET", FILE, query=[("actor", "usr_1")]).status == 422


def test_reading_the_log_is_counted_as_reading(filled: Clock) -> None:
    """PLAT-36."""
    ask(api, ADA, "GET", FILE)
    assert sum(suspicion._unwritten().values()) == 13
    for _ in range(4):
        search()
    assert [int(row.number) for row in Counter.scan(Counter.pk.contains("bulk_reading"))] == [52]


def test_no_route_changes_the_log() -> None:
    """PLAT-35: append-only through the API."""
    of_the_log = [operation for operation in api.operations if "audit" in operation.path]
    assert {operation.method for operation in of_the_log} == {"GET"}
    others = [route for route in triggers().routes if "audit" in route.path and route.method != "GET"]
    assert others == []


def test_entries_lie_by_month(filled: Clock) -> None:
    months = {row.pk.rpartition("#")[2] for row in AuditRow.scan(AuditRow.org_id == "org_lipa")}
    assert months == {"2025-11", "2025-12", "2026-01", "2026-02", "2026-03"}
