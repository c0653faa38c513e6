"""Reading the chart of accounts: what an account-code drop-down may offer."""

from django.db.models import Q

from ascora.chart.models import AccountKind, LedgerAccount, LedgerAccountQuerySet
from ascora.tenancy.models import Organization

INCOME_KINDS = (AccountKind.INCOME, AccountKind.OTHER_INCOME)


def accounts_for(
    organization: Organization, *kinds: str, chosen: int | None = None
) -> LedgerAccountQuerySet:
    """Active accounts of these kinds, and the one already chosen whatever became of it."""
    offered = Q(is_active=True, kind__in=kinds)
    if chosen is not None:
        offered |= Q(pk=chosen)
    found: LedgerAccountQuerySet = LedgerAccount.objects.filter(offered, organization=organization)
    return found


def income_accounts_for(
    organization: Organization, *, chosen: int | None = None
) -> LedgerAccountQuerySet:
    """What labour, materials and surcharge codes may be."""
    return accounts_for(organization, *INCOME_KINDS, chosen=chosen)
