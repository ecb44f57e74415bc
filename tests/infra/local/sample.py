"""A small product for the tests of the runtime: its definitions and its handlers."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from shared.aws import client

DEFINITIONS = "tests.infra.local.sample.definitions"
FOLDER = Path(os.environ.get("SVYAZ_CLOCK_FILE", "/nonexistent")).parent


def definitions(_event: Any, _context: Any) -> dict[str, Any]:
    """What there is to run."""

    def function(name: str, timeout_s: float = 5, memory_mb: int = 512) -> dict[str, Any]:
        handler = f"tests.infra.local.sample.{name}"
        return {"name": f"sample_{name}", "handler": handler, "timeout_s": timeout_s, "memory_mb": memory_mb}

    http, guard = function("http"), {"function": function("authorize")}
    cors = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "600",
    }
    return {
        "routes": [
            {"method": "GET", "path": "/echo", "function": http},
            {"method": "POST", "path": "/echo", "function": http, "cors": cors},
            {"method": "GET", "path": "/echo/{name}/parts/{part}", "function": http},
            {"method": "GET", "path": "/echo/fixed/parts/one", "function": http},
            {"method": "POST", "path": "/do/{what}", "function": http},
            {"method": "GET", "path": "/guarded/{what}", "function": http, "authorizer": guard},
            {"method": "POST", "path": "/hang", "function": function("hang", timeout_s=0.3)},
        ],
        "queue_triggers": [
            {"queue": "svyaz-local-plain", "batch_size": 10, "function": function("queue", timeout_s=1)},
            {"queue": "svyaz-local-ordered.fifo", "batch_size": 10, "function": function("queue", timeout_s=1)},
        ],
        "schedules": [{"expression": "rate(1 hour)", "function": function("tick")}],
        "event_triggers": [
            {"pattern": {"source": ["sample"]}, "function": function("event")},
            {"pattern": {"source": ["aws.cloudwatch"]}, "function": function("alarm")},
        ],
        "bucket_triggers": [
            {"bucket": "svyaz-local-inbox", "prefix": "in/", "function": function("upload", memory_mb=1024)}
        ],
        "socket": function("socket", timeout_s=1),
        "binary_types": ["application/octet-stream", "image/*"],
        "tables": {
            "svyaz-local-rows": {
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            }
        },
        "queues": [
            {"name": "svyaz-local-plain", "dead_letters": "svyaz-local-plain-dead", "visibility_s": 1, "receives": 2},
            {
                "name": "svyaz-local-ordered.fifo",
                "dead_letters": "svyaz-local-ordered-dead.fifo",
                "visibility_s": 1,
                "receives": 3,
            },
        ],
        "buckets": ["svyaz-local-inbox"],
        "secrets": ["/svyaz/local/keys/sample"],
    }


def note(name: str, what: Any) -> int:
    """Appends to a file of the state folder; how many lines it has now."""
    path = FOLDER / f"{name}.jsonl"
    with path.open("a") as file:
        file.write(json.dumps(what) + "\n")
    return len(path.read_text().splitlines())


def http(event: dict[str, Any], context: Any) -> Any:
    """Echoes, or does what the path says."""
    what = (event["pathParameters"] or {}).get("what", "echo")
    body: Any = {"event": event, "pid": os.getpid(), "request_id": context.aws_request_id}
    body |= {"arn": context.invoked_function_arn, "remaining_ms": context.get_remaining_time_in_millis()}
    if what == "raise":
        raise ValueError("a secret word")
    if what == "exit":
        raise SystemExit(3)
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what in {"sleep", "hang"}:
        time.sleep(0.3 if what == "sleep" else 60)
    answer = {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
    return ODD_ANSWERS.get(what, answer)


ODD_ANSWERS: dict[str, Any] = {
    "nothing": None,
    "malformed": {"statusCode": "many", "body": ""},
    "unsayable": {"statusCode": 200, "body": {1, 2}},
    "smuggle": {"statusCode": 200, "headers": {"X-A": "1\r\nX-B: 2"}, "body": ""},
    "huge": {"statusCode": 200, "body": "x" * (6 * 1024 * 1024)},
    "cookies": {"statusCode": 201, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]}, "body": "ok"},
    "image": {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "body": "AAEC/w==", "isBase64Encoded": True},
}


def authorize(event: dict[str, Any], _context: Any) -> Any:
    """Decides as the token says."""
    token = event["authorizationToken"]
    if token == "unknown":
        raise RuntimeError("Unauthorized")
    if token == "crash":
        raise RuntimeError("oops")
    if token == "babble":
        return {"principalId": "me"}
    resource = event["methodArn"].rpartition("/")[0] + "/a*"
    statement = {"Action": "execute-api:Invoke", "Effect": token, "Resource": resource}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": "anna", "context": {"role": "owner"}, "policyDocument": policy}


def hang(_event: Any, _context: Any) -> None:
    """Does not come back."""
    time.sleep(60)


def queue(event: dict[str, Any], _context: Any) -> Any:
    """Notes each message; fails, hangs or dies at the first sight of those that ask for it."""
    failures, stopped = [], set()
    for record in event["Records"]:
        asked = json.loads(record["body"])
        group = record["attributes"].get("MessageGroupId")
        first_time = record["attributes"]["ApproximateReceiveCount"] == "1"
        note("received", {**asked, "count": record["attributes"]["ApproximateReceiveCount"]})
        if asked.get("trouble") == "hang" and first_time:
            time.sleep(60)
        if asked.get("trouble") == "die" and first_time:
            os._exit(1)
        if asked.get("trouble") == "malformed" and first_time:
            return {"batchItemFailures": [{"itemIdentifier": "unknown"}]}
        fails = asked.get("trouble") == "always" or (asked.get("trouble") == "once" and first_time)
        if fails or (group and group in stopped):
            stopped.add(group)
            failures.append({"itemIdentifier": record["messageId"]})
        else:
            note("done", {**asked, "record": record})
    return {"batchItemFailures": failures}


def tick(event: Any, _context: Any) -> None:
    """Notes that time passed."""
    note("ticks", event)


def event(event: dict[str, Any], _context: Any) -> None:
    """Notes an event; fails the first time."""
    if note("events", event) == 1:
        raise RuntimeError("first time")


def alarm(event: dict[str, Any], _context: Any) -> None:
    """Notes an alarm."""
    note("alarms", event)


def upload(event: dict[str, Any], _context: Any) -> None:
    """Notes an uploaded object."""
    note("uploads", event)


def socket(event: dict[str, Any], _context: Any) -> Any:
    """Notes what happens; answers frames over the management plane."""
    context = event["requestContext"]
    note("socket", event)
    if context["eventType"] == "CONNECT":
        return {"statusCode": int((event.get("queryStringParameters") or {}).get("status", "200"))}
    if context["eventType"] == "DISCONNECT":
        return {"statusCode": 200}
    asked = json.loads(event["body"])
    if asked.get("raise"):
        raise ValueError("no")
    target = asked.get("to") or context["connectionId"]
    plane = client("apigatewaymanagementapi", os.environ["SVYAZ_CONNECTIONS_URL"])
    try:
        plane.post_to_connection(ConnectionId=target, Data=json.dumps({"heard": asked}).encode())
    except plane.exceptions.GoneException:
        plane.post_to_connection(ConnectionId=context["connectionId"], Data=b'{"gone":true}')
    return {"statusCode": 200}


def pid(_event: Any, _context: Any) -> int:
    """The process that answers."""
    return os.getpid()


def environment(_event: Any, _context: Any) -> dict[str, str]:
    """All that a function finds in its environment."""
    return dict(os.environ)


def stop_listening(_event: Any, _context: Any) -> None:
    """Hangs so that only SIGKILL helps."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    while True:
        signal.pause()
