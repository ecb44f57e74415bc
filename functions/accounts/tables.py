"""The accounts' table: people, what they are found by, their sessions, and the organisations that they belong to.

Personal data and secrets in it are sealed by `shared.vault`; people are found by keyed digests alone.
"""

from __future__ import annotations

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from shared.keys import lookup_key
from shared.tables import Table

TABLE = "accounts"


class AccountsItem(Table):
    """What every kind of item in the table has."""

    class Meta:
        """The system's table."""

        name = TABLE

    version = NumberAttribute(default=1)


class UserItem(AccountsItem):
    """A person: `user#<id>` / `user`; `status` is `active` or `removed`."""

    status = UnicodeAttribute(default="active")
    created_at = UnicodeAttribute()
    org_id = UnicodeAttribute(default="")


class ProfileItem(AccountsItem):
    """A version of a profile, name and e-mail sealed: sk `profile` now, `profile#<effective_from>` before."""

    name = UnicodeAttribute()
    language = UnicodeAttribute()
    email = UnicodeAttribute(default="")
    effective_from = UnicodeAttribute()
    effective_to = UnicodeAttribute(null=True)


class PasswordItem(AccountsItem):
    """A version of a password's hash: sk `password` holds now, `password#<effective_from>` held before."""

    hash = UnicodeAttribute()
    effective_from = UnicodeAttribute()
    effective_to = UnicodeAttribute(null=True)


class TotpItem(AccountsItem):
    """A second factor: sk `totp`; its secret sealed; `last_step` is the newest step that was used."""

    secret = UnicodeAttribute()
    is_confirmed = BooleanAttribute(default=False)
    on_since = UnicodeAttribute(default="")
    last_step = NumberAttribute(default=0)


class RecoveryItem(AccountsItem):
    """Recovery codes that are left: sk `recovery`; digests, separated by spaces."""

    digests = UnicodeAttribute()


class IdentityItem(AccountsItem):
    """Whose an identity is: `identity#<kind>#<lookup>` / `identity`; never two people's."""

    user_id = UnicodeAttribute()


class UserIdentityItem(AccountsItem):
    """An identity of a person: sk `identity#<kind>`; `lookup` names its item, `label` (sealed) is shown to him."""

    lookup = UnicodeAttribute()
    label = UnicodeAttribute()


class SessionItem(AccountsItem):
    """A session: sk `session#<id>`; `refresh_digest` is that of the one refresh token that may be used now."""

    org_id = UnicodeAttribute(default="")
    generation = NumberAttribute(default=1)
    refresh_digest = UnicodeAttribute()
    created_at = UnicodeAttribute()
    used_at = UnicodeAttribute()
    ends_at = UnicodeAttribute()
    device = UnicodeAttribute(default="")
    network = UnicodeAttribute(default="")
    place = UnicodeAttribute(default="")
    methods = UnicodeAttribute(default="")


class PendingItem(AccountsItem):
    """Something that waits for a link in a letter: a registration, a reset (sk `reset`), a change (sk `email_change`).

    Shape: `content` is sealed JSON; `nonce` is in the link; until `expires_at`.
    """

    content = UnicodeAttribute(default="")
    nonce = UnicodeAttribute()


class OrganisationItem(AccountsItem):
    """An organisation: `org#<id>#organisation` / `organisation`; `settings` is JSON.

    Shape: `administrators` counts the members with that role, so that a condition can hold on to the last one.
    """

    name = UnicodeAttribute()
    created_at = UnicodeAttribute()
    settings = UnicodeAttribute(default="{}")
    administrators = NumberAttribute(default=0)


class MemberItem(AccountsItem):
    """A membership: `org#<id>#members` / user id; roles and teams separated by spaces."""

    roles = UnicodeAttribute(default="")
    teams = UnicodeAttribute(default="")
    master_id = UnicodeAttribute(default="")
    joined_at = UnicodeAttribute()


class MembershipPointer(AccountsItem):
    """Says that a person belongs to an organisation: `user#<id>` / `member#<org>`."""


class TeamItem(AccountsItem):
    """A team: `org#<id>#teams` / team id."""

    name = UnicodeAttribute()


class InvitationItem(AccountsItem):
    """An invitation: `org#<id>#invitations` / id; e-mail sealed, `email_lookup` its digest; until `expires_at`."""

    email = UnicodeAttribute()
    email_lookup = UnicodeAttribute()
    roles = UnicodeAttribute(default="")
    teams = UnicodeAttribute(default="")
    invited_by = UnicodeAttribute()
    created_at = UnicodeAttribute()
    is_test = BooleanAttribute(default=False)


class ApiKeyItem(AccountsItem):
    """An API key: `org#<id>#keys` / key id; `digest` is SHA-256 of its secret; `ends_at` empty means never."""

    name = UnicodeAttribute()
    digest = UnicodeAttribute()
    scopes = UnicodeAttribute(default="")
    is_test = BooleanAttribute(default=False)
    created_at = UnicodeAttribute()
    created_by = UnicodeAttribute()
    ends_at = UnicodeAttribute(default="")


class ApiKeyPointer(AccountsItem):
    """Whose a key is: `key#<id>` / `key`; it never changes hands."""

    org_id = UnicodeAttribute()


class NoticeItem(AccountsItem):
    """Something that an administrator should look at: `org#<id>#notices` / `<window>#<kind>#<subject>#<about>`.

    Shape: `detail` is the suspicion as JSON; `told_at` is set once the letters are sent, and nobody else sends them
    before `lease_until`.
    """

    kind = UnicodeAttribute()
    subject = UnicodeAttribute()
    at = UnicodeAttribute()
    detail = UnicodeAttribute(default="")
    told_at = UnicodeAttribute(null=True)
    lease_until = NumberAttribute(default=0)


def user_key(user_id: str) -> str:
    """The partition of a person."""
    return f"user#{user_id}"


def identity_key(kind: str, value: str) -> str:
    """The partition of what a person is found by: no address stands in it."""
    return f"identity#{kind}#{lookup_key(kind, value)}"


def org_key(org_id: str, what: str) -> str:
    """The partition of one sort of things that an organisation owns, such as `members`."""
    return f"org#{org_id}#{what}"
