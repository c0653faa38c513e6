"""Who the work is for."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from jobs.models.terms import PaymentTerm


class LeadSource(OwnedModel):
    """Where customers come from. At most 31 characters, because QuickBooks' custom field holds no
    more.
    """

    name = models.CharField(max_length=31)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints = [
            *owned_constraints("lead_source"),
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="lead_source_unique_name_in_organization",
                violation_error_message="There is a lead source of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


_SEARCHED = (
    "name", "company_name", "given_name", "family_name", "email",
    "billing_street", "billing_city", "site_street", "site_city",
)  # fmt: skip
_SEARCHED_NUMBERS = ("phone", "mobile")


class CustomerQuerySet(OwnedQuerySet["Customer"]):
    """Words for picking customers."""

    def current(self) -> "CustomerQuerySet":
        """Not archived."""
        return self.filter(archived_at=None)


CustomerManager = models.Manager.from_queryset(CustomerQuerySet)


class Customer(OwnedModel):
    """Whom the work is for. The name is unique among those not archived, because accounting
    packages insist on it.

    Bills go to `billing_customer` where there is one (a property manager, a head office); that
    one is billed itself.
    """

    name = models.CharField(max_length=100)
    company_name = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField("e-mail", max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    mobile = models.CharField(max_length=30, blank=True)
    billing_street = models.CharField(max_length=500, blank=True)
    billing_city = models.CharField("billing suburb", max_length=255, blank=True)
    billing_region = models.CharField("billing state", max_length=255, blank=True)
    billing_postcode = models.CharField(max_length=30, blank=True)
    billing_country = models.CharField(max_length=60, blank=True)
    site_street = models.CharField(max_length=500, blank=True)
    site_city = models.CharField("site suburb", max_length=255, blank=True)
    site_region = models.CharField("site state", max_length=255, blank=True)
    site_postcode = models.CharField(max_length=30, blank=True)
    site_country = models.CharField(max_length=60, blank=True)
    lead_source = models.ForeignKey(
        LeadSource, on_delete=models.PROTECT, null=True, blank=True, related_name="customers"
    )
    billing_customer = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="billed_customers"
    )
    payment_term = models.ForeignKey(
        PaymentTerm, on_delete=models.PROTECT, null=True, blank=True, related_name="customers"
    )
    is_taxed = models.BooleanField("taxed", default=True)
    notes = models.TextField(max_length=2000, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar["CustomerManager[Customer]"] = CustomerManager()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints = [
            *owned_constraints("customer", "lead_source", "billing_customer", "payment_term"),
            models.CheckConstraint(
                condition=models.Q(billing_customer=None)
                | ~models.Q(billing_customer=models.F("pk")),
                name="customer_is_not_its_own_billing_customer",
            ),
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=models.Q(archived_at=None),
                name="customer_unique_name_in_organization",
                violation_error_message="There is a customer of this name already.",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "name", "id"], name="customer_by_name"),
            models.Index(fields=["organization", "created_at", "id"], name="customer_by_age"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_archived(self) -> bool:
        """Hidden from lists and drop-downs."""
        return self.archived_at is not None

    @property
    def billed(self) -> "Customer":
        """Who pays for what is done here."""
        return self.billing_customer or self

    @property
    def choice(self) -> str:
        """As a drop-down names it."""
        suburb = self.site_city or self.billing_city
        return f"{self.name}, {suburb}" if suburb else self.name

    def search_texts(self) -> Iterable[str]:
        """Found by names, e-mail, phone numbers and addresses."""
        return self.searched_among(partial(getattr, self))

    @staticmethod
    def searched_among(column: Callable[[str], str]) -> Iterable[str]:
        """The texts that a customer with these columns is found by."""
        numbers = (column(name).replace(" ", "") for name in _SEARCHED_NUMBERS)
        return (*map(column, _SEARCHED), *numbers)


class Contact(OwnedModel):
    """A further person to speak to at a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=100)
    position = models.CharField(max_length=60, blank=True)
    email = models.EmailField("e-mail", max_length=100, blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints = owned_constraints("contact", "customer")

    def __str__(self) -> str:
        return self.name
