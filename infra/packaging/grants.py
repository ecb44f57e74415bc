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
    secrets,
    send_to,
)

LOOKUP = secrets("keys/lookup")
KEYS = secrets("keys/edge", "keys/lookup", "keys/signing")
CHANNELS = secrets("channels/*")
RATES = items("counters", "UpdateItem")
INBOUND = send_to("inbound-booking.fifo")
OUTGOING = send_to("outgoing-telegram.fifo", "outgoing-webchat.fifo")
OPERATOR = mail_to("${OperatorMail}")

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
    "platform_socket": (
        LOOKUP,
        items("connections", "BatchGetItem", "PutItem", "DeleteItem"),
        items("messengers", "BatchGetItem"),
        items("outbox", "Query"),
        push_frames(),
        INBOUND,
    ),
    "console_api": (),
    "messengers_api": (
        KEYS,
        CHANNELS,
        RATES,
        items("messengers", "BatchGetItem"),
        items("connections", "PutItem"),
        INBOUND,
    ),
    "messengers_send_telegram": (
        LOOKUP,
        CHANNELS,
        items("outbox", "UpdateItem"),
        *consume("outgoing-telegram.fifo"),
    ),
    "messengers_send_webchat": (
        LOOKUP,
        items("outbox", "UpdateItem"),
        items("connections", "Query"),
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
        RATES,
        items("booking", "BatchGetItem", "Query", "PutItem"),
        items("idempotency", "BatchGetItem", "PutItem"),
    ),
    "booking_inbound": (
        LOOKUP,
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
        *read_files("imports", "catalogues/"),
        items("booking", "BatchGetItem", "PutItem"),
        OPERATOR,
    ),
}
