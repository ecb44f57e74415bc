"""Races for one session, over real HTTP to the AWS that the environment names: `python -m tests.support.session_races`.

Prints how each round ended, as JSON.
"""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from functions.accounts.authorizer import caller_of
from functions.accounts.models import Tokens
from functions.accounts.tables import MemberItem, OrganisationItem, UserItem, org_key, user_key
from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from shared import audit, revocations
from shared.audit import AuditRow
from shared.clock import now
from shared.errors import SvyazError, Unauthorized
from shared.ids import new_id
from shared.tables import Transaction

AT_ONCE = 8
ROUNDS = 4
CHANGES = 6
_pauses_s = itertools.cycle([0, 0.03, 0.06, 0.1])
HERE = Place("203.0.113.7", "Firefox on Linux")


class Person:
    """A member of an organisation of his own."""

    def __init__(self) -> None:
        self.id, self.org_id = new_id("usr"), new_id("org")
        moment = now().isoformat()
        UserItem(user_key(self.id), "user", created_at=moment, org_id=self.org_id).save()
        OrganisationItem(org_key(self.org_id, "organisation"), "organisation", name="Lipa", created_at=moment).save()
        MemberItem(org_key(self.org_id, "members"), self.id, roles="role_0", joined_at=moment).save()

    def open(self) -> Tokens:
        """A new session."""
        return sessions.open_session(self.id, self.org_id, ["password"], HERE)

    def become(self, role: str) -> None:
        """Changes his role."""
        transaction = Transaction()
        item = MemberItem(org_key(self.org_id, "members"), self.id)
        transaction.update(item, [MemberItem.roles.set(role)])
        sessions.restamp(transaction, self.id, self.org_id)
        transaction.commit()

    def audited(self, action: str) -> int:
        """How often something stands in the audit."""
        rows = AuditRow.query(audit.month_key(self.org_id, now()), consistent_read=True)
        return sum(row.action == action for row in rows)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What came of acts that begin at the same moment: an answer, or the error."""
    begin = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        begin.wait()
        try:
            return act()
        except SvyazError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def is_in(tokens: Tokens) -> bool:
    """Whether an access token opens anything, to a process that has just begun."""
    revocations.forget()
    try:
        caller_of(f"Bearer {tokens.access_token}")
    except Unauthorized:
        return False
    return True


def one_token_many_times() -> dict[str, Any]:
    """All of them refresh by the same token."""
    person = Person()
    first = person.open()
    ended = at_once(*[lambda: sessions.refresh(first.refresh_token, HERE)] * AT_ONCE)
    winners = [each for each in ended if isinstance(each, Tokens)]
    return {
        "ended": Counter(type(each).__name__ for each in ended),
        "left": len(sessions.sessions_of(person.id)),
        "in": [is_in(each) for each in (first, *winners)],
        "audited": person.audited("accounts.session.reused"),
    }


def refreshed_while_it_ends() -> dict[str, Any]:
    """Whatever comes first, nothing that the session gave out works afterwards."""
    person = Person()
    first = person.open()
    [session] = sessions.sessions_of(person.id)

    def end() -> None:
        time.sleep(next(_pauses_s))
        sessions.end(person.id, session.id)

    ended = at_once(lambda: sessions.refresh(first.refresh_token, HERE), end)
    given = [each for each in ended if isinstance(each, Tokens)]
    return {"left": len(sessions.sessions_of(person.id)), "in": [is_in(each) for each in (first, *given)]}


def refreshed_while_roles_change() -> dict[str, Any]:
    """Every token that is let in tells the role that holds now."""
    person = Person()
    chains = [[person.open()] for _ in range(3)]

    def refresh(chain: list[Tokens]) -> None:
        for _ in range(CHANGES * 2):
            chain.append(sessions.refresh(chain[-1].refresh_token, HERE))

    def change() -> None:
        for number in range(1, CHANGES + 1):
            person.become(f"role_{number}")

    ended = at_once(change, *[lambda chain=chain: refresh(chain) for chain in chains])
    revocations.forget()
    told = {role for chain in chains for tokens in chain for role in _roles(tokens)}
    last = sessions.refresh(chains[0][-1].refresh_token, HERE)
    return {"failed": [str(each) for each in ended if each is not None], "told": sorted(told), "last": _roles(last)}


def _roles(tokens: Tokens) -> list[str]:
    try:
        return list(caller_of(f"Bearer {tokens.access_token}").roles)
    except Unauthorized:
        return []


def main() -> None:
    """Runs all rounds."""
    told = {
        race.__name__: [race() for _ in range(ROUNDS)]
        for race in (one_token_many_times, refreshed_while_it_ends, refreshed_while_roles_change)
    }
    print(json.dumps(told))  # noqa: T201  # read by the test


if __name__ == "__main__":
    main()
