"""Who may reach the embedded AWS: the owner of its key, and a browser that holds a complete presigned S3 URL.

A web page can make a browser send requests to loopback addresses. It cannot sign them, its Host or Origin betrays it,
and it never gets an answer that allows reading. Nothing of a request is believed before its signature is verified.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import formatdate

from infra.local.aws.calls import AwsCalls
from infra.local.aws.credentials import AccessKey
from infra.local.aws.exchange import Answer, Refused, WireRequest
from infra.local.aws.incoming import Incoming, Message, Receive, SenderGone
from infra.local.aws.mailbox import Mailbox
from infra.local.aws.services import check_route
from infra.local.aws.signature import Claim, check_claim, check_signature, read_claim

MAIL_PATH, MAIL_KEY_HEADER = "/_local/mail", "x-svyaz-local-key"
_BROWSER_METHODS = ("GET", "HEAD", "PUT", "OPTIONS")
_OK, _UNAVAILABLE = 200, 503
_log = logging.getLogger(__name__)

Send = Callable[[Message], Awaitable[None]]


class Guard:
    """The ASGI application: verifies, then passes on."""

    def __init__(self, port: int, region: str, key: AccessKey, calls: AwsCalls, mailbox: Mailbox) -> None:
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._region = region
        self._key = key
        self._calls = calls
        self._mailbox = mailbox
        self._is_open = True

    def close(self) -> None:
        """Refuses everything from now on, so that what is saved last is all there is."""
        self._is_open = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answers one HTTP request; WebSockets are refused."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        incoming = Incoming(receive)
        try:
            answer = await self._answer(scope, incoming)
        except Refused as refusal:
            _log.debug("refused %s: %s", scope["method"], refusal)  # louder, web pages could fill the disk with it
            answer = Answer.text(refusal.status, f"Refused by the embedded AWS: {refusal}.")
        except SenderGone:
            return
        await incoming.drain()
        await incoming.while_dropping(_send(send, answer, is_head=scope["method"] == "HEAD"))

    async def _answer(self, scope: Message, incoming: Incoming) -> Answer:
        self._check_open()
        request = WireRequest.from_scope(scope)
        if request.headers.get("host") not in self._hosts:
            raise Refused("the Host header names another server")
        if request.path == MAIL_PATH:
            return await self._mail(request)
        claim = read_claim(request)
        check_browser(request, claim)
        check_claim(claim, self._key.access_key_id, self._region, datetime.now(UTC))
        if request.method == "OPTIONS":
            return self._calls.preflight(request)
        check_route(claim.service, request)
        return await self._verified(claim, request, incoming)

    async def _verified(self, claim: Claim, request: WireRequest, incoming: Incoming) -> Answer:
        body = await incoming.body(request)
        check_signature(claim, request, self._key.secret_access_key, body)
        answer = await incoming.while_connected(self._call(claim.service, request, body))
        if claim.is_presigned:
            return Answer(answer.status, {**answer.headers, **self._calls.cors_headers(request)}, answer.body)
        return answer

    async def _call(self, service: str, request: WireRequest, body: bytes) -> Answer:
        self._check_open()  # in the same step of the loop as the call itself
        return await self._calls.answer(service, request, body)

    def _check_open(self) -> None:
        if not self._is_open:
            raise Refused("it is being stopped", _UNAVAILABLE)

    async def _mail(self, request: WireRequest) -> Answer:
        given = request.headers.get(MAIL_KEY_HEADER, "").encode()
        if is_from_browser(request) or not hmac.compare_digest(given, self._key.secret_access_key.encode()):
            raise Refused(f"sent mail is listed only to callers that give the secret key in {MAIL_KEY_HEADER}")
        if request.method != "GET":
            raise Refused("sent mail can only be read")
        messages = await asyncio.to_thread(self._mailbox.messages)
        return Answer(_OK, {"content-type": "application/json"}, json.dumps(messages).encode())


def is_from_browser(request: WireRequest) -> bool:
    """Whether a header tells that a web page caused the request."""
    return any(name in ("origin", "referer") or name.startswith("sec-") for name in request.headers)


def check_browser(request: WireRequest, claim: Claim) -> None:
    """Returns unless a presigned URL is used for what it may not do, or a browser uses anything else.

    Raises: Refused.
    """
    if claim.is_presigned:
        if claim.service != "s3" or request.method not in _BROWSER_METHODS:
            raise Refused("only GET, HEAD and PUT of S3 objects may be presigned")
    elif is_from_browser(request):
        raise Refused("browsers reach S3 objects by presigned URLs, and nothing else")
    elif request.method == "OPTIONS":
        raise Refused("there is nothing to ask beforehand")


async def _send(send: Send, answer: Answer, *, is_head: bool) -> None:
    headers: Mapping[str, str] = {"date": formatdate(usegmt=True), **answer.headers}
    if not is_head:
        headers = {**headers, "content-length": str(len(answer.body))}
    lines = [(name.encode("latin-1"), value.encode("utf-8")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": lines})
    await send({"type": "http.response.body", "body": b"" if is_head else answer.body})
