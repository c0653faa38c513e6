"""The form of an owned row: cleans what was typed into plain values, and never writes them."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from uuid import UUID

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from ascora.common.fields import MoneyField, UnitPriceField
from ascora.common.forms import AmountInput
from ascora.common.meanwhile import Seen, quoted, show_afresh, shown_texts, typed_texts
from ascora.tenancy.meanwhile import (
    changed_meanwhile,
    column_values,
    note_edit,
    refuse_if_saved_now,
)
from ascora.tenancy.models import Organization, OwnedModel, User
from ascora.tenancy.owned import OwnedQuerySet

M = TypeVar("M", bound=OwnedModel)
R = TypeVar("R")
MOST_CHOICES = 50


class OwnedModelForm(forms.ModelForm[M]):
    """Knows whose drop-downs to show. Its plain values go to a service, which takes the row afresh.

    Numbers are typed as people write them. A subclass narrows its drop-downs in `narrow`.

    A form of a row that there is knows what it showed (`seen`, which `form_errors` puts on the
    page): what somebody else saved meanwhile is told before it is saved over.
    """

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        self.organization = organization
        super().__init__(*args, **kwargs)
        if self.instance.organization_id is None:
            self.instance.organization = organization
        self._as_read = column_values(self.instance)
        columns = {column.name: column for column in self.instance._meta.fields}
        for name, field in self.fields.items():
            if isinstance(field, forms.DecimalField):
                _show_as_amount(
                    field, is_money=isinstance(columns.get(name), MoneyField | UnitPriceField)
                )
        self.narrow(organization)
        self._seen = Seen.unpacked(self.data.get("seen")) if self.instance.pk else None

    @property
    def seen(self) -> str:
        """What this page shows of the row, for the hidden input; nothing for a new row."""
        if self.instance.pk is None:
            return ""
        return (self._seen or Seen.of(self._texts())).packed()

    def shown_beside(self) -> dict[str, str]:
        """What the page shows of the row beside the inputs, by what it is called, as text."""
        return {}

    def _texts(self) -> dict[str, str]:
        return shown_texts(self) | self.shown_beside()

    def narrow(self, organization: Organization) -> None:
        """Give each drop-down this organization's rows."""

    def carry_out(self, service: Callable[..., R], **more: object) -> R | None:
        """Call the service with the cleaned values; what it refuses is said in the form (None).

        `more` are further arguments of the service, `by` among them.
        """
        if not self.is_valid():
            return None
        try:
            with transaction.atomic():
                self._refuse_what_was_saved_meanwhile()
                done = service(**more, **self.cleaned_data)
                if self._seen:
                    note_edit(self.instance, by=cast("User | None", more.get("by")))
                return done
        except ValidationError as refused:
            self._say(refused)
        except IntegrityError:
            self.add_error(None, "Somebody saved the same at this moment. Look, then try again.")
        return None

    def _refuse_what_was_saved_meanwhile(self) -> None:
        seen = self._seen
        if seen is None:
            return
        refuse_if_saved_now(self.instance, self._as_read)
        texts = self._texts()
        changed = seen.differences(texts)
        if not changed:
            return
        words = [self._said(name, texts) for name in changed]
        mine = seen.differences(typed_texts(self))
        show_afresh(self, [name for name in changed if name in self.fields and name not in mine])
        self._seen = Seen.of(texts)
        raise changed_meanwhile(self.instance, seen, words)

    def _said(self, name: str, texts: dict[str, str]) -> str:
        if name not in self.fields:
            return f"{name} now: {texts[name] or 'none'}"
        return f"{self[name].label} is now {quoted(self, name)}"

    def offer(self, name: str, rows: models.QuerySet[Any]) -> None:
        """Fill a drop-down."""
        field = self.fields[name]
        if not isinstance(field, forms.ModelChoiceField):
            raise TypeError(f"{name} is not a drop-down of rows")
        field.queryset = rows

    def say_when_empty(self, name: str, words: str) -> None:
        """What the first choice of a drop-down says, instead of dashes."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = words

    def show_likeliest(self, name: str, rows: models.QuerySet[Any]) -> None:
        """Of a long drop-down show the chosen row and the first ones; typing finds others.

        Each row says what it is called there by `choice`.
        """
        chosen = rows.filter(public_id=_uuid(self[name].value()))
        found = [*chosen, *rows.exclude(pk__in=[row.pk for row in chosen])[:MOST_CHOICES]]
        self.fields[name].widget.choices = [(row.public_id, row.choice) for row in found]

    def refuse_if_taken(self, name: str, value: str, message: str) -> str:
        """The value, unless another row of the organization has it in upper or lower case."""
        rows = type(self.instance).objects.owned_by(self.organization)
        others = rows.exclude(pk=self.instance.pk)
        if value and others.filter(**{f"{name}__iexact": value}).exists():
            raise ValidationError(message, code="taken")
        return value

    def _get_validation_exclusions(self) -> set[str]:
        """Columns that are not judged: of a row there is, what was left as it is."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        left_alone = set(self.fields) - set(self.changed_data) if self.instance.pk else set()
        return exclusions | left_alone

    def _say(self, refused: ValidationError) -> None:
        if not hasattr(refused, "error_dict"):
            self.add_error(None, refused)
            return
        for name, errors in refused.error_dict.items():
            shown = name in self.fields and name != NON_FIELD_ERRORS
            self.add_error(name if shown else None, errors)


class FoundByTypingField(forms.ModelChoiceField[OwnedModel]):
    """One row of many, named by its public id: a list box that a search field above it refills."""

    def __init__(self, *, model: type[OwnedModel], missing: str, **attrs: object) -> None:
        super().__init__(
            queryset=model.objects.none(),
            to_field_name="public_id",
            empty_label=None,
            widget=forms.Select(attrs={"size": 6, **attrs}),
            error_messages={"required": missing, "invalid_choice": "Choose again."},
        )

    def to_python(self, value: object) -> OwnedModel | None:
        """What is no public id at all is no choice either."""
        known = value if value in self.empty_values or _uuid(value) else None
        if value and known is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        row: OwnedModel | None = super().to_python(known)
        return row


def current_or(rows: OwnedQuerySet[M], chosen: int | None) -> OwnedQuerySet[M]:
    """Rows that are not archived, and the chosen one whatever became of it."""
    return rows.filter(Q(archived_at=None) | Q(pk=chosen))


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _show_as_amount(field: forms.DecimalField, *, is_money: bool) -> None:
    widget = AmountInput(places=2 if is_money else 0)
    widget.is_required = field.required
    field.widget = widget
    field.error_messages["invalid"] = "Type a number, for example 12.50."
