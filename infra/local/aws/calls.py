"""AWS calls answered by ministack's handlers, called directly: its router, which guesses services, is not used."""

import email.errors
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from infra.local.aws.backend import ACCOUNT, REGION, Ministack
from infra.local.aws.exchange import Answer, WireRequest
from infra.local.aws.mailbox import Mail, Mailbox, message_id, read_v1, read_v2
from infra.local.aws.seams import QueueAlarm
from infra.local.aws.services import MAIL_V2, SERVICES, check_imitated, operation
from infra.local.aws.signature import ALGORITHM, QUERY_SIGNATURE
from infra.local.aws.state import AwsState

_log = logging.getLogger(__name__)
_OK, _BAD_REQUEST, _FAILED = 200, 400, 500
_UNREADABLE_MAIL = (ValueError, LookupError, TypeError, AttributeError, email.errors.MessageError)


class AwsCalls:
    """Answers verified calls, and notes what they changed and which mail they sent."""

    def __init__(self, ministack: Ministack, state: AwsState, mailbox: Mailbox, alarm: QueueAlarm) -> None:
        self._ministack = ministack
        self._state = state
        self._mailbox = mailbox
        self._alarm = alarm

    async def answer(self, service: str, request: WireRequest, body: bytes) -> Answer:
        """What the service answers.

        Raises: Refused for what is not imitated.
        """
        check_imitated(service, request, body)
        if service != "ses":
            return await self._call(service, request, body)
        try:
            mail = _sent_mail(request, body)
        except _UNREADABLE_MAIL:
            return Answer.text(_BAD_REQUEST, "the message could not be read")
        answer = await self._call(service, request, body)
        return self._keep(mail, answer) if mail is not None and answer.status == _OK else answer

    def preflight(self, request: WireRequest) -> Answer:
        """What a browser may do with an S3 object, by the CORS rules of its bucket."""
        bucket, _, key = request.path.removeprefix("/").partition("/")
        with self._ministack.responses.request_scope(ACCOUNT, REGION):
            return _answer(*self._ministack.services["s3"].cors_preflight(bucket, key, dict(request.headers)))

    def cors_headers(self, request: WireRequest) -> Mapping[str, str]:
        """The CORS headers that the bucket's rules give to an answer for the request's origin."""
        bucket = request.path.removeprefix("/").partition("/")[0]
        with self._ministack.responses.request_scope(ACCOUNT, REGION):
            found = self._ministack.services["s3"].cors_response_headers(bucket, request.method, dict(request.headers))
        return {str(name): str(value) for name, value in found.items()}

    async def _call(self, service: str, request: WireRequest, body: bytes) -> Answer:
        handler = self._ministack.services[SERVICES[service].module].handle_request
        headers, query = _without_query_signature(request)
        try:
            with self._ministack.responses.request_scope(ACCOUNT, REGION):
                found = await handler(request.method, request.path, headers, body, query)
        except Exception:  # noqa: BLE001 - whatever breaks inside ministack is the answer of this one call
            _log.exception("%s %s broke inside ministack", service, operation(request) or request.method)
            return Answer.text(_FAILED, "the embedded AWS could not answer this call; its log says why")
        finally:
            self._state.mark(service, request, body)
            if operation(request) != "ReceiveMessage":
                self._alarm.ring()
        status, answer_headers, content = found
        self._ministack.responses.fix_error_content_type(service, status, answer_headers)
        self._ministack.responses.fix_success_content_type(service, status, answer_headers)
        return _answer(status, answer_headers, b"" if request.method == "HEAD" else content)

    def _keep(self, mail: Mail, answer: Answer) -> Answer:
        try:
            self._mailbox.add(mail | {"id": message_id(answer.body)})
        except OSError as error:
            _log.error("a sent message could not be kept: %s", error)
            return Answer.text(_FAILED, "the message could not be kept; is the disk full?")
        return answer


def _sent_mail(request: WireRequest, body: bytes) -> Mail | None:
    if request.path == "/":
        return read_v1(body)
    is_sending = request.method == "POST" and request.path.rstrip("/") == MAIL_V2
    return read_v2(body) if is_sending else None


def _without_query_signature(request: WireRequest) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Headers and query for a handler; ministack knows no secret to verify a presigned URL, and need not again."""
    headers, query = dict(request.headers), request.query
    if "X-Amz-Credential" in query:
        headers["authorization"] = (
            f"{ALGORITHM} Credential={query['X-Amz-Credential']}, SignedHeaders=host, Signature=0"
        )
    return headers, {name: [value] for name, value in query.items() if name.lower() not in QUERY_SIGNATURE}


def _answer(status: int, headers: Mapping[str, Any], content: str | bytes) -> Answer:
    plain = {"x-amzn-requestid": str(uuid.uuid4())}
    plain |= {
        name.lower(): ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in headers.items()
    }
    return Answer(status, plain, content.encode() if isinstance(content, str) else content)
