"""What a business keeps before its first job: supplies, job types, lead sources."""

from decimal import Decimal

from ascora.search.services import index_for_search
from ascora.tenancy.models import Organization
from integrations.management.demonstration import words
from inventory.models import Supply
from jobs.models import JobType, LeadSource


def fill_lists(organization: Organization) -> None:
    """Supplies, job types and lead sources, without account codes yet."""
    supplies = [
        Supply(
            organization=organization,
            part_number=part_number,
            description=description,
            unit=unit,
            cost_price=Decimal(cost),
            sell_price=Decimal(price),
            is_taxed=is_taxed,
        )
        for part_number, description, unit, cost, price, is_taxed in words.SUPPLIES
    ]
    Supply.objects.bulk_create(supplies)
    index_for_search(*supplies)
    JobType.objects.bulk_create(
        [JobType(organization=organization, name=n, colour=c) for n, c in words.JOB_TYPES]
    )
    LeadSource.objects.bulk_create(
        [LeadSource(organization=organization, name=name) for name in words.LEAD_SOURCES]
    )
