"""Files in S3."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from shared import storage
from shared.errors import NotFound, PayloadTooLarge
from tests.support.aws_calls import refusing

pytestmark = pytest.mark.usefixtures("aws")


@pytest.mark.parametrize("content", [b"", b"\x00\xff", "текст".encode(), b"x" * 1000])
@pytest.mark.parametrize("key", ["a.json", "папка/файл с пробелом.json", "a+b%20&c"])
def test_what_was_written_is_read(key: str, content: bytes) -> None:
    storage.write("imports", key, content, "application/json")
    assert storage.read("imports", key, 1000) == content


def test_a_file_over_the_limit_is_not_read() -> None:
    storage.write("imports", "a", b"x" * 1001, "text/plain")
    with pytest.raises(PayloadTooLarge) as refused:
        storage.read("imports", "a", 1000)
    assert str(refused.value) == "The file is over 1000 bytes."


def test_a_missing_file_is_not_found() -> None:
    with pytest.raises(NotFound):
        storage.read("imports", "none", 10)


def test_a_forbidden_file_is_not_missing() -> None:
    with refusing("s3", "GetObject", "AccessDenied", 403), pytest.raises(ClientError):
        storage.read("imports", "a", 10)


def test_a_file_is_replaced_whole() -> None:
    storage.write("imports", "a", b"long content", "text/plain")
    storage.write("imports", "a", b"new", "text/plain")
    assert storage.read("imports", "a", 100) == b"new"


def test_a_file_is_taken_away_and_one_that_is_gone_is_no_error() -> None:
    storage.write("exports", "a", b"x", "text/plain")
    for _ in range(2):
        storage.delete("exports", "a")
        with pytest.raises(NotFound):
            storage.read("exports", "a", 10)
