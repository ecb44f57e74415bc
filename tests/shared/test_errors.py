"""The tree of errors: what each means for HTTP and for queues."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import errors
from shared.errors import SvyazError
from tests.support.hostile import texts

EVERY = [found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, SvyazError)]


@pytest.mark.parametrize(
    ("error", "status", "is_retryable", "is_dead_letter"),
    [
        (errors.InvalidPayload, 400, False, True),
        (errors.InvalidField, 422, False, True),
        (errors.PayloadTooLarge, 413, False, True),
        (errors.UnsupportedMedia, 415, False, True),
        (errors.Unauthorized, 401, False, False),
        (errors.Forbidden, 403, False, False),
        (errors.SecondFactorRequired, 403, False, False),
        (errors.NotFound, 404, False, False),
        (errors.Conflict, 409, False, False),
        (errors.SlotTaken, 409, False, False),
        (errors.Contended, 503, True, False),
        (errors.RuleViolation, 422, False, False),
        (errors.TooManyRequests, 429, False, False),
        (errors.ProviderRejected, 502, False, False),
        (errors.ProviderThrottled, 503, True, False),
        (errors.ProviderUnavailable, 503, True, False),
        (errors.SettingsInvalid, 500, False, False),
        (errors.SvyazError, 500, False, False),
    ],
)
def test_what_an_error_means(error: type[SvyazError], status: int, *, is_retryable: bool, is_dead_letter: bool) -> None:
    made = error("Words.")
    assert (made.status, made.is_retryable, made.is_dead_letter) == (status, is_retryable, is_dead_letter)
    assert made.is_ours is (status >= 500)


def test_the_table_above_names_every_error() -> None:
    marks: Any = test_what_an_error_means
    named = {row[0] for mark in marks.pytestmark for row in mark.args[1]}
    assert named == set(EVERY)


def test_kinds_are_told_apart_and_fit_into_an_address() -> None:
    kinds = [error("Words.").kind for error in EVERY]
    assert len(set(kinds)) == len(kinds)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", kind) for kind in kinds)
    assert errors.SlotTaken("x").kind == "slot-taken"
    assert errors.TooManyRequests("x").kind == "too-many-requests"


@given(value=texts(30), name=st.sampled_from(["name", "limit"]))
def test_values_fill_their_places_whatever_they_hold(value: str, name: str) -> None:
    made = SvyazError(f"Give {{{name}}} once.", values={name: value})
    assert str(made) == f"Give {value} once."
    assert made.detail == f"Give {{{name}}} once."


@given(detail=texts(60))
def test_words_without_values_are_no_template(detail: str) -> None:
    assert str(SvyazError(detail)) == detail


def test_further_fields_and_pauses_are_kept() -> None:
    made = errors.TooManyRequests("Slower.", retry_after_s=7, scope="address")
    assert (made.retry_after_s, made.extra, made.values) == (7, {"scope": "address"}, {})
