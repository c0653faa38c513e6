"""Payment terms: how long after an invoice a customer may pay."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models

from ascora.common.months import end_of_month
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel

LONGEST_TERM = 365


class PaymentTerm(OwnedModel):
    """So many days after the invoice, or after the end of its month."""

    name = models.CharField(max_length=60)
    days = models.PositiveSmallIntegerField(default=14)
    is_from_end_of_month = models.BooleanField("counted from the end of the month", default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["is_from_end_of_month", "days", "name"]
        constraints = [
            *owned_constraints("payment_term"),
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="payment_term_unique_name_in_organization",
                violation_error_message="There is a payment term of this name already.",
            ),
            models.CheckConstraint(
                condition=models.Q(days__lte=LONGEST_TERM), name="payment_term_within_a_year"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def meaning(self) -> str:
        """When an invoice is due, in words."""
        after = "the end of the invoice's month" if self.is_from_end_of_month else "the invoice"
        if not self.days:
            return f"At {after}" if self.is_from_end_of_month else "On the day of the invoice"
        return f"{self.days} day{'s' if self.days != 1 else ''} after {after}"

    def due_after(self, day: date) -> date:
        """When an invoice of that day is due."""
        start = end_of_month(day) if self.is_from_end_of_month else day
        return start + timedelta(days=self.days)
