"""Administrators who put each other out at one moment; run where AWS is a real server, by `tests/paths`."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from functions.accounts.models import Membership
from functions.accounts.organisation import members, membership, organisations
from functions.accounts.organisation.members import Change
from functions.accounts.tables import MemberItem, OrganisationItem, UserItem, org_key, user_key
from shared.clock import now
from shared.errors import Contended, RuleViolation
from shared.identity import Caller
from shared.ids import new_id
from shared.rights import Role
from shared.tables import Transaction

ROUNDS = 6
AT_ONCE = 4
ADMINISTRATOR = (Role.ADMINISTRATOR.value,)


def main() -> None:
    """Prints what stands after each round: the administrators, the count, and how each attempt ended."""
    print(json.dumps([_round(number) for number in range(ROUNDS)]))  # noqa: T201  # this is what the test reads


def _round(number: int) -> dict[str, object]:
    users = [new_id("usr") for _ in range(AT_ONCE)]
    for user_id in users:
        UserItem(user_key(user_id), "user", created_at=now().isoformat()).save()
    org_id = organisations.found(users[0], "Race").id
    for user_id in users[1:]:
        transaction = Transaction()
        membership.count_administrators(transaction, org_id, (), ADMINISTRATOR)
        membership.write_new(transaction, Membership(org_id, user_id, ADMINISTRATOR))
        transaction.commit()
    put_out = _removed if number % 2 else _demoted
    barrier = Barrier(AT_ONCE)

    def attempt(at: int) -> str:
        barrier.wait()
        return _until_decided(put_out, Caller("user", users[at], org_id, ADMINISTRATOR), users[(at + 1) % AT_ONCE])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = list(pool.map(attempt, range(AT_ONCE)))
    rows = MemberItem.query(org_key(org_id, "members"), consistent_read=True)
    left = [row.sk for row in rows if Role.ADMINISTRATOR in row.roles.split()]
    counted = OrganisationItem.get(org_key(org_id, "organisation"), "organisation", consistent_read=True)
    return {"left": len(left), "counted": int(counted.administrators), "ended": sorted(ended)}


def _until_decided(put_out: Callable[[Caller, str], object], who: Caller, whom: str) -> str:
    while True:
        try:
            put_out(who, whom)
        except Contended:
            continue
        except RuleViolation:
            return "refused"
        return "done"


def _removed(who: Caller, whom: str) -> None:
    members.remove(who, whom)


def _demoted(who: Caller, whom: str) -> None:
    members.change(who, whom, Change(roles=(Role.SUPPORT.value,)))


if __name__ == "__main__":
    main()
