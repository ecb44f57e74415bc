"""The authorizer: says who comes, by a token or a key, and nothing to anybody else."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from functions.accounts.authorizer import KEPT_S, authorize, caller_of
from functions.accounts.organisation import api_keys
from functions.accounts.tables import ApiKeyItem, org_key
from functions.accounts.tokens import access_tokens
from infra.local.authorizers import may_invoke
from infra.triggers import triggers
from shared import revocations
from shared.clock import now
from shared.errors import ProviderUnavailable, Unauthorized
from shared.identity import Caller
from shared.tables import Transaction
from tests.support.aws_calls import refusing, watched
from tests.support.hostile import texts
from tests.support.signed_in import founder

pytestmark = pytest.mark.usefixtures("aws")
CALLER = Caller("user", "usr_1", "org_1", ("support",), session_id="ses_1")
ARN = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/api/GET/v1/accounts/me"


def token() -> str:
    """A genuine access token."""
    return access_tokens.issue(CALLER, ["password"], now())


def asked(header: str) -> Any:
    """What the function answers to API Gateway."""
    return authorize({"type": "TOKEN", "authorizationToken": header, "methodArn": ARN}, None)


def key(**change: Any) -> str:
    """A new API key."""
    maker = founder(org_id="org_1")
    return api_keys.create(maker, "A service", ["sms.messages.send"], is_test=change.get("is_test", False))[1]


def revoke(subject: str) -> None:
    """Revokes, for a process that has just begun."""
    transaction = Transaction()
    revocations.revoke(transaction, subject)
    transaction.commit()
    revocations.forget()


def test_a_token_tells_who_asks() -> None:
    """PLAT-31."""
    answer = asked(f"Bearer {token()}")
    assert Caller.from_context(answer["context"]) == CALLER
    assert answer["principalId"] == "usr_1"
    assert all(isinstance(value, str) for value in answer["context"].values())


@pytest.mark.parametrize("is_test", [False, True])
def test_a_key_tells_who_asks(*, is_test: bool) -> None:
    """PLAT-31."""
    answer = asked(f"Bearer {key(is_test=is_test)}")
    found = Caller.from_context(answer["context"])
    assert (found.kind, found.org_id, found.scopes) == ("key", "org_1", ("sms.messages.send",))
    assert (found.is_test, found.subject) == (is_test, answer["principalId"])


@pytest.mark.parametrize("path", ["GET/v1/accounts/me", "DELETE/v1/booking/bookings/bkg_1", "POST/"])
def test_the_answer_serves_every_route(path: str) -> None:
    """API Gateway keeps it for all of them."""
    policy = asked(f"Bearer {token()}")["policyDocument"]
    assert may_invoke(policy, f"arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/api/{path}")
    assert not may_invoke(policy, f"arn:aws:execute-api:eu-central-1:123456789012:another/api/{path}")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_the_schemes_letters_may_be_of_any_case(scheme: str) -> None:
    """RFC 9110, section 11.1."""
    assert caller_of(f"{scheme} {token()}") == CALLER


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer  ",
        "Basic b2xnYTpzZWNyZXQ=",
        "{token}",
        "Token {token}",
        "Bearer  {token}",
        "Bearer {token} ",
        "Bearer {token},Bearer {token}",
        "Bearer svz_live_",
        "Bearer svz_live_0190000000007000800000000000000f_" + "k" * 43,
        "Bearer svz_none_0190000000007000800000000000000f_" + "k" * 43,
        "Bearer SVZ_LIVE_0190000000007000800000000000000f_" + "k" * 43,
        "Bearer svz_live_0190000000007000800000000000000f_" + "ĸ" * 43,
        "Bearer svz_live_" + "a" * 1_000_000,
        "Bearer " + "я" * 40,
        "Bearer \ud800",
        "Bearer " + "a" * 1_000_000,
    ],
)
def test_everybody_else_is_refused_with_one_word(header: str) -> None:
    """API Gateway answers 401 for this word alone."""
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        asked(header.replace("{token}", token()))


@given(text=texts(100))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(Unauthorized, match=r"^Unauthorized$"):
        asked(text)


@pytest.mark.parametrize("subject", ["ses_1", access_tokens.membership("org_1", "usr_1")])
def test_what_was_revoked_is_refused(subject: str) -> None:
    header = f"Bearer {token()}"
    assert caller_of(header) == CALLER
    revoke(subject)
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        asked(header)


def test_a_revoked_key_is_refused() -> None:
    text = key()
    found = caller_of(f"Bearer {text}")
    api_keys.revoke("org_1", found.subject)
    api_keys.forget()
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        asked(f"Bearer {text}")


def test_a_key_is_refused_where_its_item_is_another_organisations() -> None:
    found = caller_of(f"Bearer {(text := key())}")
    ApiKeyItem(org_key("org_1", "keys"), found.subject).delete()
    api_keys.forget()
    with pytest.raises(Unauthorized):
        caller_of(f"Bearer {text}")


def test_no_database_is_asked_for_a_token() -> None:
    """The list of what was revoked is asked for once in a quarter of a minute."""
    caller_of(f"Bearer {token()}")
    headers = [f"Bearer {token()}" for _ in range(20)]
    with watched("dynamodb") as tables, watched("ssm") as parameters:
        for header in headers:
            asked(header)
    assert (tables, parameters) == ([], [])


def test_what_is_revoked_ends_within_a_minute() -> None:
    """PLAT-31: what API Gateway keeps, and the list at its very oldest."""
    assert KEPT_S + revocations.TRUSTED_S < 60
    assert [authorizer.kept_s for authorizer in triggers().authorizers] == [KEPT_S]


def test_a_failure_of_ours_is_none_of_the_callers(capsys: pytest.CaptureFixture[str]) -> None:
    """API Gateway makes a 500 of it, and we are told."""
    with refusing("dynamodb", "Query", "ThrottlingException"), pytest.raises(ProviderUnavailable):
        asked(f"Bearer {token()}")
    assert "AuthorizerFailed" in [key for line in counted(capsys) for key in line]


def test_refusals_are_counted_and_tokens_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = access_tokens.issue(CALLER, [], now() - timedelta(hours=1))
    with pytest.raises(Unauthorized):
        asked(f"Bearer {text}")
    written = capsys.readouterr()
    assert "CallerRefused" in written.out
    assert text not in written.out + written.err


def counted(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The metrics that were told."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_it_loads_little() -> None:
    """It stands before every request: what it does not need would be waited for by everybody."""
    code = "import sys, functions.accounts.authorizer; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    heavy = {"aiohttp", "argon2", "boto3", "functions.accounts.tokens.sessions", "httpx", "pydantic", "shared.vault"}
    assert heavy & set(ran.stdout.split()) == set()
