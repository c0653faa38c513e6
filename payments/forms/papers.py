"""Company Details: what documents say; and the pop-up that sends one by e-mail."""

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from ascora.attachments.files import CheckedFile
from ascora.attachments.forms import AttachmentField
from ascora.tenancy.models import NumberSequence, Organization
from ascora.tenancy.owned_forms import OwnedModelForm
from jobs.models import Customer
from payments.emails import PLACEHOLDERS, USUAL, filled, unknown_placeholders
from payments.models import DocumentSettings, Letter
from payments.selectors import Paper, document_settings_for, usual_period

BSB_DIGITS = 6
KNOWN = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)


class LetterheadForm(OwnedModelForm[DocumentSettings]):
    """Legal name, web address and the words at the foot."""

    class Meta:
        model = DocumentSettings
        fields: ClassVar[list[str]] = ["legal_name", "website", "footer"]
        help_texts: ClassVar[dict[str, str]] = {
            "legal_name": "If it is another than the business name.",
            "footer": "At the foot of every page: licence numbers, warranty, thanks.",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {"footer": forms.Textarea(attrs={"rows": 3})}


class BankForm(OwnedModelForm[DocumentSettings]):
    """How customers pay."""

    class Meta:
        model = DocumentSettings
        fields: ClassVar[list[str]] = [
            "account_name",
            "bsb",
            "account_number",
            "payid",
            "payment_instructions",
        ]
        help_texts: ClassVar[dict[str, str]] = {
            "payment_instructions": "Further ways to pay, as the customer reads them."
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "payment_instructions": forms.Textarea(attrs={"rows": 3})
        }

    def clean_bsb(self) -> str:
        """Six digits in two groups."""
        typed: str = self.cleaned_data["bsb"]
        digits = re.sub(r"[\s-]", "", typed)
        if digits and not (digits.isascii() and digits.isdecimal() and len(digits) == BSB_DIGITS):
            raise ValidationError("A BSB has 6 digits.")
        return f"{digits[:3]}-{digits[3:]}" if digits else ""

    def clean_account_number(self) -> str:
        """Digits; spaces are left out."""
        digits = re.sub(r"[\s-]", "", self.cleaned_data["account_number"])
        if digits and not (digits.isascii() and digits.isdecimal()):
            raise ValidationError("An account number has digits only.")
        return digits


class LogoForm(forms.Form):
    """The logo: a picture."""

    upload = AttachmentField(
        label="Logo",
        accept=".jpg,.jpeg,.png,.webp",
        help_text="A PNG, JPEG or WebP picture, at most 10 MB. It stands at the top of documents.",
    )

    def clean_upload(self) -> CheckedFile:
        """A picture that can be printed."""
        upload: CheckedFile = self.cleaned_data["upload"]
        if upload.content_type not in {"image/png", "image/jpeg"}:
            raise ValidationError("Choose a PNG, JPEG or WebP picture.")
        return upload


class NumberingForm(OwnedModelForm[NumberSequence]):
    """Prefix and next number of a kind of document."""

    next_number = forms.IntegerField(label="Next number", min_value=1, max_value=999_999_999)

    class Meta:
        model = NumberSequence
        fields: ClassVar[list[str]] = ["prefix", "next_number"]

    def clean_prefix(self) -> str:
        """What stands on documents and in addresses of files."""
        prefix: str = self.cleaned_data["prefix"].strip()
        if not re.fullmatch(r"[A-Za-z0-9/._-]*", prefix):
            raise ValidationError("Letters, digits and - / . _ only.")
        if prefix and prefix[-1].isdecimal():
            raise ValidationError("End it with a letter or a sign, so that the number is clear.")
        return prefix


class WordsForm(OwnedModelForm[DocumentSettings]):
    """Subject and text of a kind of letter; the usual ones where nobody wrote others."""

    class Meta:
        model = DocumentSettings
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def narrow(self, _organization: Organization) -> None:
        """The two fields of this kind."""
        usual = USUAL[self.kind]
        hint = f"These are filled in: {KNOWN}."
        self.fields["subject"] = forms.CharField(max_length=150)
        self.fields["text"] = forms.CharField(
            max_length=4000, widget=forms.Textarea(attrs={"rows": 10}), help_text=hint
        )
        self.initial["subject"] = getattr(self.instance, f"{self.kind}_subject") or usual.subject
        self.initial["text"] = getattr(self.instance, f"{self.kind}_text") or usual.text

    def clean_subject(self) -> str:
        """One line, with placeholders that we know."""
        return _known_only(self.cleaned_data["subject"])

    def clean_text(self) -> str:
        """With placeholders that we know."""
        return _known_only(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        """By the names of the columns."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        return {f"{self.kind}_{name}": cleaned[name] for name in ("subject", "text")}


def _known_only(text: str) -> str:
    unknown = unknown_placeholders(text)
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(f"Nothing is known for {names}. Known: {KNOWN}.")
    return text


class LetterForm(OwnedModelForm[Letter]):
    """To whom, and in which words."""

    to = forms.CharField(
        label="To",
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
        help_text="Several addresses with a comma between them.",
    )
    text = forms.CharField(max_length=6000, widget=forms.Textarea(attrs={"rows": 10}))

    class Meta:
        model = Letter
        fields: ClassVar[list[str]] = ["subject"]

    field_order = ("to", "subject", "text")

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        settings = document_settings_for(paper.document.organization)
        usual = USUAL[paper.kind]
        subject = getattr(settings, f"{paper.kind}_subject") or usual.subject
        text = getattr(settings, f"{paper.kind}_text") or usual.text
        initial = {
            "to": paper.customer.email,
            "subject": filled(subject, paper.words)[:200],
            "text": filled(text, paper.words),
        }
        super().__init__(*args, initial=initial, **kwargs)

    def clean_to(self) -> list[str]:
        """The addresses one by one; the service judges them."""
        typed: str = self.cleaned_data["to"]
        return re.split(r"[,;\s]+", typed.strip())

    def clean_subject(self) -> str:
        """One line: a line break would begin another header."""
        subject: str = self.cleaned_data["subject"]
        if re.search(r"[\r\n\x00]", subject):
            raise ValidationError("A subject is one line.")
        return subject


class PeriodForm(forms.Form):
    """The days of a statement, both included."""

    begins_on = forms.DateField(label="From", widget=forms.DateInput)
    ends_on = forms.DateField(label="To", widget=forms.DateInput)

    @classmethod
    def of(cls, data: Any, customer: Customer) -> "PeriodForm":  # noqa: ANN401
        """As asked for, or the usual period."""
        begins_on, ends_on = usual_period(customer)
        given = {"begins_on": begins_on.isoformat(), "ends_on": ends_on.isoformat()}
        return cls(given | {name: data[name] for name in given if data.get(name)})

    def clean(self) -> dict[str, Any]:
        """Forwards in time."""
        cleaned = super().clean() or self.cleaned_data
        begins_on, ends_on = cleaned.get("begins_on"), cleaned.get("ends_on")
        if begins_on and ends_on and begins_on > ends_on:
            raise ValidationError("The period ends before it begins.")
        return cleaned

    def days(self, customer: Customer) -> tuple[date, date]:
        """The period; the usual one where what was asked for makes no sense."""
        if self.is_valid():
            return self.cleaned_data["begins_on"], self.cleaned_data["ends_on"]
        return usual_period(customer)
