"""A child that starts clean, keeps what it was told, and ends with its parent."""

import importlib.metadata
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from infra.local.aws.backend import WrongVersion, check_version
from infra.local.aws.process import AwsNotStarted, EmbeddedAws
from infra.local.aws.snapshots import Snapshots
from tests.infra.local.aws.conftest import Clients, Wire

ROOT = Path(__file__).parents[4]
SAVED_WITHIN_S = 4
FAST_S = 0.1
PARENT = """
import boto3, sys, time
from pathlib import Path
from infra.local.aws.process import EmbeddedAws
aws = EmbeddedAws.start(Path(sys.argv[1]))
session = boto3.Session(aws.access_key_id, aws.secret_access_key, region_name=aws.region)
session.client("ssm", endpoint_url=aws.endpoint_url).put_parameter(Name="/late", Value="v", Type="String")
print(aws.pid, flush=True)
time.sleep(60)
"""
TABLE: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    "BillingMode": "PAY_PER_REQUEST",
}
ITEM = {"pk": {"S": "org#1"}, "sk": {"S": "a"}, "__bytes__": {"B": b"\x00\xff"}, "n": {"N": "0.1"}, "ж": {"S": "\n"}}


def fill(clients: Clients) -> None:
    """Something in every service."""
    dynamodb, s3, sqs, ses = clients("dynamodb"), clients("s3"), clients("sqs"), clients("ses")
    dynamodb.create_table(TableName="kept", **TABLE)
    dynamodb.create_table(TableName="dropped", **TABLE)
    dynamodb.put_item(TableName="kept", Item=ITEM)
    dynamodb.update_time_to_live(TableName="kept", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
    dynamodb.delete_table(TableName="dropped")
    s3.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="kept", Key="a/ж.txt", Body=b"body", Metadata={"k": "v"}, ContentType="text/plain")
    url = sqs.create_queue(QueueName="kept", Attributes={"VisibilityTimeout": "77"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="waiting")
    ses.verify_email_identity(EmailAddress="a@x.test")
    body = {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}
    ses.send_email(Source="a@x.test", Destination={"ToAddresses": ["b@x.test"]}, Message=body)
    clients("kms").create_alias(AliasName="alias/kept", TargetKeyId=clients("kms").create_key()["KeyMetadata"]["KeyId"])
    clients("ssm").put_parameter(Name="/kept", Value="v", Type="SecureString")
    clients("secretsmanager").create_secret(Name="kept", SecretString="v")
    clients("events").put_rule(Name="kept", ScheduleExpression="rate(1 hour)")


def check_filled(aws: EmbeddedAws) -> None:
    """All of it is there."""
    with Clients(aws) as clients:
        dynamodb, sqs = clients("dynamodb"), clients("sqs")
        assert dynamodb.list_tables()["TableNames"] == ["kept"]
        assert dynamodb.get_item(TableName="kept", Key={"pk": ITEM["pk"], "sk": ITEM["sk"]})["Item"] == ITEM
        assert dynamodb.describe_time_to_live(TableName="kept")["TimeToLiveDescription"]["AttributeName"] == "ttl"
        stored = clients("s3").get_object(Bucket="kept", Key="a/ж.txt")
        assert (stored["Body"].read(), stored["Metadata"], stored["ContentType"]) == (b"body", {"k": "v"}, "text/plain")
        url = sqs.get_queue_url(QueueName="kept")["QueueUrl"]
        assert url.startswith(aws.endpoint_url)
        assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["VisibilityTimeout"] == "77"
        assert sqs.receive_message(QueueUrl=url, VisibilityTimeout=0)["Messages"][0]["Body"] == "waiting"
        assert clients("ses").list_identities()["Identities"] == ["a@x.test"]
        encrypted = clients("kms").encrypt(KeyId="alias/kept", Plaintext=b"x")["CiphertextBlob"]
        assert clients("kms").decrypt(CiphertextBlob=encrypted)["Plaintext"] == b"x"
        assert clients("ssm").get_parameter(Name="/kept", WithDecryption=True)["Parameter"]["Value"] == "v"
        assert clients("secretsmanager").get_secret_value(SecretId="kept")["SecretString"] == "v"
        assert [rule["Name"] for rule in clients("events").list_rules()["Rules"]] == ["kept"]
    assert b'"to": ["b@x.test"]' in mail(aws)


def mail(aws: EmbeddedAws) -> bytes:
    """The list of sent mail."""
    return Wire(aws).send("GET", "/_local/mail", {"x-svyaz-local-key": aws.secret_access_key}).body


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether the condition holds in time."""
    end = time.monotonic() + seconds
    while not (is_met := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return is_met


def is_alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    command = ["ps", "-o", "stat=", "-p", str(pid)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
    return shown.strip()[:1] not in ("", "Z")


@pytest.mark.deep
def test_a_clean_stop_keeps_everything_at_once(state_dir: Path) -> None:
    """And takes less than three seconds, even while consumers wait; the port may change afterwards."""
    with EmbeddedAws.start(state_dir) as aws, Clients(aws) as clients:
        fill(clients)
        began = time.monotonic()
        aws.stop()
        assert time.monotonic() - began < 3
        assert aws.child.returncode == 0
    with EmbeddedAws.start(state_dir) as aws:
        check_filled(aws)
        assert "ERROR" not in aws.log_path.read_text()


def test_a_crash_loses_only_the_last_seconds(state_dir: Path) -> None:
    """kill -9, with the usual period between two snapshots."""
    aws = EmbeddedAws.start(state_dir)
    with Clients(aws) as clients:
        fill(clients)
        time.sleep(SAVED_WITHIN_S)
        aws.kill()
        with pytest.raises(EndpointConnectionError):
            clients("kms").list_keys()
    with EmbeddedAws.start(state_dir) as aws:
        check_filled(aws)


@pytest.mark.deep
def test_transactions_are_whole_after_a_crash(state_dir: Path) -> None:
    """Two tables, always written together, come back together."""
    aws = EmbeddedAws.start(state_dir, save_period_s=FAST_S)
    with Clients(aws) as clients:
        dynamodb = clients("dynamodb")
        for name in ("one", "two"):
            dynamodb.create_table(TableName=f"table-{name}", **TABLE)
        end, number = time.monotonic() + 1, 0
        while time.monotonic() < end:
            item = {"pk": {"S": "p"}, "sk": {"S": f"{number:06d}"}}
            puts = [{"Put": {"TableName": f"table-{name}", "Item": item}} for name in ("one", "two")]
            dynamodb.transact_write_items(TransactItems=puts)
            number += 1
        aws.kill()
    with EmbeddedAws.start(state_dir) as aws, Clients(aws) as clients:
        one, two = (clients("dynamodb").scan(TableName=f"table-{name}")["Items"] for name in ("one", "two"))
        assert one == two
        assert 0 < len(one) <= number


@pytest.mark.deep
@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\x00"], ids=["empty", "half", "binary"])
def test_damaged_snapshots_do_not_stop_the_start(state_dir: Path, damage: bytes) -> None:
    """The parts are set aside, and the log says so without a traceback."""
    with EmbeddedAws.start(state_dir) as aws, Clients(aws) as clients:
        fill(clients)
    for path in (state_dir / "snapshots").iterdir():
        path.write_bytes(damage)
    with EmbeddedAws.start(state_dir) as aws, Clients(aws) as clients:
        assert clients("dynamodb").list_tables()["TableNames"] == []
        log = aws.log_path.read_text()
        assert "was damaged; it is kept as" in log
        assert "Traceback" not in log


@pytest.mark.deep
def test_parts_of_an_unknown_kind_give_way_to_their_versions_before(state_dir: Path) -> None:
    """Whole files that ministack cannot read, as after another version of it wrote them."""
    with EmbeddedAws.start(state_dir) as aws, Clients(aws) as clients:
        fill(clients)
    odd = {"table/kept": b"{}\n[1]", "sqs": b"[1]", "kms": b"[", "dynamodb": b"[]"}
    Snapshots(state_dir / "snapshots").save(odd)
    with EmbeddedAws.start(state_dir) as aws:
        check_filled(aws)
        log = aws.log_path.read_text()
        assert all(f"{name} cannot be used; it is kept as" in log for name in odd)
        assert "Traceback" not in log


def test_a_failing_disk_does_not_stop_the_answers(state_dir: Path) -> None:
    """Simulated by a file in the place of the snapshots' folder; once it is gone, everything is saved."""
    aws = EmbeddedAws.start(state_dir, save_period_s=FAST_S)
    folder, away = state_dir / "snapshots", state_dir / "away"
    folder.rename(away)
    folder.write_bytes(b"")
    with Clients(aws) as clients:
        fill(clients)
        assert within(5, lambda: "cannot be saved" in aws.log_path.read_text())
        time.sleep(5 * FAST_S)
        assert clients("dynamodb").list_tables()["TableNames"] == ["kept"]
        assert aws.log_path.read_text().count("cannot be saved") == 1
        folder.unlink()
        away.rename(folder)
        assert within(5, lambda: "the state is saved again" in aws.log_path.read_text())
    aws.kill()
    with EmbeddedAws.start(state_dir) as aws:
        check_filled(aws)


@pytest.mark.deep
def test_objects_that_the_disk_refused_are_written_later(state_dir: Path) -> None:
    """Simulated by a file in the place of the bucket's folder."""
    aws = EmbeddedAws.start(state_dir, save_period_s=FAST_S)
    with Clients(aws) as clients:
        s3 = clients("s3")
        s3.create_bucket(Bucket="full", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        folder = state_dir / "s3" / "000000000000" / "full"
        folder.rmdir()
        folder.write_bytes(b"")
        s3.put_object(Bucket="full", Key="k", Body=b"body")
        assert s3.get_object(Bucket="full", Key="k")["Body"].read() == b"body"
        assert within(5, lambda: "1 S3 objects are only in memory" in aws.log_path.read_text())
        folder.unlink()
        assert within(5, (folder / "k").exists)
    aws.kill()
    with EmbeddedAws.start(state_dir) as aws, Clients(aws) as clients:
        assert clients("s3").get_object(Bucket="full", Key="k")["Body"].read() == b"body"


@pytest.mark.deep
def test_mail_that_cannot_be_kept_is_not_sent(state_dir: Path) -> None:
    """Simulated by a file in the place of the mail folder."""
    body = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
    with EmbeddedAws.start(state_dir) as aws, Clients(aws) as clients:
        clients("sesv2").create_email_identity(EmailIdentity="x.test")
        (state_dir / "mail").rmdir()
        (state_dir / "mail").write_bytes(b"")
        with pytest.raises(ClientError, match="could not be kept"):
            clients("sesv2").send_email(
                FromEmailAddress="a@x.test", Destination={"ToAddresses": ["b@x.test"]}, Content=body
            )
        assert mail(aws) == b"[]"


def test_the_key_and_the_environment(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Children of the runtime reach this AWS, whatever else the environment says."""
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("SMTP_HOST", "mail.example")
    monkeypatch.setenv("PERSIST_STATE", "1")
    with EmbeddedAws.start(state_dir) as aws:
        assert aws.environment() == {
            "AWS_ENDPOINT_URL": aws.endpoint_url,
            "AWS_ACCESS_KEY_ID": aws.access_key_id,
            "AWS_SECRET_ACCESS_KEY": aws.secret_access_key,
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
        }
        assert stat.S_IMODE((state_dir / "credentials.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(state_dir.stat().st_mode) == 0o700
        first = aws.access_key_id
    with EmbeddedAws.start(state_dir) as aws:
        assert aws.access_key_id == first


def test_one_folder_serves_one_server(state_dir: Path) -> None:
    """Two would overwrite each other's snapshots."""
    with EmbeddedAws.start(state_dir) as aws, Clients(aws) as clients:
        with pytest.raises(AwsNotStarted, match="another embedded AWS uses"):
            EmbeddedAws.start(state_dir)
        assert clients("dynamodb").list_tables()["TableNames"] == []


def test_a_taken_port_is_told(state_dir: Path) -> None:
    """With its number."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AwsNotStarted, match=f"port {port} of 127.0.0.1 cannot be used"):
            EmbeddedAws.start(state_dir, port)


def test_another_ministack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its private names may have changed."""
    check_version()
    monkeypatch.setattr(importlib.metadata, "version", lambda _name: "1.5.34")
    with pytest.raises(WrongVersion, match=r"needs ministack 1\.5\.33, installed is 1\.5\.34"):
        check_version()


@pytest.mark.deep
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_child_ends_with_its_parent(state_dir: Path, end: signal.Signals) -> None:
    """However the parent ends; and everything is saved."""
    command = [sys.executable, "-c", PARENT, str(state_dir)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603
        assert parent.stdout is not None
        pid = parent.stdout.readline()
        parent.send_signal(end)
    assert within(3, lambda: not is_alive(int(pid)))
    with EmbeddedAws.start(state_dir) as aws, Clients(aws) as clients:
        assert clients("ssm").get_parameter(Name="/late")["Parameter"]["Value"] == "v"


@pytest.mark.deep
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_runs_in_the_foreground(state_dir: Path, number: signal.Signals) -> None:
    """`python -m infra.local.aws` says one line and ends by a signal, saved."""
    command = [sys.executable, "-m", "infra.local.aws", "--port", "0", "--state-dir", str(state_dir)]
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().startswith("The embedded AWS is ready: http://127.0.0.1:")
        os.kill(child.pid, number)
        said, logged = child.communicate(timeout=5)
    assert (said, logged, child.returncode) == ("", "", 0)
