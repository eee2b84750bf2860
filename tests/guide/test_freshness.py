"""Whether what we say of a service can still be relied on."""

from datetime import date, timedelta
from typing import Any

import pytest

from fieldref.guide.freshness import LIMITS, state
from fieldref.guide.service import Service

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def a_service(**facts: Any) -> Service:
    return Service(**({"id": "kitchen", "name": "Kitchen", "assured": TODAY, "assurer": "visit"} | facts))


@pytest.mark.parametrize(("assurer", "days"), LIMITS.items())
def test_a_service_is_fresh_up_to_the_limit_of_its_source_and_stale_after_it(assurer: str, days: int) -> None:
    last_day = TODAY - timedelta(days=days)
    assert state(a_service(assurer=assurer, assured=last_day), TODAY) == "fresh"
    assert state(a_service(assurer=assurer, assured=last_day - timedelta(days=1)), TODAY) == "stale"


def test_the_limits_are_those_agreed() -> None:
    assert LIMITS == {"visit": 90, "phone": 60, "provider": 60, "partner": 30, "": 30}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"assured": None}, "stale"),
        ({"valid_to": TODAY}, "fresh"),
        ({"valid_to": YESTERDAY}, "expired"),
        ({"valid_to": YESTERDAY, "assured": None}, "expired"),
        ({"valid_from": TODAY}, "fresh"),
        ({"valid_from": TOMORROW}, "closed"),
        ({"status": "temporarily closed"}, "closed"),
        ({"status": "temporarily closed", "assured": None}, "closed"),
        ({"status": "temporarily closed", "valid_to": YESTERDAY}, "expired"),
        ({"status": "inactive"}, "withdrawn"),
        ({"status": "defunct", "valid_to": YESTERDAY}, "withdrawn"),
    ],
)
def test_the_weightiest_state_is_the_one_that_is_said(facts: dict[str, Any], expected: str) -> None:
    assert state(a_service(**facts), TODAY) == expected
