"""Catalogues that are uploaded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.booking import imports, jobs
from functions.booking.models import Catalogue
from functions.booking.tables import find_master
from infra.demo_data import ORGANISATIONS
from shared import storage
from shared.errors import Conflict
from tests.support.events import sample
from tests.support.moto_aws import sent_mail

pytestmark = pytest.mark.usefixtures("aws")
ANNA = ORGANISATIONS[0].catalogue


def _upload(content: bytes, key: str = "catalogues/org_lipa/anna.json", sequencer: str = "0055AED6DCD90281E5") -> None:
    storage.write("imports", key, content, "application/json")
    event = sample("booking/import__catalogue.json")
    event["Records"][0]["s3"]["object"] |= {"key": key, "sequencer": sequencer}
    jobs.import_catalogue(event, None)


def _mail() -> str:
    return "\n".join(f"{letter.subject}\n{letter.body}" for letter in sent_mail())


def test_an_uploaded_catalogue_is_taken() -> None:
    """PLAT-10: the S3 trigger."""
    _upload(ANNA.model_dump_json().encode())
    assert find_master("anna").catalogue == ANNA
    assert "4 services at 1 places" in _mail()


def test_a_later_upload_wins_whatever_the_order_of_events() -> None:
    """PLAT-11: S3 tells of uploads more than once and out of order."""
    newer = ANNA.model_copy(update={"about": "newer"})
    _upload(newer.model_dump_json().encode(), sequencer="0055AED6DCD90281F0")
    _upload(ANNA.model_dump_json().encode(), sequencer="0055AED6DCD90281E5")
    _upload(newer.model_dump_json().encode(), sequencer="0055AED6DCD90281F0")
    assert find_master("anna").catalogue.about == "newer"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"places": []}, "places"),
        ({"code": "no spaces"}, "code"),
        ({"surprise": 1}, "surprise"),
        ({"services": [{"key": "1", "name": "x", "duration_min": 60, "places": ["9"]}]}, "unknown places"),
    ],
)
def test_wrong_values_are_told_and_nothing_is_lost(change: dict[str, Any], told: str) -> None:
    imports.store("org_lipa", ANNA, "1")
    _upload(json.dumps({**ANNA.model_dump(mode="json"), **change}).encode())
    assert told in _mail()
    assert "stays as it is" in _mail()
    assert find_master("anna").catalogue == ANNA


@pytest.mark.parametrize("content", [b"", b"not json", b"\xff\xfe", b"[]", b"[" * 10_000])
def test_a_file_that_is_no_catalogue_is_told(content: bytes) -> None:
    _upload(content)
    assert "refused" in _mail()


def test_hours_that_end_before_they_start_and_unknown_zones_are_refused() -> None:
    wrong = ANNA.model_dump(mode="json")
    wrong["places"][0]["weekly"][0] = [["18:00", "09:00"]]
    _upload(json.dumps(wrong).encode())
    wrong["places"][0] |= {"weekly": [[]] * 7, "zone": "Mars/Base"}
    _upload(json.dumps(wrong).encode())
    assert "hours end before they start" in _mail()
    assert "unknown time zone" in _mail()


def test_a_code_of_another_organisation_is_refused() -> None:
    """PLAT-33: organisations never touch each other's things."""
    imports.store("org_wheel", ANNA, "1")
    with pytest.raises(Conflict, match="another organisation"):
        imports.store("org_lipa", ANNA, "2")
    _upload(ANNA.model_dump_json().encode())
    assert "another organisation" in _mail()
    assert find_master("anna").org_id == "org_wheel"


def test_a_file_out_of_place_is_told() -> None:
    _upload(ANNA.model_dump_json().encode(), key="catalogues/anna.json")
    assert "Name the file" in _mail()


def test_a_file_that_is_gone_is_told() -> None:
    jobs.import_catalogue(sample("booking/import__catalogue.json"), None)
    assert "gone" in _mail()


def test_the_demo_is_a_valid_catalogue() -> None:
    for organisation in ORGANISATIONS:
        assert Catalogue.model_validate_json(organisation.catalogue.model_dump_json()) == organisation.catalogue
