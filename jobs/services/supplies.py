"""Supplies used on a job, with the description, price and tax of that day."""

from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from ascora.tenancy.models import User
from inventory.models import Supply
from jobs.models import Job, JobSupply
from jobs.services.jobs import locked_job
from jobs.services.work import check, hold_for_change, hold_for_removal


class SupplyUseValues(TypedDict, total=False):
    """The plain values of a supply used; the price is per unit before tax."""

    supply: Supply
    used_on: date
    description: str
    quantity: Decimal
    unit_price: Decimal
    is_taxed: bool
    is_chargeable: bool


@transaction.atomic
def use_supply(*, job: Job, by: User | None, **values: Unpack[SupplyUseValues]) -> JobSupply:
    """Add a supply to a job; description and tax are the supply's own unless given."""
    job = locked_job(job)
    supply = values["supply"]
    use = JobSupply(organization=job.organization, job=job, is_taxed=supply.is_taxed)
    _fill(use, values)
    use.description = use.description or supply.description
    check(use)
    use.save()
    return use


@transaction.atomic
def change_supply_use(
    *, use: JobSupply, by: User | None, **values: Unpack[SupplyUseValues]
) -> JobSupply:
    """Change the given values. Raises OnAnInvoice once it is invoiced."""
    hold_for_change(use)
    _fill(use, values)
    check(use)
    use.save()
    return use


@transaction.atomic
def remove_supply_use(*, use: JobSupply, by: User | None) -> None:
    """Delete a use that no invoice ever carried. Raises OnAnInvoice else."""
    hold_for_removal(use)
    use.delete()


def _fill(use: JobSupply, values: SupplyUseValues) -> None:
    for name, value in values.items():
        setattr(use, name, value)
