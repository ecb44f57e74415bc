"""What each function may do, written by hand.

The replay of `events/` proves that nothing is missing (`infra.packaging.proof`); reading the code tells what may go.
"""

from __future__ import annotations

from infra.packaging.rights import (
    Grant,
    consume,
    index,
    items,
    look_up,
    mail_to,
    push_frames,
    read_files,
    replace_secrets,
    seal_fields,
    secrets,
    send_to,
    unseal_fields,
    write_files,
)

LOOKUP = secrets("keys/lookup")
KEYS = secrets("keys/edge", "keys/lookup", "keys/signing")
CHANNELS = secrets("channels/*")
REVOKED = items("revocations", "Query")
RATES = items("counters", "UpdateItem")
AUDIT = items("audit", "PutItem")
TRAIL = (AUDIT, RATES, send_to("accounts-notices"))
"""What stands behind every route that changes something or is not public: its entry, its counts, a notice."""
INBOUND = send_to("inbound-booking.fifo")
OUTGOING = send_to("outgoing-telegram.fifo", "outgoing-webchat.fifo")
OPERATOR = mail_to("${OperatorMail}")
ANYBODY = mail_to("*")

GRANTS: dict[str, tuple[Grant, ...]] = {
    "platform_api": (
        LOOKUP,
        items("timers", "BatchGetItem"),
        items("outbox", "Query"),
        look_up("inbound-booking.fifo"),
    ),
    "platform_tick": (
        items("timers", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
        send_to("timers-booking"),
    ),
    "platform_alarm": (OPERATOR,),
    "platform_personal": (
        LOOKUP,
        AUDIT,
        index("audit", "by_actor"),
        items("accounts", "BatchGetItem", "Query", "UpdateItem", "DeleteItem"),
        items("revocations", "PutItem"),
        items("outbox", "Query", "DeleteItem"),
        items("booking", "BatchGetItem", "PutItem", "DeleteItem"),
        index("booking", "by_client"),
        items("timers", "DeleteItem"),
        items("messengers", "Query"),
        write_files("exports"),
        *unseal_fields(),
        *consume("personal"),
    ),
    "platform_socket": (
        LOOKUP,
        AUDIT,
        items("connections", "BatchGetItem", "PutItem", "DeleteItem"),
        items("messengers", "BatchGetItem"),
        items("outbox", "Query"),
        REVOKED,
        push_frames(),
        INBOUND,
    ),
    "console_api": (),
    "accounts_authorize": (
        secrets("jwks/access"),
        items("accounts", "BatchGetItem"),
        REVOKED,
    ),
    "accounts_api": (
        KEYS,
        secrets("keys/access", "login/*"),
        items("accounts", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
        items("counters", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"),
        *TRAIL,
        items("audit", "Query"),
        index("audit", "by_actor"),
        index("audit", "by_thing"),
        items("revocations", "BatchGetItem", "Query", "PutItem"),
        *seal_fields(),
        send_to("accounts-mail", "personal"),
        items("booking", "BatchGetItem"),
        index("booking", "by_client"),
        *read_files("exports", ""),
        items("outbox", "Query"),
        items("idempotency", "BatchGetItem", "PutItem"),
    ),
    "accounts_mail": (
        secrets("keys/lookup", "keys/signing"),
        items("outbox", "PutItem"),
        items("accounts", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"),
        RATES,
        *seal_fields(),
        ANYBODY,
        *consume("accounts-mail"),
    ),
    "accounts_rotate_keys": (
        secrets("jwks/access", "keys/access"),
        replace_secrets("jwks/access", "keys/access"),
    ),
    "accounts_notices": (
        LOOKUP,
        AUDIT,
        RATES,
        items("accounts", "BatchGetItem", "Query", "PutItem", "UpdateItem"),
        *seal_fields(),
        ANYBODY,
        *consume("accounts-notices"),
    ),
    "messengers_api": (
        KEYS,
        CHANNELS,
        *TRAIL,
        items("messengers", "BatchGetItem", "PutItem"),
        items("connections", "PutItem"),
        INBOUND,
    ),
    "messengers_send_telegram": (
        LOOKUP,
        CHANNELS,
        items("outbox", "PutItem", "UpdateItem"),
        *seal_fields(),
        *consume("outgoing-telegram.fifo"),
    ),
    "messengers_send_webchat": (
        LOOKUP,
        items("outbox", "PutItem", "UpdateItem"),
        *seal_fields(),
        items("connections", "Query"),
        REVOKED,
        push_frames(),
        *consume("outgoing-webchat.fifo"),
    ),
    "messengers_sweep": (
        LOOKUP,
        index("outbox", "unsent"),
        items("outbox", "UpdateItem"),
        OUTGOING,
    ),
    "booking_api": (
        KEYS,
        *TRAIL,
        items("booking", "BatchGetItem", "Query", "PutItem"),
        index("booking", "by_organisation"),
        items("idempotency", "BatchGetItem", "PutItem"),
    ),
    "booking_inbound": (
        LOOKUP,
        AUDIT,
        items("booking", "BatchGetItem", "Query", "PutItem"),
        index("booking", "by_client"),
        items("idempotency", "PutItem"),
        items("outbox", "PutItem"),
        items("timers", "PutItem", "DeleteItem"),
        send_to("timers-booking"),
        OUTGOING,
        *consume("inbound-booking.fifo"),
    ),
    "booking_timers": (
        LOOKUP,
        items("booking", "BatchGetItem"),
        items("idempotency", "PutItem"),
        items("outbox", "PutItem"),
        OUTGOING,
        *consume("timers-booking"),
    ),
    "booking_import": (
        AUDIT,
        *read_files("imports", "catalogues/"),
        items("booking", "BatchGetItem", "PutItem"),
        OPERATOR,
    ),
}
