"""The form of an owned row: cleans what was typed into plain values, and never writes them."""

from typing import Any, TypeVar

from django import forms
from django.db.models import Field as ModelField

from ascora.common.forms import AmountInput
from ascora.common.fields import MoneyField
from ascora.tenancy.models import Organization, OwnedModel

M = TypeVar("M", bound=OwnedModel)


class OwnedModelForm(forms.ModelForm[M]):
    """Knows whose drop-downs to show; `values()` go to a service, which takes the row afresh.

    Numbers are typed as people write them. A subclass narrows its drop-downs in `narrow`, and
    names fields whose value must be unique in `unique` with what to say.
    """

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        self.organization = organization
        super().__init__(*args, **kwargs)
        if self.instance.organization_id is None:
            self.instance.organization = organization
        for name, field in self.fields.items():
            if isinstance(field, forms.DecimalField):
                _show_as_amount(field, self._model_field(name))
        self.narrow(organization)

    def narrow(self, organization: Organization) -> None:
        """Give each drop-down this organization's rows."""

    def values(self) -> dict[str, Any]:
        """What was typed, cleaned, by the names that services know."""
        return dict(self.cleaned_data)

    def _model_field(self, name: str) -> "ModelField[Any, Any] | None":
        return next((f for f in self.instance._meta.fields if f.name == name), None)

    def _refuse_if_taken(self, name: str, value: str, message: str) -> str:
        """The value, unless another row of the organization has it in upper or lower case."""
        rows = type(self.instance)._default_manager.filter(organization=self.organization)
        others = rows.exclude(pk=self.instance.pk)
        if value and others.filter(**{f"{name}__iexact": value}).exists():
            raise forms.ValidationError(message, code="taken")
        return value


def _show_as_amount(field: forms.DecimalField, column: "ModelField[Any, Any] | None") -> None:
    widget = AmountInput(places=2 if isinstance(column, MoneyField) else 0)
    widget.is_required = field.required
    field.widget = widget
    field.error_messages["invalid"] = "Type a number, for example 12.50."
