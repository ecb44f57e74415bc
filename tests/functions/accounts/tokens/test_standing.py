"""What a person is in an organisation, by his membership and by what he has shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.accounts.tokens.standing import Standing, as_signed_in
from shared.rights import Role

ROLES = st.lists(st.sampled_from([role.value for role in Role]), unique=True)


@given(roles=ROLES, required=ROLES, methods=st.lists(st.sampled_from(["password", "telegram", "totp", "recovery"])))
def test_roles_are_given_whole_or_not_at_all(roles: list[str], required: list[str], methods: list[str]) -> None:
    """PLAT-32."""
    found = as_signed_in("org_1", roles, required, methods)
    is_asked = bool(set(roles) & set(required)) and not {"totp", "recovery"} & set(methods)
    assert found == Standing("org_1", () if is_asked else tuple(roles), needs_second_factor=is_asked)


@pytest.mark.parametrize("method", ["totp", "recovery"])
def test_either_second_factor_will_do(method: str) -> None:
    assert as_signed_in("org_1", ["administrator"], ["administrator"], ["password", method]).roles == ("administrator",)


def test_roles_that_require_none_are_given_without() -> None:
    assert as_signed_in("org_1", ["support"], ["administrator"], ["password"]).roles == ("support",)
