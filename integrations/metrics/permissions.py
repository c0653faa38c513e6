"""Connections in figures: how many may be entered, and how old their tokens are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q
from django.db.models.functions import Now

from ascora.common.clock import database_now
from integrations.models import Connection, ConnectionState

_LIFE_OF_ACCESS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Permissions:
    """None where there is no connection to say it of."""

    by_state: Mapping[str, int]
    throttled: int
    token_age: float | None
    refresh_left: float | None
    unread_for: float | None


def permissions() -> Permissions:
    """The oldest token pair, the refresh token that ends first, the books unread for longest."""
    now = database_now()
    rows = Connection.objects.across_organizations()
    counted = rows.values("state").annotate(connections=Count("pk")).order_by("state")
    states = {row["state"]: row["connections"] for row in counted}
    found = rows.filter(state=ConnectionState.CONNECTED).aggregate(
        throttled=Count("pk", filter=Q(throttled_until__gt=Now())),
        access=Min("access_expires_at"),
        refresh=Min("refresh_expires_at"),
        pulled=Min("pulled_at", filter=Q(is_set_up=True)),
    )

    def seconds(span: timedelta | None) -> float | None:
        return None if span is None else span.total_seconds()

    return Permissions(
        by_state={state: states.get(state, 0) for state in ConnectionState.values},
        throttled=found["throttled"],
        token_age=seconds(found["access"] and now - found["access"] + _LIFE_OF_ACCESS),
        refresh_left=seconds(found["refresh"] and found["refresh"] - now),
        unread_for=seconds(found["pulled"] and now - found["pulled"]),
    )
