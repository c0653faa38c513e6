"""What every document of something bought looks at before it is sent."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from ascora.chart.models import LedgerAccount
from ascora.outbox.models import Hold, OutboxEntry
from ascora.tenancy.models import Organization, OwnedModel
from integrations.errors import NeedsMapping
from integrations.links import label_of, links_of
from integrations.snapshots.outcomes import WHERE, Books, Stays


def before_cut_off(
    books: Books, document: OwnedModel, dated_on: date, entry: OutboxEntry
) -> Stays | None:
    """It stays here when it is older, unless a person asked for it or it stood there before."""
    if dated_on >= books.cut_off_on or entry.asked_for_at is not None:
        return None
    before = links_of(books.connection).filter(label=label_of(document), object_pk=document.pk)
    if before.exists():
        return None
    day = f"{books.cut_off_on:%d %b %Y}"
    return Stays(f"Dated before {day}, the day from which documents are sent.", Hold.BEFORE_CUT_OFF)


def check_purchase_rate(books: Books, *, is_taxed: bool, percent: Decimal, what: str) -> None:
    """A tax code of another rate would give another total there: say so before sending."""
    settings = books.settings
    code = settings.purchase_tax_code if is_taxed else settings.purchase_free_code
    here = percent if is_taxed else Decimal(0)
    if code is not None and code.purchase_percent not in {None, here}:
        letter = "Purchases Tax Code (C)" if is_taxed else "Purchases Tax Free Code (D)"
        raise NeedsMapping(
            f"The {letter} {code.name} is {code.purchase_percent.normalize():f} % in the books,"
            f" this {what} has {here.normalize():f} %: choose another code in {WHERE}."
        )


def refuse_switched_off(
    organization: Organization, remote_ids: Collection[str], *, what: str
) -> None:
    """Nothing goes to an account that is no longer active."""
    accounts = LedgerAccount.objects.owned_by(organization).filter(remote_id__in=remote_ids)
    off = accounts.filter(is_active=False).first()
    if off is not None:
        raise NeedsMapping(
            f"The account {off} is no longer active in the books: choose another on the {what},"
            f" or in {WHERE}."
        )
