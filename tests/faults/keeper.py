"""More for the clerk: what is done to connections, and somebody at work over there."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from django.urls import reverse

from ascora.outbox.models import EntryState, OutboxEntry
from ascora.tenancy.models import Membership, User
from integrations import connections
from integrations import pull as pulling
from integrations.models import (
    Connection,
    ConnectionState,
    Direction,
    Outcome,
    RemoteLink,
    SyncAttempt,
)
from tests.engine.bothsides import Side
from tests.faults.businesses import OfTheApp, sides
from tests.simulator.client import Company

THERE = ("paid_there", "paid_there", "unpaid_there", "edited_there")


def expire() -> object:
    """Every access token is about to end; how many."""
    ended = 0
    for side in sides():
        with side.business.acting():
            rows = Connection.objects.owned_by(side.organization)
            ended += rows.update(access_expires_at=datetime.now(UTC))
    return ended


def states() -> object:
    """How the connections stand, by business."""
    found = {}
    for side in sides():
        with side.business.acting():
            found[side.mark] = Connection.objects.owned_by(side.organization).get().state
    return found


def reconnect() -> object:
    """An owner connects each business again."""
    for side in sides():
        company = Company.__new__(OfTheApp)
        company.running, company.realm = side.business.company.running, side.business.company.realm
        company.connect()
        with side.business.acting():
            row = Connection.objects.owned_by(side.organization).get()
            row.access_token = company.tokens["access_token"]
            row.refresh_token = company.tokens["refresh_token"]
            life = timedelta(seconds=company.tokens["expires_in"])
            row.access_expires_at = datetime.now(UTC) + life
            row.state, row.trouble = ConnectionState.CONNECTED, ""
            row.token_generation += 1
            row.save()
    return {}


def there(seed: str, times: str) -> object:
    """So many acts of the bookkeepers, on what stands there."""
    chance = random.Random(seed)
    everybody = list(sides())
    for _ in range(int(times)):
        side = chance.choice(everybody)
        amount = Decimal(chance.randint(1, 9_000)) / 100
        mode = chance.choice(["exclusive", "inclusive"])
        getattr(side, chance.choice(THERE))(chance.randint(0, 99), amount, mode)
    return times


def read() -> object:
    """One reading of all books, as the nightly one."""
    return [len(pulling.pull(side.organization).bad) for side in sides()]


def resent() -> object:
    """How often each document was sent. A card's surcharge changes its invoice: that is no echo."""
    found: list[str] = []
    for side in sides():
        with side.business.acting():
            pushes = SyncAttempt.objects.owned_by(side.organization).filter(
                direction=Direction.PUSH, outcome__in=(Outcome.DONE, Outcome.ADOPTED)
            )
            sent = Counter((each.label, each.object_pk, each.title) for each in pushes)
        again = [key for key, times in sent.items() if times > 1]
        found += [
            f"{side.mark}: {title}" for label, _, title in again if label != "payments.invoice"
        ]
    return found


def settled() -> object:
    """How many documents of all have come to their end."""
    total = 0
    for side in sides():
        with side.business.acting():
            entries = OutboxEntry.objects.owned_by(side.organization)
            total += entries.filter(state=EntryState.DONE).count()
    return total


def sendings() -> object:
    """How many there were, of everything."""
    total = 0
    for side in sides():
        with side.business.acting():
            rows = SyncAttempt.objects.owned_by(side.organization)
            total += rows.filter(direction=Direction.PUSH).count()
    return total


def sessions() -> object:
    """The owner of each business, logged in: the cookie of the browser."""
    return {side.mark: _logged_in(side)[1] for side in sides()}


def _logged_in(side: Side) -> tuple[User, str, SessionBase]:
    with side.business.acting():
        member = Membership.objects.owned_by(side.organization).select_related("user").get()
    browser = Client()
    browser.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    cookie = "; ".join(f"{k}={v.value}" for k, v in browser.cookies.items())
    return member.user, cookie, browser.session


def begun(times: str) -> object:
    """So many handshakes of each business's owner: the browser's cookie, and where it is led."""
    return {side.mark: [_begun(side) for _ in range(int(times))] for side in sides()}


def _begun(side: Side) -> tuple[str, str]:
    person, cookie, session = _logged_in(side)
    back = f"{settings.SITE_URL}{reverse('integrations:callback', args=['quickbooks'])}"
    handshake = connections.Handshake(side.organization, person, "quickbooks", back)
    return cookie, connections.begin(session, handshake)


def orphans() -> object:
    """What stands over there as ours and is unknown here; told where no comparison shows it."""
    silent = []
    for side in sides():
        realm = side.business.company.realm
        told = side.business.company.running.control(f"/judge?realm={realm}")
        live = [each for each in told["realms"][realm]["objects"] if each["state"] == "live"]
        with side.business.acting():
            links = RemoteLink.objects.owned_by(side.organization)
            known = set(links.values_list("remote_id", flat=True))
        lost = [each for each in live if each["marker"] and each["id"] not in known]
        if any(float(each["total"] or 0) for each in lost) and not side.business.differences():
            silent.append(f"{side.mark}: {len(lost)} of our documents there are known to nobody")
    return silent


def commits_safely(how: str) -> object:
    """Whether a commit waits for the disk, from the next connection on."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE CURRENT_USER SET synchronous_commit = {how}")
    return how


COMMANDS: dict[str, Callable[..., object]] = {
    command.__name__: command
    for command in (expire, states, reconnect, there, read, resent, settled, sendings, sessions,
                    begun, orphans, commits_safely)
}  # fmt: skip
