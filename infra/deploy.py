"""Brings a packaged stage to AWS: `python -m infra.deploy --stage dev --mail-from A --operator-mail B`.

The account and the region are those of your AWS profile. Package first (`make package STAGE=dev`). What is not given
stays as the last deployment had it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.packaging import artefacts, secrets
from infra.packaging.build import Package
from infra.packaging.chalice_sam import CODE_URI
from infra.packaging.errors import PackagingError
from infra.packaging.naming import STAGES, full_name
from infra.packaging.stack import Stack
from infra.packaging.template import Template, minified
from infra.upload_pages import refresh, upload

OPTIONS = {
    "--mail-from": "MailFrom",
    "--operator-mail": "OperatorMail",
    "--public-base-url": "PublicBaseUrl",
    "--certificate-arn": "CertificateArn",
    "--telegram-api-url": "TelegramApiUrl",
}


def deploy(session: Any, stage: str, package: Package, parameters: dict[str, str]) -> dict[str, str]:
    """The outputs of the stage's stack, with its secrets made and its pages up.

    Raises: PackagingError.
    """
    if not package.template_path.is_file() or not package.zip_path.is_file():
        raise PackagingError(f"{package.folder} holds no package: make package STAGE={stage}")
    region, ssm, s3 = session.region_name, session.client("ssm"), session.client("s3")
    for name in secrets.create_missing(ssm, stage):
        print(f"made the secret {name}")
    bucket = artefacts.bucket_name(stage, session.client("sts").get_caller_identity()["Account"], region)
    artefacts.ensure_bucket(s3, bucket, region)
    template = stored_code(
        package.template(), bucket, artefacts.store(s3, bucket, package.zip_path.read_bytes(), ".zip")
    )
    key = artefacts.store(s3, bucket, minified(template).encode(), ".json")
    edge = ssm.get_parameter(Name=secrets.parameter(stage, secrets.EDGE), WithDecryption=True)["Parameter"]["Value"]
    stack = Stack(session.client("cloudformation"), full_name(stage, "stack"), print)
    outputs = stack.apply(artefacts.url(bucket, key, region), {**parameters, "EdgeKey": edge}, template["Parameters"])
    upload(s3, outputs["PagesBucket"])
    refresh(session.client("cloudfront"), outputs["SiteId"])
    return outputs


def stored_code(template: Template, bucket: str, key: str) -> Template:
    """The template with the zip where CloudFormation can fetch it."""
    place = json.dumps({"Bucket": bucket, "Key": key})
    filled: Template = json.loads(json.dumps(template).replace(json.dumps(CODE_URI), place))
    return filled


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 when the stage stands, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--region", help="the one of your AWS profile, unless given")
    parser.add_argument("--out", type=Path, default=Path(".package"), help="where the package was put")
    for option, name in OPTIONS.items():
        parser.add_argument(option, dest=name, help=f"the template's {name}")
    given = parser.parse_args(arguments)
    parameters = {name: value for name in OPTIONS.values() if (value := getattr(given, name)) is not None}
    try:
        session = boto3.session.Session(region_name=given.region)
        outputs = deploy(session, given.stage, Package((given.out / given.stage).resolve()), parameters)
    except (PackagingError, BotoCoreError, ClientError) as error:
        print(f"Not deployed: {error}", file=sys.stderr)
        return 1
    print(*(f"{name}: {value}" for name, value in sorted(outputs.items())), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
