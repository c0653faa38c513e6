"""Forms of jobs."""

from typing import Any, ClassVar

from django import forms

from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import FoundByTypingField, OwnedModelForm, current_or
from jobs.forms.payers import PayerField, offer_payers
from jobs.models import Customer, Job, Pricing
from jobs.selectors import customers_for, job_types_for


class JobForm(OwnedModelForm[Job]):
    """A new job; `customer` is found by typing, the drop-down holds the likeliest."""

    customer = FoundByTypingField(model=Customer, missing="Choose the customer.")
    billing_customer = PayerField(label="Bills go to", empty="As the customer's card says")

    class Meta:
        model = Job
        fields: ClassVar[list[str]] = [
            "customer", "billing_customer", "job_type", "description", "pricing", "fixed_price",
            "site_street", "site_city", "site_region", "site_postcode", "purchase_order",
            "client_order_number",
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
        offer_payers(self, "billing_customer")

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
