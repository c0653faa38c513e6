"""Forms of the lists behind customers and jobs: lead sources, job types."""

from typing import ClassVar

from django import forms

from ascora.chart.forms import AccountCodeField, offer_income_accounts
from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import OwnedModelForm
from jobs.models import JobType, LeadSource


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
