"""Forms of people and organizations. They clean input into plain values; services write."""

from typing import Any, ClassVar

from allauth.account import forms as account_forms
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from ascora.common.business_numbers import NotAnAbn, abn_of
from ascora.common.meanwhile import Remembering
from ascora.tenancy.models import Organization, Role, User
from ascora.tenancy.places import COUNTRIES, CURRENCIES, time_zone_choices
from ascora.tenancy.services import create_organization


class LoginForm(account_forms.LoginForm):  # type: ignore[misc]
    """allauth's, in the words of the house."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail"
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        if "remember" in self.fields:
            del self.fields["remember"]


class OrganizationForm(forms.Form):
    """A new business: Australia, Australian dollars and Sydney unless chosen otherwise."""

    organization_name = forms.CharField(label="Business name", max_length=120)
    country = forms.ChoiceField(choices=[*COUNTRIES.items()], initial="AU")
    time_zone = forms.ChoiceField(
        label="Time zone", choices=time_zone_choices, initial="Australia/Sydney"
    )
    home_currency = forms.ChoiceField(
        label="Home currency",
        choices=[*CURRENCIES.items()],
        initial="AUD",
        help_text="The currency of your books. It stays as it is.",
    )

    def create_for(self, owner: User) -> Organization:
        """Carry it out."""
        data = self.cleaned_data
        return create_organization(
            name=data["organization_name"],
            owner=owner,
            country=data["country"],
            time_zone=data["time_zone"],
            home_currency=data["home_currency"],
        )


class SignupForm(OrganizationForm, account_forms.SignupForm):  # type: ignore[misc]
    """A new owner and the business, in one step."""

    name = forms.CharField(label="Your name", max_length=100)
    field_order = [
        "name",
        "email",
        "password1",
        "organization_name",
        "country",
        "time_zone",
        "home_currency",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"
        self.fields["password1"].help_text = "At least 12 characters."
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002
        """Called by allauth in the transaction that saves the person."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        self.create_for(user)


class InvitedPersonForm(forms.Form):
    """A new person who was invited: the address and the role are fixed."""

    name = forms.CharField(label="Your name", max_length=100)
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters.",
        strip=False,
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        self.email = email
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """The same rules as at sign-up."""
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email))
        return password


class InvitationForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label="E-mail")
    role = forms.ChoiceField(
        choices=Role.choices,
        initial=Role.OFFICE,
        help_text="Owner: everything. Office: the daily work."
        " Accountant: reads everything and works the accounting screens.",
    )


class RoleForm(Remembering, forms.Form):
    """A member's role."""

    role = forms.ChoiceField(choices=Role.choices)


class CompanyDetailsForm(Remembering, forms.ModelForm[Organization]):
    """What invoices and dates of the business rest on."""

    class Meta:
        model = Organization
        fields = ("name", "business_number", "phone", "email", "address", "time_zone")
        widgets: ClassVar[dict[str, forms.Widget]] = {"address": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Business name"
        self.fields["time_zone"] = forms.ChoiceField(
            label="Time zone", choices=time_zone_choices, initial=self.instance.time_zone
        )

    def clean_business_number(self) -> str:
        """An ABN checks itself; it is kept in groups as it is printed."""
        typed: str = self.cleaned_data["business_number"]
        if not typed or self.instance.country != "AU":
            return typed
        try:
            return abn_of(typed)
        except NotAnAbn as wrong:
            raise ValidationError(str(wrong)) from wrong
