"""The drop-down of accounting packages."""

from typing import Any

from django import forms

from integrations.registry import packages


class PackageForm(forms.Form):
    """Which package; one that is not there yet is shown as coming and cannot be chosen."""

    package = forms.ChoiceField(label="Accounting package")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = packages()
        choices = [
            (each.slug, each.label if each.is_available else f"{each.label} (coming)")
            for each in self.offered
        ]
        field = self.fields["package"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", "Choose your accounting package"), *choices]

    @property
    def label_of_choice(self) -> str:
        """The name of the chosen package."""
        chosen = self.data.get("package", "")
        return next((each.label for each in self.offered if each.slug == chosen), "")

    @property
    def is_available(self) -> bool:
        """The chosen package can be connected."""
        chosen = self.data.get("package", "")
        return any(each.slug == chosen and each.is_available for each in self.offered)
