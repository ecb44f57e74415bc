"""The samples of requests for people's data are carried out, not passed over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from functions.platform import jobs
from infra.packaging.proof import seed_people
from infra.packaging.proof.seed import seed
from infra.packaging.proof.world import MOMENT
from shared import aws as shared_aws
from shared.personal_requests import BUCKET, file_key, find_request, partition
from shared.settings import bucket_name
from tests.support.events import sample


@pytest.mark.parametrize(
    ("what", "number", "files"), [("export", seed_people.EXPORTED, 2), ("remove", seed_people.REMOVED, -1)]
)
def test_a_user_and_a_client(
    what: str, number: int, files: int, aws: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """PLAT-10, PLAT-23: two files more, or the one of before less."""
    clock = tmp_path / "clock"
    clock.write_text(str((MOMENT - datetime.now(UTC)).total_seconds()), encoding="ascii")
    monkeypatch.setenv("SVYAZ_CLOCK_FILE", str(clock))
    seed()
    before = _files()
    assert jobs.personal(sample(f"platform/personal__{what}.json"), None) == {"batchItemFailures": []}
    for person in (seed_people.user(number), seed_people.client(number)):
        item = find_request(partition(person), seed_people.request(what, person).request_id)
        assert item is not None
        assert (item.status, item.what) == ("ready", what)
        assert (file_key(item) in _files()) == (what == "export")
    assert len(_files()) == len(before) + files


def _files() -> list[str]:
    found = shared_aws.client("s3").list_objects_v2(Bucket=bucket_name(BUCKET)).get("Contents", [])
    return [each["Key"] for each in found]
