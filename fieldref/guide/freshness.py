"""Whether what we say of a service can still be relied on."""

import datetime
from typing import Literal

from fieldref.guide.service import Service

State = Literal["fresh", "stale", "expired", "closed", "withdrawn"]

# Days that a service counts as verified, by the kind of source that told us ("" is not known).
LIMITS = {"visit": 90, "phone": 60, "provider": 60, "partner": 30, "": 30}


def state(service: Service, today: datetime.date) -> State:
    """How *service* stands on the day *today*; the first that is true.

    withdrawn: no longer offered. closed: for now, or not begun yet. expired: its time is over.
    stale: verified too long ago, or never. fresh: none of these.
    """
    if service.status in ("inactive", "defunct"):
        return "withdrawn"
    if service.valid_to is not None and service.valid_to < today:
        return "expired"
    if service.status == "temporarily closed" or _not_begun(service, today):
        return "closed"
    return "fresh" if _verified(service, today) else "stale"


def _not_begun(service: Service, today: datetime.date) -> bool:
    return service.valid_from is not None and service.valid_from > today


def _verified(service: Service, today: datetime.date) -> bool:
    if service.assured is None:
        return False
    return (today - service.assured).days <= LIMITS[service.assurer]
