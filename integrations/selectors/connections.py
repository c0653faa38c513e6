"""A business's connections."""

from django.db.models import Q
from django.db.models.functions import Now

from ascora.tenancy.models import Organization
from ascora.tenancy.owned import OwnedQuerySet
from integrations.models import Connection, ConnectionState


def connections_for(organization: Organization) -> OwnedQuerySet[Connection]:
    """Every connection that was ever made, with its organization."""
    return Connection.objects.owned_by(organization).select_related("organization")


def live_connection_for(organization: Organization) -> Connection | None:
    """The one connection that is not disconnected: connected, or waiting to be connected again."""
    return connections_for(organization).exclude(state=ConnectionState.DISCONNECTED).first()


def usable_connection_for(organization: Organization) -> Connection | None:
    """A connection that may be spoken to now: set up, permitted and not throttled."""
    is_free = Q(throttled_until=None) | Q(throttled_until__lte=Now())
    usable = connections_for(organization).filter(
        is_free, state=ConnectionState.CONNECTED, is_set_up=True
    )
    return usable.first()
