"""The samples' own token is what its signer would make."""

from __future__ import annotations

import pytest

from functions.accounts.tokens import access_tokens
from infra.packaging.proof.seed import MEMBER, SIGNED_AT, SIGNER
from infra.packaging.proof.world import BASE_URL
from shared.settings import settings
from tests.support.events import sample


def test_the_samples_token_is_of_the_form_that_we_give_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new form of access tokens wants a new token in `events/accounts/authorize__token.json`: this one."""
    monkeypatch.setenv("SVYAZ_PUBLIC_BASE_URL", BASE_URL)
    settings.cache_clear()
    wanted = access_tokens.sign(SIGNER, MEMBER, ["password"], SIGNED_AT, SIGNED_AT)
    settings.cache_clear()
    assert sample("accounts/authorize__token.json")["authorizationToken"] == f"Bearer {wanted}"
