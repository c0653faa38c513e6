"""What payments in the books paid of our bills: each part with its day, as it was last read."""

from typing import ClassVar

from django.db import models

from ascora.common.fields import MoneyField
from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel
from integrations.models.connections import Connection


class PaidPart(OwnedModel):
    """A payment of the books (`remote_id`) paid so much of the bill (label, object_pk) on a day, or
    used so much of a supplier's credit. `amount` is positive, tax included, in home currency.

    Replaced whenever the payment is read again; gone when it is void or deleted there.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    remote_id = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    paid_on = models.DateField()
    amount = MoneyField()

    class Meta:
        constraints = [
            *owned_constraints("paid_part", "connection"),
            models.UniqueConstraint(
                fields=["organization", "connection", "remote_id", "label", "object_pk"],
                name="paid_part_one_per_payment_and_bill",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "label", "object_pk"], name="paid_part_by_bill"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.label} {self.object_pk} on {self.paid_on}"
