"""Which part of a supplier invoice was bought for which job."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.common.fields import MoneyField
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel
from inventory.models import SupplierInvoiceLine
from jobs.models.jobs import Job


class JobAllocation(OwnedModel):
    """A share, before tax, of a line of a supplier invoice or credit. It has the sign of the line's
    net amount; a credit takes it off the job's cost. What of the line no job has stays with the
    business.
    """

    line = models.ForeignKey(
        SupplierInvoiceLine, on_delete=models.CASCADE, related_name="allocations"
    )
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="allocations")
    amount = MoneyField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [
            *owned_constraints("job_allocation", "line", "job"),
            models.UniqueConstraint(
                fields=["organization", "line", "job"],
                name="job_allocation_unique_job_of_line",
                violation_error_message="This line is allocated to this job already.",
            ),
            models.CheckConstraint(
                condition=~models.Q(amount=0), name="job_allocation_is_not_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job.number}: {self.amount:,.2f}"
