"""Signed calls of JSON services of the embedded AWS, without blocking and without boto3's memory."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from infra.local.aws.process import EmbeddedAws

TIMEOUT_S = 30
MAIL_PATH, MAIL_KEY = "/_local/mail", "x-svyaz-local-key"
_TARGETS = {"sqs": ("AmazonSQS", "1.0"), "events": ("AWSEvents", "1.1"), "ssm": ("AmazonSSM", "1.1")}
_OK = 200


class AwsCallFailed(Exception):
    """AWS refused, or does not answer."""


class AwsCalls:
    """Calls by the gateway itself; to be closed."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self._aws = aws
        self._credentials = Credentials(aws.access_key_id, aws.secret_access_key)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))

    async def call(self, service: str, operation: str, **arguments: Any) -> dict[str, Any]:
        """What the operation answers.

        Raises: AwsCallFailed.
        """
        prefix, version = _TARGETS[service]
        headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": f"{prefix}.{operation}"}
        request = AWSRequest("POST", f"{self._aws.endpoint_url}/", headers, json.dumps(arguments).encode())
        SigV4Auth(self._credentials, service, self._aws.region).add_auth(request)
        try:
            url = self._aws.endpoint_url + "/"
            async with self._session.post(url, data=request.data, headers=dict(request.headers)) as answer:
                body = await answer.json(content_type=None)
                if answer.status != _OK:
                    raise AwsCallFailed(f"{operation}: {body.get('__type', answer.status)}")
                return body or {}
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise AwsCallFailed(f"{operation}: {error}") from None

    async def mail(self) -> list[dict[str, Any]]:
        """The sent mail, oldest first.

        Raises: AwsCallFailed.
        """
        headers = {MAIL_KEY: self._aws.secret_access_key}
        try:
            async with self._session.get(self._aws.endpoint_url + MAIL_PATH, headers=headers) as answer:
                found: list[dict[str, Any]] = await answer.json()
                return found
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise AwsCallFailed(f"mail: {error}") from None

    async def close(self) -> None:
        """Ends all calls under way."""
        await self._session.close()
