"""A company that must not be spoken to for a while."""

from datetime import timedelta

from django.db.models import F, Value
from django.db.models.functions import Greatest

from ascora.common.clock import database_now
from ascora.tenancy.rls import acting_for
from integrations.models import Connection


def throttle(connection: Connection, wait: timedelta) -> None:
    """Nobody speaks to these books until then, or until a longer pause ends. Opens its own short
    transaction.
    """
    with acting_for(connection.organization_id):
        until = database_now() + wait
        mine = Connection.objects.filter(organization=connection.organization_id)
        mine.filter(pk=connection.pk).update(
            throttled_until=Greatest(F("throttled_until"), Value(until))
        )
