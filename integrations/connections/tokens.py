"""Tokens: refreshed early, by one worker at a time, the rotated pair stored before it is used."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from ascora.tenancy.models import Membership, Role
from ascora.tenancy.rls import acting_for
from integrations.backoff import scaled
from integrations.contracts import Tokens
from integrations.errors import BooksError, NeedsReconnect
from integrations.models import Connection, ConnectionState
from integrations.registry import provider_for

logger = logging.getLogger(__name__)

TOKEN_FIELDS = (
    "access_token",
    "refresh_token",
    "access_expires_at",
    "refresh_expires_at",
    "refresh_ends_at",
    "token_generation",
)
EARLY = timedelta(minutes=15)
FORGOTTEN = "QuickBooks no longer accepts our permission. An owner must connect again."


def keep(connection: Connection, tokens: Tokens) -> None:
    """Put a pair into the row; the caller saves it. One generation more."""
    connection.access_token = tokens.access_token
    connection.refresh_token = tokens.refresh_token
    connection.access_expires_at = tokens.access_expires_at
    connection.refresh_expires_at = tokens.refresh_expires_at
    connection.refresh_ends_at = tokens.refresh_ends_at
    connection.token_generation += 1


def tokens_of(connection: Connection) -> Tokens:
    """The pair as it stands in the row."""
    return Tokens(
        access_token=connection.access_token,
        access_expires_at=connection.access_expires_at or timezone.now(),
        refresh_token=connection.refresh_token,
        refresh_expires_at=connection.refresh_expires_at,
        refresh_ends_at=connection.refresh_ends_at,
    )


def is_fresh(connection: Connection, *, now: datetime) -> bool:
    """Good for a while yet."""
    expires_at = connection.access_expires_at
    early = scaled(EARLY, speed=settings.ENGINE_SPEED)
    return expires_at is not None and expires_at - early > now


def fresh(connection: Connection, *, is_token_refused: bool) -> Connection:
    """The row with an access token that may be used now.

    The one request inside a transaction: the refresh token rotates, so the new pair must be stored
    while the row is locked. After waiting for the lock the row is read again: another worker may
    have refreshed already, which the generation tells. A refused pair is read again and tried once
    more before the permission counts as gone (field guide 2.4). Raises NeedsReconnect, after noting
    it.
    """
    try:
        return _fresh(connection, is_token_refused=is_token_refused)
    except NeedsReconnect:
        logger.info("the refresh was refused, trying once more", extra=_named(connection))
    try:
        return _fresh(connection, is_token_refused=is_token_refused)
    except NeedsReconnect as error:
        lose(connection, error)
        raise


def _named(connection: Connection) -> dict[str, object]:
    return {"organization": connection.organization_id, "connection": connection.pk}


def _fresh(connection: Connection, *, is_token_refused: bool) -> Connection:
    """In one short transaction; `connection` learns which generation was tried."""
    with acting_for(connection.organization):
        row = _locked(connection)
        if row.state != ConnectionState.CONNECTED:
            raise NeedsReconnect(row.trouble or FORGOTTEN)
        was_refused = is_token_refused and row.token_generation == connection.token_generation
        if was_refused or not is_fresh(row, now=timezone.now()):
            connection.token_generation = row.token_generation
            keep(row, provider_for(row.provider).refresh(tokens_of(row)))
            row.save(update_fields=TOKEN_FIELDS)
            logger.info("tokens were refreshed", extra=_named(row))
        return row


def _locked(connection: Connection) -> Connection:
    rows = Connection.objects.owned_by(connection.organization).select_related("organization")
    return rows.select_for_update(of=("self",)).get(pk=connection.pk)


def lose(connection: Connection, error: BooksError) -> None:
    """The permission is gone: stop here, and write to the owners once. May be called again.

    Nothing happens when the refused pair is not the present one: an owner may have connected again.
    """
    with acting_for(connection.organization):
        row = _locked(connection)
        is_present = row.token_generation == connection.token_generation
        if row.state != ConnectionState.CONNECTED or not is_present:
            return
        row.state = ConnectionState.NEEDS_RECONNECT
        row.trouble = FORGOTTEN
        said = {"error": type(error).__name__, "intuit_tid": error.trace_id}
        logger.info("connection lost", extra=_named(row) | said)
        row.save(update_fields=["state", "trouble"])
        transaction.on_commit(lambda: _write_to_owners(row))


def _write_to_owners(connection: Connection) -> None:
    with acting_for(connection.organization):
        owners = Membership.objects.owned_by(connection.organization).filter(
            role=Role.OWNER, user__is_active=True
        )
        addresses = list(owners.values_list("user__email", flat=True))
    words = {"connection": connection, "site_url": settings.SITE_URL}
    text = render_to_string("integrations/mail/needs_reconnect.txt", words)
    send_mail("Your books need to be connected again", text, None, addresses, fail_silently=True)
