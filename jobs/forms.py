"""Forms of customers, contacts, jobs, the work on them, and the lists behind them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse_lazy

from ascora.chart.forms import AccountCodeField, offer_income_accounts
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import FoundByTypingField, OwnedModelForm, current_or
from ascora.tenancy.selectors import today_for
from inventory.models import Supply
from inventory.selectors import net_price_for, supplies_for
from jobs.models import Contact, Customer, Job, JobSupply, JobType, LabourEntry, LeadSource, Pricing
from jobs.selectors import customers_for, is_name_free, job_types_for, lead_sources_for
from jobs.services import refuse_bad_name

OLDEST_DAY = date(2000, 1, 1)
FURTHEST_AHEAD = timedelta(days=366)


class CustomerForm(OwnedModelForm[Customer]):
    """A customer with both addresses."""

    email = forms.CharField(label="E-mail", max_length=100, required=False, widget=forms.EmailInput)

    class Meta:
        model = Customer
        fields: ClassVar[list[str]] = [
            "name", "company_name", "given_name", "family_name", "email", "phone", "mobile",
            "billing_street", "billing_city", "billing_region", "billing_postcode",
            "billing_country", "site_street", "site_city", "site_region", "site_postcode",
            "site_country", "lead_source", "is_taxed", "notes",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "given_name": "First name",
            "family_name": "Last name",
            "is_taxed": "Charge tax (GST)",
            **{f"{kind}_street": "Street" for kind in ("billing", "site")},
            **{f"{kind}_city": "Suburb" for kind in ("billing", "site")},
            **{f"{kind}_region": "State" for kind in ("billing", "site")},
            **{f"{kind}_postcode": "Postcode" for kind in ("billing", "site")},
            **{f"{kind}_country": "Country" for kind in ("billing", "site")},
        }
        help_texts: ClassVar[dict[str, str]] = {
            "name": "As it reads on invoices and in your books. Up to 100 characters, no colon.",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "billing_street": forms.Textarea(attrs={"rows": 2}),
            "site_street": forms.Textarea(attrs={"rows": 2}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def narrow(self, organization: Organization) -> None:
        """Current lead sources, and the chosen one whatever became of it."""
        sources = lead_sources_for(organization)
        self.say_when_empty("lead_source", "Not known")
        self.offer("lead_source", current_or(sources, self.instance.lead_source_id))

    def clean_email(self) -> str:
        """One address; several, as the books may have them, stay until they are changed."""
        email: str = self.cleaned_data["email"]
        if email and "email" in self.changed_data:
            validate_email(email)
        return email

    def clean_name(self) -> str:
        """Fit for the books, and taken by nobody else."""
        name: str = self.cleaned_data["name"]
        if self.instance.pk and "name" not in self.changed_data:
            return name
        try:
            refuse_bad_name(name)
        except ValidationError as refused:
            raise ValidationError(refused.message_dict["name"]) from refused
        if not is_name_free(self.organization, name, but_for=self.instance.pk):
            raise ValidationError("There is a customer of this name already.", code="taken")
        return name


class ContactForm(OwnedModelForm[Contact]):
    """A further person at a customer."""

    class Meta:
        model = Contact
        fields: ClassVar[list[str]] = ["name", "position", "email", "phone"]


class LeadSourceForm(OwnedModelForm[LeadSource]):
    """A lead source."""

    class Meta:
        model = LeadSource
        fields: ClassVar[list[str]] = ["name"]
        help_texts: ClassVar[dict[str, str]] = {
            "name": "Up to 31 characters: QuickBooks' custom field holds no more."
        }

    def clean_name(self) -> str:
        """No two of one name."""
        return self.refuse_if_taken(
            "name", self.cleaned_data["name"], "There is a lead source of this name already."
        )


class JobTypeForm(OwnedModelForm[JobType]):
    """The Job Type details pop-up."""

    labour_account = AccountCodeField(
        label="Labour Income Account Code", empty_label="The default Labour code"
    )
    materials_account = AccountCodeField(
        label="Materials Income Account Code", empty_label="The default Materials code"
    )

    class Meta:
        model = JobType
        fields: ClassVar[list[str]] = ["name", "colour", "labour_account", "materials_account"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "colour": forms.TextInput(attrs={"type": "color", "class": "form-control-color"})
        }

    def narrow(self, organization: Organization) -> None:
        """Income accounts of the organization."""
        for name in ("labour_account", "materials_account"):
            chosen = getattr(self.instance, name)
            offer_income_accounts(self.fields[name], organization, chosen=chosen)

    def clean_name(self) -> str:
        """No two of one name."""
        return self.refuse_if_taken(
            "name", self.cleaned_data["name"], "There is a job type of this name already."
        )


class JobForm(OwnedModelForm[Job]):
    """A new job; `customer` is found by typing, the drop-down holds the likeliest."""

    customer = FoundByTypingField(model=Customer, missing="Choose the customer.")

    class Meta:
        model = Job
        fields: ClassVar[list[str]] = [
            "customer", "job_type", "description", "pricing", "fixed_price", "site_street",
            "site_city", "site_region", "site_postcode", "purchase_order", "client_order_number",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "job_type": "Job type",
            "pricing": "Pricing method",
            "fixed_price": "Fixed price, before tax",
            "site_street": "Street",
            "site_city": "Suburb",
            "site_region": "State",
            "site_postcode": "Postcode",
            "purchase_order": "Purchase order",
            "client_order_number": "Client order number",
            "work_done": "Work undertaken",
        }
        help_texts: ClassVar[dict[str, str]] = {"fixed_price": "For fixed-price jobs only."}
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "site_street": forms.Textarea(attrs={"rows": 2}),
            "work_done": forms.Textarea(attrs={"rows": 4}),
        }

    def narrow(self, organization: Organization) -> None:
        """Current customers and job types, and the chosen ones whatever became of them."""
        job = self.instance
        self.say_when_empty("job_type", "None")
        self.offer("job_type", current_or(job_types_for(organization), job.job_type_id))
        if job.customer_id:
            self.initial["customer"] = job.customer.public_id
        customers = current_or(customers_for(organization), job.customer_id)
        self.offer("customer", customers)
        self.show_likeliest("customer", customers.order_by("-updated_at", "-pk"))

    def clean(self) -> dict[str, Any]:
        """A fixed price belongs to fixed-price jobs, and there is one."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("pricing") != Pricing.FIXED_PRICE:
            cleaned["fixed_price"] = None
            self.errors.pop("fixed_price", None)
        elif "fixed_price" in cleaned and (cleaned["fixed_price"] or 0) <= 0:
            self.add_error("fixed_price", "Give the fixed price, before tax.")
        return cleaned


class JobEditForm(JobForm):
    """A job under way: also what was done."""

    class Meta(JobForm.Meta):
        fields: ClassVar[list[str]] = [*JobForm.Meta.fields, "work_done"]


class LabourForm(OwnedModelForm[LabourEntry]):
    """Hours on a job."""

    class Meta:
        model = LabourEntry
        fields: ClassVar[list[str]] = [
            "worker", "worked_on", "hours", "hourly_rate", "is_chargeable", "description",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "worker": "Who",
            "worked_on": "Date",
            "hourly_rate": "Rate per hour, before tax",
            "is_chargeable": "Chargeable",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "worker": forms.TextInput(attrs={"list": "workers", "autocomplete": "off"}),
            "description": forms.Textarea(attrs={"rows": 2}),
        }

    def clean_worked_on(self) -> date:
        """A day that can be meant."""
        return _sensible_day(self.organization, self.cleaned_data["worked_on"])

    def clean_hours(self) -> Decimal:
        """More than nothing."""
        return _more_than_nothing(self.cleaned_data["hours"], "Hours")

    def clean_hourly_rate(self) -> Decimal:
        """Not negative."""
        return _not_negative(self.cleaned_data["hourly_rate"])


class SupplyUseForm(OwnedModelForm[JobSupply]):
    """A supply used on a job; an empty price or description is the supply's own."""

    supply = FoundByTypingField(
        model=Supply,
        missing="Choose the supply.",
        **{
            "hx-get": reverse_lazy("jobs:supply_terms"),
            "hx-trigger": "change",
            "hx-target": "#supply-terms",
            "hx-swap": "innerHTML",
        },
    )
    description = forms.CharField(max_length=500, required=False)
    unit_price = forms.DecimalField(
        max_digits=14, decimal_places=4, required=False, label="Price each, before tax"
    )

    class Meta:
        model = JobSupply
        fields: ClassVar[list[str]] = [
            "supply", "used_on", "quantity", "unit_price", "description", "is_taxed",
            "is_chargeable",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "used_on": "Date",
            "is_taxed": "Tax applies (GST)",
            "is_chargeable": "Chargeable",
        }

    def narrow(self, organization: Organization) -> None:
        """Current supplies, and the chosen one whatever became of it."""
        if self.instance.supply_id:
            self.initial["supply"] = self.instance.supply.public_id
        supplies = current_or(supplies_for(organization), self.instance.supply_id)
        self.offer("supply", supplies)
        self.show_likeliest("supply", supplies)

    def clean_used_on(self) -> date:
        """A day that can be meant."""
        return _sensible_day(self.organization, self.cleaned_data["used_on"])

    def clean_quantity(self) -> Decimal:
        """More than nothing."""
        return _more_than_nothing(self.cleaned_data["quantity"], "The quantity")

    def clean(self) -> dict[str, Any]:
        """Fill what was left empty from the supply."""
        cleaned = super().clean() or self.cleaned_data
        supply = cleaned.get("supply")
        if supply is None or "unit_price" not in cleaned or "used_on" not in cleaned:
            return cleaned
        cleaned["description"] = cleaned.get("description") or supply.description
        if cleaned["unit_price"] is None:
            cleaned["unit_price"] = net_price_for(supply, cleaned["used_on"])
        elif cleaned["unit_price"] < 0:
            self.add_error("unit_price", "A price is zero or more.")
        return cleaned


def _sensible_day(organization: Organization, day: date) -> date:
    if not OLDEST_DAY <= day <= today_for(organization) + FURTHEST_AHEAD:
        raise ValidationError("Check the year of this date.")
    return day


def _more_than_nothing(number: Decimal, what: str) -> Decimal:
    if number <= 0:
        raise ValidationError(f"{what} must be more than zero.")
    return number


def _not_negative(price: Decimal) -> Decimal:
    if price < 0:
        raise ValidationError("A rate is zero or more.")
    return price
