"""Makes the secrets of a stage that are not there yet: `python -m infra.deploy_secrets --stage dev`.

CloudFormation cannot make encrypted parameters, and no template should hold a secret. What stands is left alone.
"""

from __future__ import annotations

import argparse
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.packaging.naming import STAGES
from infra.packaging.secrets import create_missing


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 when every secret stands, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m infra.deploy_secrets", description=__doc__)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--region", help="the one of your AWS profile, unless given")
    given = parser.parse_args(arguments)
    try:
        made = create_missing(boto3.session.Session(region_name=given.region).client("ssm"), given.stage)
    except (BotoCoreError, ClientError) as error:
        print(f"No secrets made: {error}", file=sys.stderr)
        return 1
    print(*(f"made {name}" for name in made), f"{len(made)} secrets made", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
