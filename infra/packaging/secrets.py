"""The secrets of a stage: random values and keys in SSM, made once; no template and no environment ever holds one."""

from __future__ import annotations

import secrets
from typing import Any

from functions.accounts.tokens import keyring
from infra.resources import SECRETS

RANDOM_BYTES = 32
EDGE = "keys/edge"


def parameter(stage: str, name: str) -> str:
    """The full name of a secret's parameter."""
    return f"/svyaz/{stage}/{name}"


def create_missing(ssm: Any, stage: str) -> list[str]:
    """The names of the secrets that were made; those that stand are left alone, for data was written with them."""
    names = [parameter(stage, name) for name in dict.fromkeys((*SECRETS, EDGE))]
    missing = ssm.get_parameters(Names=names)["InvalidParameters"]
    for name in missing:
        ssm.put_parameter(Name=name, Value=secrets.token_urlsafe(RANDOM_BYTES), Type="SecureString")
    missing += keyring.make_first_keys(ssm, lambda name: parameter(stage, name))
    return sorted(missing)
