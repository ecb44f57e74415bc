"""The trail of requests: one entry for whatever changes something, counts of what is refused or read."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, Field

from shared import audit, suspicion
from shared.audit import AuditRow
from shared.bus import Value
from shared.errors import Forbidden, ProviderUnavailable, SecondFactorRequired, SlotTaken
from shared.http.api import Api
from shared.http.app import ProblemChalice, http_app
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.identity import Caller
from shared.limits import Counter
from shared.rights import PUBLIC, SIGNED_IN, Right
from shared.secrets import secret
from shared.tables import Transaction
from tests.shared.things import Thing
from tests.support.aws_calls import refusing, watched
from tests.support.clock import Clock
from tests.support.http_events import SOURCE_IP, Answer, proxy_event
from tests.support.logs import Lines, counted
from tests.support.moto_aws import waiting

pytestmark = pytest.mark.usefixtures("aws", "clock")
ADMINISTRATOR = Caller("user", "usr_1", "org_lipa", roles=("administrator",), session_id="ses_1")
CLIENT = Caller("user", "usr_2", "org_lipa", roles=("client",), session_id="ses_2")
KEY = Caller("key", "key_1", "org_lipa", scopes=(Right.TEAMS_CHANGE,))
FAILURES: dict[str, Exception] = {
    "taken": SlotTaken("This time is not free. Others are."),
    "forbidden": Forbidden("You may not do this."),
    "second": SecondFactorRequired("Show it."),
    "unavailable": ProviderUnavailable("AWS does not answer"),
    "crash": ZeroDivisionError("x"),
}
SAMPLE = Api("test")


class Body(Value):
    """What is sent."""

    name: str = Field(max_length=10)


class Page(BaseModel):
    """What is listed."""

    items: tuple[int, ...]


class Done(BaseModel):
    """That it is done."""

    name: str


@SAMPLE.post("/v1/test/things/{code}", "Makes", access=Right.TEAMS_CHANGE, body=Body, answer=Done)
def make_thing(request: Request[None, Body], code: str) -> Done:
    """It is made."""
    return Done(name=request.body.name)


@SAMPLE.put("/v1/test/things/{code}", "Sets, and leaves its own entry", access=Right.TEAMS_CHANGE, answer=Done)
def set_thing(_request: Request[None, None], code: str) -> Done:
    """It is set."""
    transaction = Transaction()
    transaction.put(Thing("t", code))
    audit.add(transaction, "test.thing.set", code)
    transaction.commit()
    return Done(name=code)


@SAMPLE.patch("/v1/test/things/{code}", "Tries, fails and goes another way", access=Right.TEAMS_CHANGE, answer=Done)
def try_thing(_request: Request[None, None], code: str) -> Done:
    """It was there."""
    transaction = Transaction()
    transaction.create(Thing("t", code), otherwise=SlotTaken("x"))
    audit.add(transaction, "test.thing.tried", code)
    try:
        transaction.commit()
    except SlotTaken:
        return Done(name="there")
    return Done(name="made")


@SAMPLE.post("/v1/test/open/{how}", "Anybody's", access=PUBLIC, answer=Done, rate=Rate(5, 60))
def open_thing(request: Request[None, None], how: str) -> Done:
    """It is done."""
    if how in FAILURES:
        raise FAILURES[how]
    audit.concerns("org_lipa")
    return Done(name=request.source_ip)


@SAMPLE.delete("/v1/test/mine/{how}", "His own", access=SIGNED_IN, answer=Done)
def own_thing(_request: Request[None, None], how: str) -> Done:
    """It is gone."""
    raise FAILURES[how]


@SAMPLE.post("/v1/test/hooks/{name}", "Has its effect elsewhere", access=PUBLIC, answer=Done, audited_at="effect")
def take_hook(_request: Request[None, None], name: str) -> Done:
    """It is taken."""
    if name in FAILURES:
        raise FAILURES[name]
    return Done(name=name)


@SAMPLE.get("/v1/test/list/{how}", "Lists", access=Right.MEMBERS_READ, answer=Page)
def list_things(_request: Request[None, None], how: str) -> Page:
    """Fifty of them."""
    if how in FAILURES:
        raise FAILURES[how]
    if how == "noted":
        audit.write("test.list.read", how)
    return Page(items=tuple(range(50)))


@SAMPLE.get("/v1/test/public", "Lists for anybody", access=PUBLIC, answer=Page)
def list_publicly(_request: Request[None, None]) -> Page:
    """Fifty of them."""
    return Page(items=tuple(range(50)))


@pytest.fixture(scope="module")
def app() -> ProblemChalice:
    """One small system."""
    return http_app(SAMPLE)


def call(app: ProblemChalice, method: str, resource: str, caller: Caller | None = None, **more: Any) -> Answer:
    """The answer to somebody, as the authorizer told of him."""
    path, body = more.get("path", {}), more.get("body")
    headers = {"Content-Type": "application/json", **more.get("headers", {})}
    event = proxy_event(method, resource, body, path, (), headers, more.get("source_ip", SOURCE_IP))
    event["requestContext"]["authorizer"] = caller.to_context() if caller else {}
    given = app(event, None)
    return Answer(given["statusCode"], {name.lower(): value for name, value in given["headers"].items()}, given["body"])


def make(app: ProblemChalice, caller: Caller | None, body: str = '{"name":"a"}', code: str = "t1") -> Answer:
    """A request to the first route."""
    return call(app, "POST", "/v1/test/things/{code}", caller, body=body, path={"code": code})


def entries() -> list[AuditRow]:
    """Everything that was written, in order of time."""
    return sorted(AuditRow.scan(), key=lambda row: row.sk)


def told() -> list[tuple[str, str, str, str | None]]:
    """Action, thing, result and reason of each."""
    return [(row.action, row.thing, row.result, row.reason) for row in entries()]


def test_what_changes_something_leaves_an_entry(app: ProblemChalice) -> None:
    """PLAT-35."""
    answer = make(app, ADMINISTRATOR)
    assert answer.status == 200
    (row,) = entries()
    assert (row.actor_kind, row.actor_id, row.way, row.org_id) == ("user", "usr_1", "http", "org_lipa")
    assert told() == [("test.make_thing", "t1", "done", None)]
    assert row.network == "192.0.2.0/24"
    assert row.correlation_id == answer.headers["x-correlation-id"]


def test_a_keys_action_is_audited_like_a_persons(app: ProblemChalice) -> None:
    """PLAT-37."""
    assert make(app, KEY).status == 200
    (row,) = entries()
    assert (row.actor_kind, row.actor_id, row.way, row.org_id) == ("key", "key_1", "key", "org_lipa")


def test_a_guests_too_in_the_organisation_that_it_concerns(app: ProblemChalice) -> None:
    assert call(app, "POST", "/v1/test/open/{how}", path={"how": "well"}).status == 200
    (row,) = entries()
    assert (row.actor_kind, row.way, row.org_id, row.actor_id) == ("guest", "http", "org_lipa", row.place)


def test_an_entry_of_the_service_is_enough(app: ProblemChalice) -> None:
    assert call(app, "PUT", "/v1/test/things/{code}", ADMINISTRATOR, path={"code": "t1"}).status == 200
    assert told() == [("test.thing.set", "t1", "done", None)]


def test_one_that_fell_with_its_transaction_is_not(app: ProblemChalice) -> None:
    """PLAT-35: the request leaves its own."""
    Thing("t", "t1").save()
    answer = call(app, "PATCH", "/v1/test/things/{code}", ADMINISTRATOR, path={"code": "t1"})
    assert answer.json["name"] == "there"
    assert told() == [("test.try_thing", "t1", "done", None)]


@pytest.mark.parametrize(
    ("how", "status", "result", "reason"),
    [
        ("taken", 409, "refused", "slot-taken"),
        ("forbidden", 403, "refused", "forbidden"),
        ("unavailable", 503, "failed", "provider-unavailable"),
        ("crash", 500, "failed", "svyaz-error"),
    ],
)
def test_a_refusal_and_a_failure_leave_one_too(
    app: ProblemChalice, how: str, status: int, result: str, reason: str
) -> None:
    """PLAT-35."""
    answer = call(app, "DELETE", "/v1/test/mine/{how}", CLIENT, path={"how": how})
    assert answer.status == status
    assert told() == [("test.own_thing", how, result, reason)]


@pytest.mark.parametrize(
    ("caller", "body", "status", "reason"),
    [
        (CLIENT, "{}", 403, "forbidden"),
        (None, "{}", 401, "unauthorized"),
        (ADMINISTRATOR, "{}", 422, "invalid-field"),
        (ADMINISTRATOR, "{", 400, "invalid-payload"),
        (ADMINISTRATOR, "x" * 70_000, 413, "payload-too-large"),
    ],
)
def test_what_never_reaches_the_view_does_too(
    app: ProblemChalice, caller: Caller | None, body: str, status: int, reason: str
) -> None:
    """PLAT-35."""
    assert make(app, caller, body).status == status
    assert told() == [("test.make_thing", "t1", "refused", reason)]


def test_each_refusal_of_somebody_known_is_written(app: ProblemChalice) -> None:
    for number in range(3):
        make(app, CLIENT, code=f"t{number}")
    assert [thing for _, thing, _, _ in told()] == ["t0", "t1", "t2"]


def test_a_flood_of_nobody_is_folded(app: ProblemChalice, clock: Clock) -> None:
    """PLAT-35: one entry a minute, place, route and reason."""
    statuses = [call(app, "POST", "/v1/test/open/{how}", path={"how": "taken"}).status for _ in range(20)]
    assert statuses == [409] * 5 + [429] * 15
    assert sorted(reason or "" for *_, reason in told()) == ["slot-taken", "too-many-requests"]
    clock.forward(minutes=1)
    call(app, "POST", "/v1/test/open/{how}", path={"how": "taken"})
    assert len(entries()) == 3


def test_what_a_folded_one_costs_is_nothing(app: ProblemChalice) -> None:
    make(app, None)
    with watched("dynamodb") as calls:
        for _ in range(10):
            make(app, None)
    assert calls == []


def test_what_has_its_effect_elsewhere_leaves_one_only_when_refused(app: ProblemChalice) -> None:
    with watched("dynamodb") as calls:
        assert call(app, "POST", "/v1/test/hooks/{name}", path={"name": "well"}).status == 200
    assert calls == []
    assert call(app, "POST", "/v1/test/hooks/{name}", path={"name": "taken"}).status == 409
    assert told() == [("test.take_hook", "taken", "refused", "slot-taken")]


def test_behind_our_edge_the_callers_own_network_is_written(app: ProblemChalice) -> None:
    edge = {"X-Svyaz-Edge": secret("keys/edge"), "X-Forwarded-For": f"203.0.113.1, {SOURCE_IP}"}
    call(app, "PUT", "/v1/test/things/{code}", ADMINISTRATOR, path={"code": "t1"}, headers=edge)
    assert [row.network for row in entries()] == ["203.0.113.0/24"]


def test_an_address_full_of_odd_signs_is_a_plain_thing(app: ProblemChalice) -> None:
    make(app, ADMINISTRATOR, code="=cmd#\ud800\x00" + "x" * 500)
    ((_, thing, _, _),) = told()
    assert thing.startswith("?cmd???x")
    assert len(thing) == audit.MAX_THING


def test_the_answer_is_true_even_where_the_log_cannot_be_written(
    app: ProblemChalice, logged: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    """The change stands: a caller who is told otherwise would repeat it."""
    with refusing("dynamodb", "PutItem", "AccessDeniedException"):
        assert make(app, ADMINISTRATOR).status == 200
        assert make(app, CLIENT).status == 403
    assert [line["action"] for line in logged.named("audit.unwritten")] == ["test.make_thing"] * 2
    assert len(counted(capsys.readouterr().out, "AuditUnwritten")) == 2


def test_a_reader_who_leaves_an_entry_is_named(app: ProblemChalice) -> None:
    """PLAT-35: such as of another person's file."""
    assert call(app, "GET", "/v1/test/list/{how}", ADMINISTRATOR, path={"how": "noted"}).status == 200
    (row,) = entries()
    assert (row.action, row.actor_id, row.way, row.network) == ("test.list.read", "usr_1", "http", "192.0.2.0/24")


def test_reading_leaves_none(app: ProblemChalice) -> None:
    assert call(app, "GET", "/v1/test/list/{how}", ADMINISTRATOR, path={"how": "all"}).status == 200
    assert call(app, "GET", "/v1/test/public").status == 200
    assert entries() == []


def test_rows_that_are_read_are_counted_by_caller(app: ProblemChalice) -> None:
    """PLAT-36."""
    call(app, "GET", "/v1/test/list/{how}", ADMINISTRATOR, path={"how": "all"})
    call(app, "GET", "/v1/test/public")
    assert [(row.pk, int(row.number)) for row in Counter.scan()] == [("suspicion#bulk_reading#org_lipa#usr_1", 50)]


@pytest.mark.parametrize(("method", "resource"), [("GET", "/v1/test/list/{how}"), ("DELETE", "/v1/test/mine/{how}")])
def test_refused_rights_are_counted_whether_reading_or_changing(
    app: ProblemChalice, method: str, resource: str
) -> None:
    """PLAT-36."""
    for _ in range(suspicion.REFUSALS):
        assert call(app, method, resource, CLIENT, path={"how": "forbidden"}).status == 403
    assert len(waiting(suspicion.QUEUE)) == 1


def test_a_missing_second_factor_and_strangers_are_no_suspicion(app: ProblemChalice) -> None:
    call(app, "DELETE", "/v1/test/mine/{how}", CLIENT, path={"how": "second"})
    call(app, "POST", "/v1/test/hooks/{name}", path={"name": "forbidden"})
    assert [row for row in Counter.scan() if row.pk.startswith("suspicion")] == []
