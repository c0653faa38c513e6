"""Forms of customers and their contacts."""

from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ascora.common.texts import refuse_bad_name
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import OwnedModelForm, current_or
from jobs.forms.payers import PayerField, offer_payers
from jobs.models import Contact, Customer
from jobs.selectors import is_name_free, lead_sources_for, payment_terms_for


class CustomerForm(OwnedModelForm[Customer]):
    """A customer with both addresses."""

    email = forms.CharField(label="E-mail", max_length=100, required=False, widget=forms.EmailInput)
    billing_customer = PayerField(label="Bills go to", empty="This customer")

    class Meta:
        model = Customer
        fields: ClassVar[list[str]] = [
            "name", "company_name", "given_name", "family_name", "email", "phone", "mobile",
            "billing_street", "billing_city", "billing_region", "billing_postcode",
            "billing_country", "site_street", "site_city", "site_region", "site_postcode",
            "site_country", "lead_source", "billing_customer", "payment_term", "is_taxed", "notes",
        ]  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "payment_term": "Payment term",
            "given_name": "First name",
            "family_name": "Last name",
            "is_taxed": "Charge tax",
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
        terms = payment_terms_for(organization)
        self.say_when_empty("payment_term", "The default")
        self.offer("payment_term", current_or(terms, self.instance.payment_term_id))
        offer_payers(self, "billing_customer", but_for=self.instance.pk)

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
