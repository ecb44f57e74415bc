"""A deployment from its first to its last step, on moto, with a small package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra import deploy, upload_pages
from infra.packaging import artefacts, pages
from infra.packaging.build import Package

REGION = "eu-central-1"
ORIGIN = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}


def template(site: str, bucket: str) -> dict[str, Any]:
    """A template with the outputs that a deployment reads; its code lies where ours does."""
    outputs = {"PagesBucket": bucket, "SiteId": site, "PublicBaseUrl": "https://site.example"}
    return {
        "Metadata": {"CodeUri": "./deployment.zip"},
        "Parameters": {"MailFrom": {"Type": "String"}, "EdgeKey": {"Type": "String", "NoEcho": True}},
        "Resources": {"Pages": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket}}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }


def package(folder: Path, site: str, bucket: str) -> Package:
    """A package with one more queue than what stands."""
    changed = template(site, bucket)
    changed["Resources"]["More"] = {"Type": "AWS::SQS::Queue"}
    folder.mkdir(parents=True)
    (folder / "template.json").write_text(json.dumps(changed), encoding="utf-8")
    (folder / "deployment.zip").write_bytes(b"zip")
    return Package(folder)


@pytest.fixture
def session(account: str) -> Any:
    """A session in an account with nothing in it."""
    return boto3.session.Session(region_name=REGION)


@pytest.fixture
def bucket(account: str) -> str:
    """The bucket of the pages."""
    return f"svyaz-dev-pages-{account}"


@pytest.fixture
def artefacts_bucket(account: str) -> str:
    """The bucket of zips and templates."""
    return f"svyaz-dev-artefacts-{account}-{REGION}"


@pytest.fixture
def site(session: Any) -> str:
    """The id of a distribution."""
    origin = {"Id": "o", "DomainName": "o.example", "CustomOriginConfig": ORIGIN}
    behaviour = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "p"}
    config = {"CallerReference": "c", "Comment": "", "Enabled": True, "DefaultCacheBehavior": behaviour}
    config["Origins"] = {"Quantity": 1, "Items": [origin]}
    made = session.client("cloudfront").create_distribution(DistributionConfig=config)
    return str(made["Distribution"]["Id"])


def keys(session: Any, bucket: str) -> set[str]:
    """The keys in a bucket."""
    return {each["Key"] for each in session.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])}


@pytest.fixture
def standing(session: Any, site: str, bucket: str) -> str:
    """The site of a stage that was deployed before; moto tells outputs of no other."""
    given = [{"ParameterKey": name, "ParameterValue": "a@b.example"} for name in ("MailFrom", "EdgeKey")]
    body = json.dumps(template(site, bucket))
    session.client("cloudformation").create_stack(StackName="svyaz-dev-stack", TemplateBody=body, Parameters=given)
    return site


def test_brings_everything_to_aws(session: Any, standing: str, bucket: str, tmp_path: Path) -> None:
    made = package(tmp_path / "dev", standing, bucket)
    outputs = deploy.deploy(session, "dev", made, {"MailFrom": "a@b.example"})
    assert outputs["PublicBaseUrl"] == "https://site.example"
    assert len(session.client("sqs").list_queues()["QueueUrls"]) == 1
    assert keys(session, bucket) == {each.key for each in pages.files()}
    forgotten = session.client("cloudfront").list_invalidations(DistributionId=standing)["InvalidationList"]
    assert forgotten["Quantity"] == 1


def test_functions_load_the_zip_of_the_package(
    session: Any, standing: str, bucket: str, artefacts_bucket: str, tmp_path: Path
) -> None:
    made = package(tmp_path / "dev", standing, bucket)
    deploy.deploy(session, "dev", made, {"MailFrom": "a@b.example"})
    [key] = [each for each in keys(session, artefacts_bucket) if each.endswith(".json")]
    stored = json.loads(session.client("s3").get_object(Bucket=artefacts_bucket, Key=key)["Body"].read())
    assert stored["Metadata"]["CodeUri"] == {"Bucket": artefacts_bucket, "Key": f"{made.digest()}.zip"}
    assert f"{made.digest()}.zip" in keys(session, artefacts_bucket)


def test_the_edges_key_comes_from_the_secrets(session: Any, standing: str, bucket: str, tmp_path: Path) -> None:
    deploy.deploy(session, "dev", package(tmp_path / "dev", standing, bucket), {"MailFrom": "a@b.example"})
    edge = session.client("ssm").get_parameter(Name="/svyaz/dev/keys/edge", WithDecryption=True)["Parameter"]["Value"]
    [stack] = session.client("cloudformation").describe_stacks(StackName="svyaz-dev-stack")["Stacks"]
    assert {"ParameterKey": "EdgeKey", "ParameterValue": edge} in stack["Parameters"]


def test_the_bucket_of_zips_is_closed_and_made_once(session: Any, artefacts_bucket: str) -> None:
    s3 = session.client("s3")
    for _ in range(2):
        artefacts.ensure_bucket(s3, artefacts_bucket, REGION)
    block = s3.get_public_access_block(Bucket=artefacts_bucket)["PublicAccessBlockConfiguration"]
    [rule] = s3.get_bucket_lifecycle_configuration(Bucket=artefacts_bucket)["Rules"]
    assert (set(block.values()), rule["Expiration"]) == ({True}, {"Days": 90})


def test_pages_carry_their_types_and_old_ones_go(session: Any, bucket: str) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key="assets/console/old.js", Body=b"old")
    number = upload_pages.upload(s3, bucket)
    found = keys(session, bucket)
    assert (len(found), "assets/console/old.js" in found) == (number, False)
    for each in pages.files():
        stored = s3.get_object(Bucket=bucket, Key=each.key)
        assert stored["Body"].read() == each.path.read_bytes()
        assert (stored["ContentType"], stored["CacheControl"]) == (each.content_type, "no-cache")


def test_without_a_package_nothing_is_touched(session: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy.main(["--stage", "dev", "--region", REGION, "--out", str(tmp_path)]) == 1
    assert "make package STAGE=dev" in capsys.readouterr().err
    assert session.client("s3").list_buckets()["Buckets"] == []


def test_pages_of_a_stage_that_is_not_deployed_are_refused(session: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert upload_pages.main(["--stage", "dev", "--region", session.region_name]) == 1
    assert "there is no stack svyaz-dev-stack" in capsys.readouterr().err


def test_the_code_is_where_cloudformation_can_fetch_it() -> None:
    template = {"Resources": {"A": {"Properties": {"CodeUri": "./deployment.zip", "Name": "deployment.zip"}}}}
    assert deploy.stored_code(template, "b", "k") == {
        "Resources": {"A": {"Properties": {"CodeUri": {"Bucket": "b", "Key": "k"}, "Name": "deployment.zip"}}}
    }
