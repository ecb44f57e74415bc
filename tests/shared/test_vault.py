"""The vault: fields sealed with data keys that KMS guards, rotated without losing what is old."""

from __future__ import annotations

import base64
import subprocess
import sys
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.triggers import functions
from shared import data_keys, vault
from shared.data_keys import CurrentKeyItem, DataKeyItem
from shared.errors import ProviderThrottled, ProviderUnavailable, SettingsInvalid
from shared.sealing import key_id_of
from shared.tables import find
from tests.support import aws_calls
from tests.support.aws_calls import watched
from tests.support.clock import Clock

pytestmark = pytest.mark.usefixtures("aws")
PLACE = "accounts|usr_1|email"
SEALS_NOTHING = ("platform_tick", "platform_socket", "platform_alarm", "booking_inbound", "messengers_send_webchat")


def _used() -> str:
    return key_id_of(vault.encrypt("x", PLACE))


def test_a_field_comes_back_in_its_place_only(clock: Clock) -> None:
    """PLAT-22."""
    sealed = vault.encrypt("olga@example.test", PLACE)
    assert "olga" not in sealed
    data_keys.forget()
    assert vault.decrypt(sealed, PLACE) == "olga@example.test"
    with pytest.raises(vault.Unreadable) as refused:
        vault.decrypt(sealed, "accounts|usr_1|name")
    assert (refused.value.status, refused.value.kind) == (500, "unreadable")


def test_kms_is_asked_once_and_the_key_kept_for_an_hour(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr("shared.data_keys.monotonic", lambda: moment[0])
    with watched("kms") as kms, watched("dynamodb") as table:
        sealed = [vault.encrypt(str(number), PLACE) for number in range(20)]
        assert [name for name, _ in kms] == ["GenerateDataKey"]
        asked = len(table)
        moment[0] += data_keys.KEPT_S - 1
        assert [vault.decrypt(each, PLACE) for each in sealed] == [str(number) for number in range(20)]
        assert (len(kms), len(table)) == (1, asked)
        moment[0] += 2
        vault.encrypt("later", PLACE)
        assert [name for name, _ in kms] == ["GenerateDataKey", "Decrypt"]


def test_kms_is_told_stage_and_purpose(clock: Clock) -> None:
    with watched("kms") as kms:
        sealed = vault.encrypt("x", PLACE)
        data_keys.forget()
        vault.decrypt(sealed, PLACE)
    assert [call["EncryptionContext"] for _, call in kms] == [{"stage": "test", "purpose": "personal"}] * 2
    assert {call["KeyId"] for _, call in kms} == {"alias/svyaz-test"}


def test_a_key_is_replaced_after_thirty_days_and_old_fields_stay_readable(clock: Clock) -> None:
    """PLAT-22: also by a process that starts only then, and by one that has worked on since."""
    old = vault.encrypt("olga@example.test", PLACE)
    clock.forward(days=30, seconds=-1)
    assert _used() == key_id_of(old)
    clock.forward(2)
    assert _used() != key_id_of(old)
    assert vault.decrypt(old, PLACE) == "olga@example.test"
    data_keys.forget()
    assert vault.decrypt(old, PLACE) == "olga@example.test"


def test_processes_share_one_key(clock: Clock) -> None:
    first = _used()
    data_keys.forget()
    assert _used() == first


def test_of_two_that_make_the_first_key_one_wins(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-21: the loser reads anew and uses the winner's."""
    winner = _lose_once(monkeypatch)
    assert _used() == winner[0]
    assert len(list(DataKeyItem.scan(DataKeyItem.encrypted.exists()))) == 1


def test_of_two_that_replace_a_key_one_wins(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    old = _used()
    clock.forward(days=31)
    winner = _lose_once(monkeypatch)
    assert _used() == winner[0] != old
    assert len(list(DataKeyItem.scan(DataKeyItem.encrypted.exists()))) == 2


def _lose_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lets another process make a key while this one asks KMS; the id of that key is in the list then."""
    generated, won = data_keys._generated, list[str]()

    def late() -> tuple[bytes, bytes]:
        ours = generated()
        if not won:
            won.append("")
            won[0] = data_keys._next(data_keys._pointer()).key_id
            data_keys.forget()
        return ours

    monkeypatch.setattr(data_keys, "_generated", late)
    return won


def test_a_key_that_is_gone_is_unreadable(clock: Clock) -> None:
    sealed = vault.encrypt("x", PLACE)
    data_keys.forget()
    DataKeyItem(f"datakey#{key_id_of(sealed)}", "datakey").delete()
    with pytest.raises(vault.Unreadable):
        vault.decrypt(sealed, PLACE)


@pytest.mark.parametrize("code", ["InvalidCiphertextException", "IncorrectKeyException", "NotFoundException"])
def test_a_key_that_kms_does_not_know_is_unreadable(clock: Clock, code: str) -> None:
    sealed = vault.encrypt("x", PLACE)
    data_keys.forget()
    with aws_calls.refusing("kms", "Decrypt", code), pytest.raises(vault.Unreadable):
        vault.decrypt(sealed, PLACE)


def test_a_key_of_another_purpose_is_unreadable(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = vault.encrypt("x", PLACE)
    data_keys.forget()
    monkeypatch.setattr(data_keys, "PURPOSE", "other")
    with pytest.raises(vault.Unreadable):
        vault.decrypt(sealed, PLACE)


def test_the_table_holds_no_key_in_the_open(clock: Clock) -> None:
    key = data_keys.current()
    row = find(DataKeyItem, f"datakey#{key.id}", "datakey")
    assert row is not None
    assert key.plain not in base64.b64decode(row.encrypted)
    assert len(key.plain) == 32
    pointer = find(CurrentKeyItem, "datakey#current", "datakey")
    assert pointer is not None
    assert set(pointer.attribute_values) == {"pk", "sk", "key_id", "created_at"}


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [("ThrottlingException", 400, ProviderThrottled), ("KMSInternalException", 500, ProviderUnavailable)],
)
def test_kms_in_trouble_is_worth_another_try(clock: Clock, code: str, status: int, expected: Any) -> None:
    with aws_calls.refusing("kms", "GenerateDataKey", code, status), pytest.raises(expected):
        vault.encrypt("x", PLACE)
    sealed = vault.encrypt("x", PLACE)
    data_keys.forget()
    with aws_calls.refusing("kms", "Decrypt", code, status), pytest.raises(expected):
        vault.decrypt(sealed, PLACE)


def test_a_right_that_is_missing_is_told_as_it_is(clock: Clock) -> None:
    with aws_calls.refusing("kms", "GenerateDataKey", "AccessDeniedException"), pytest.raises(ClientError):
        vault.encrypt("x", PLACE)
    with aws_calls.refusing("kms", "GenerateDataKey", "NotFoundException"), pytest.raises(SettingsInvalid):
        vault.encrypt("x", PLACE)


def test_functions_that_seal_nothing_do_not_load_the_ciphers() -> None:
    handlers = [each.handler.rpartition(".")[0] for each in functions() if each.name in SEALS_NOTHING]
    assert len(handlers) == len(SEALS_NOTHING)
    code = f"import sys; import {', '.join(dict.fromkeys(handlers))}; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


def test_a_month_of_use_stays_far_from_what_one_key_may_seal() -> None:
    """SP 800-38D allows 2^32 random nonces: 1,600 fields every second of the month."""
    used_for_s = data_keys.USED_FOR.total_seconds()
    assert 2**32 / used_for_s > 1600
