"""The way into a company's books: a state that works once, the callback, and the way out."""

import hmac
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import scrypt
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from ascora.tenancy.audit import note_event
from ascora.tenancy.models import Area, Organization, User
from ascora.tenancy.rls import acting_for, acting_for_everyone
from integrations.connections.charts import keep_chart, keep_company, put_away, take_out
from integrations.connections.ledgers import refuse_inside_a_transaction
from integrations.connections.tokens import keep, tokens_of
from integrations.contracts import Grant
from integrations.errors import BooksError, Rejected
from integrations.models import Connection, ConnectionState, PullCursor, RemoteLink
from integrations.registry import provider_for

KEY = "connecting"
TEN_MINUTES = 600
_REALM = re.compile(r"[0-9]{6,20}")


class StateRefused(Exception):
    """The callback belongs to no handshake that this person began here within ten minutes."""


class CompanyTaken(Exception):
    """The company is connected to another business already."""


class AnotherCompany(Exception):
    """The business is linked to documents of another company."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """Who is connecting what to which address."""

    organization: Organization
    person: User
    slug: str
    redirect_uri: str


def begin(session: SessionBase, handshake: Handshake) -> str:
    """Note a fresh state in the session and give the address of the package's own pages."""
    state = secrets.token_urlsafe(32)
    session[KEY] = {
        "state": state,
        "organization": str(handshake.organization.pk),
        "person": handshake.person.pk,
        "slug": handshake.slug,
        "until": time.time() + TEN_MINUTES,
    }
    session.save()
    provider = provider_for(handshake.slug)
    return provider.authorize_url(state=state, redirect_uri=handshake.redirect_uri)


def complete(session: SessionBase, handshake: Handshake, query: Mapping[str, str]) -> Connection:
    """Finish the handshake: exchange the code, keep the tokens sealed, read company and chart.

    Raises StateRefused, ConnectionRefused (the person said no), Rejected (malformed), CompanyTaken,
    AnotherCompany, or a BooksError of the exchange. Nothing is kept when it raises; the state is
    spent in every case.
    """
    refuse_inside_a_transaction()
    _spend_state(session, handshake, query.get("state", ""))
    provider = provider_for(handshake.slug)
    return enter(handshake, provider.grant_from(query, redirect_uri=handshake.redirect_uri))


def enter(handshake: Handshake, grant: Grant) -> Connection:
    """Connect with a permission that was given: keep it sealed, read company and chart.

    Raises Rejected, CompanyTaken, AnotherCompany or a BooksError; nothing is kept when it raises.
    """
    refuse_inside_a_transaction()
    if not _REALM.fullmatch(grant.realm):
        raise Rejected("QuickBooks named no company.")
    _refuse_taken(handshake, grant)
    ledger = provider_for(handshake.slug).open(grant.realm, grant.tokens)
    company, chart = ledger.company(), ledger.chart()
    try:
        with acting_for(handshake.organization):
            was = _connected_company(handshake.organization)
            connection = _keep_connection(handshake, grant)
            keep_company(connection, company)
            keep_chart(connection, chart)
            _note(connection, "Connected", handshake.person, (was, str(connection)))
    except AnotherCompany:
        # Nobody here has that company: what was permitted a moment ago is given back. Not for one
        # that is taken, because giving back ends the permission of whoever has it, too.
        with suppress(BooksError):
            provider_for(handshake.slug).revoke(grant.tokens)
        raise
    return connection


def _note(connection: Connection, what: str, by: User | None, words: tuple[str, str]) -> None:
    note_event(
        connection.organization,
        area=Area.CONNECTION,
        subject=f"QuickBooks, {connection}",
        what=what,
        by=by,
        words=words,
    )


def _taken_from(session: SessionBase) -> dict[str, Any]:
    """What was begun, for the first who asks: of two callbacks at once, which both have read the
    session, one finds nothing. A code that is exchanged twice ends the whole permission.
    """
    kept = Session.objects.filter(session_key=session.session_key).select_for_update()
    with transaction.atomic():
        row = kept.first()
        begun = row.get_decoded().get(KEY) if row is not None else None
        session.pop(KEY, None)
        session.save()
    return begun or {}


def _spend_state(session: SessionBase, handshake: Handshake, state: str) -> None:
    """Saved at once: the exchange takes seconds in which the same address could be opened again."""
    begun = _taken_from(session)
    is_ours = (
        hmac.compare_digest(str(begun.get("state", "")).encode(), state.encode())
        and begun.get("organization") == str(handshake.organization.pk)
        and begun.get("person") == handshake.person.pk
        and begun.get("slug") == handshake.slug
        and time.time() < begun.get("until", 0)
    )
    if not state or not is_ours:
        raise StateRefused


@lru_cache(maxsize=4096)
def realm_print(slug: str, realm: str) -> str:
    """By this a company is recognised without its id being stored readably.

    Deliberately slow and without a key: keys are rotated, and a print must stay what it is.
    """
    return scrypt(realm.encode(), salt=f"ascora:{slug}".encode(), n=2**14, r=8, p=1, dklen=32).hex()


def holder_of(slug: str, realm: str) -> Connection | None:
    """The one live connection to this company, whoever's it is."""
    with acting_for_everyone():
        live = Connection.objects.across_organizations().exclude(state=ConnectionState.DISCONNECTED)
        held = live.filter(realm_print=realm_print(slug, realm))
        return held.select_related("organization").first()


def _refuse_taken(handshake: Handshake, grant: Grant) -> None:
    """One company's books belong to one organization; the same organization may come again."""
    holder = holder_of(handshake.slug, grant.realm)
    if holder is not None and holder.organization_id != handshake.organization.pk:
        raise CompanyTaken


def _keep_connection(handshake: Handshake, grant: Grant) -> Connection:
    connection = _row_for(handshake, realm_print(handshake.slug, grant.realm))
    connection.state = ConnectionState.CONNECTED
    connection.trouble = ""
    connection.realm = grant.realm
    connection.connected_by = handshake.person
    connection.connected_at = timezone.now()
    connection.throttled_until = None
    keep(connection, grant.tokens)
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError as error:
        raise CompanyTaken from error
    PullCursor.objects.owned_by(handshake.organization).get_or_create(
        organization=handshake.organization,
        connection=connection,
        defaults={"seen_until": timezone.now()},
    )
    return connection


def _connected_company(organization: Organization) -> str:
    rows = Connection.objects.owned_by(organization)
    live = rows.exclude(state=ConnectionState.DISCONNECTED).first()
    return str(live) if live else ""


def _row_for(handshake: Handshake, mark: str) -> Connection:
    """The row of this company with its settings and links, or a new one if no other is in use."""
    rows = Connection.objects.owned_by(handshake.organization).select_for_update()
    same = rows.filter(provider=handshake.slug, realm_print=mark).order_by("-pk").first()
    last = rows.order_by("-connected_at", "-pk").first()
    for other in rows.exclude(realm_print=mark):
        if RemoteLink.objects.owned_by(handshake.organization).filter(connection=other).exists():
            raise AnotherCompany
        if other.state != ConnectionState.DISCONNECTED:
            _forget(other)
    if last is not None and last.realm_print != mark:
        put_away(last)
        if same is not None:
            take_out(same)
    return same or Connection(
        organization=handshake.organization, provider=handshake.slug, realm_print=mark
    )


def disconnect(connection: Connection, *, by: User | None = None) -> None:
    """Revoke over there, then forget the tokens here; a dead token or no answer does not matter."""
    refuse_inside_a_transaction()
    if connection.refresh_token:
        # Not reachable now: the permission ends with the token, which nobody has any more.
        with suppress(BooksError):
            provider_for(connection.provider).revoke(tokens_of(connection))
    with acting_for(connection.organization):
        rows = Connection.objects.owned_by(connection.organization).select_for_update()
        _forget(rows.get(pk=connection.pk))
        _note(connection, "Disconnected", by, (str(connection), ""))


def _forget(connection: Connection) -> None:
    connection.state = ConnectionState.DISCONNECTED
    connection.access_token = connection.refresh_token = ""
    connection.access_expires_at = connection.refresh_expires_at = None
    connection.refresh_ends_at = None
    connection.token_generation += 1
    connection.save()
