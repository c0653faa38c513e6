"""For which job a line of a supplier invoice was bought."""

from decimal import Decimal
from typing import ClassVar

from django import forms

from ascora.tenancy.models import Organization
from ascora.tenancy.owned_forms import FoundByTypingField, OwnedModelForm
from jobs.models import Job, JobAllocation
from jobs.selectors import jobs_for

_HELP = "Before tax. Leave it empty for all that is left of the line."


class AllocationForm(OwnedModelForm[JobAllocation]):
    """A share for a job."""

    job = FoundByTypingField(model=Job, missing="Choose the job.")
    amount = forms.DecimalField(max_digits=12, decimal_places=2, required=False, help_text=_HELP)

    class Meta:
        model = JobAllocation
        fields: ClassVar[list[str]] = ["job", "amount"]

    def narrow(self, organization: Organization) -> None:
        """All jobs; the newest open ones are shown first."""
        jobs = jobs_for(organization)
        self.offer("job", jobs)
        self.show_likeliest("job", jobs.open().order_by("-created_at", "-pk"))


class ShareForm(OwnedModelForm[JobAllocation]):
    """Another amount for the same job."""

    class Meta:
        model = JobAllocation
        fields: ClassVar[list[str]] = ["amount"]
        help_texts: ClassVar[dict[str, str]] = {"amount": "Before tax."}

    def clean_amount(self) -> Decimal:
        """Nothing is taken off by its own button."""
        amount: Decimal = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError("Press Take off to give the job nothing of it.")
        return amount
