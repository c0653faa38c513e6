"""Choosing who is billed: a customer, found by typing, or nobody else."""

from typing import Any

from ascora.tenancy.owned_forms import FoundByTypingField, OwnedModelForm, current_or
from jobs.models import Customer
from jobs.selectors import customers_for


class PayerField(FoundByTypingField):
    """Another customer who is billed; may stay empty."""

    def __init__(self, *, label: str, empty: str) -> None:
        super().__init__(model=Customer, missing="")
        self.required = self.widget.is_required = False
        self.label = label
        self.empty = empty
        self.widget.attrs.pop("size")
        self.error_messages["invalid_choice"] = (
            "Choose a customer whose own bills go to nobody else."
        )


def offer_payers(form: OwnedModelForm[Any], name: str, *, but_for: int | None = None) -> None:
    """Give the field its customers: current, themselves billed, the latest first."""
    chosen: Customer | None = getattr(form.instance, name)
    if chosen is not None:
        form.initial[name] = chosen.public_id
    customers = current_or(customers_for(form.organization), chosen.pk if chosen else None)
    payers = customers.filter(billing_customer=None).exclude(pk=but_for or 0)
    form.offer(name, payers)
    form.show_likeliest(name, payers.order_by("-updated_at", "-pk"))
    field = form.fields[name]
    if isinstance(field, PayerField):
        field.widget.choices = [("", field.empty), *field.widget.choices]
