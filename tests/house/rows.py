"""A plausible row of any owned model, built from its fields: no table is forgotten by a test."""

import uuid
from datetime import date
from decimal import Decimal
from itertools import count

from django.apps import apps
from django.db import models
from django.utils import timezone

from ascora.tenancy.models import OwnedModel, User
from integrations.models import Connection, ImportRun
from payments.models import CreditApplication, Refund

_numbers = count(1)


def owned_models():
    """Every concrete owned model."""
    return [model for model in apps.get_models() if issubclass(model, OwnedModel)]


def owned_references():
    """Every (model, field) that refers from one owned row to another."""
    return [
        (model, field)
        for model in owned_models()
        for field in model._meta.local_concrete_fields
        if field.is_relation and issubclass(field.related_model, OwnedModel)
    ]


# Of these an organization has one live row at most, and a test may need several.
CHOSEN = {Connection: {"state": "disconnected"}, ImportRun: {"state": "done"}}


def _text(field):
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.EmailField):
        return f"row{next(_numbers)}@row.test"
    return f"row {next(_numbers)}"[: field.max_length or 50]


VALUES = {
    models.CharField: _text,
    models.TextField: _text,
    models.UUIDField: lambda field: uuid.uuid4(),
    models.DecimalField: lambda field: Decimal(1),
    models.DateTimeField: lambda field: timezone.now(),
    models.DateField: lambda field: date(2026, 5, 4),
    models.BinaryField: lambda field: b"row",
    models.BooleanField: lambda field: False,
    models.JSONField: lambda field: {},
    models.IntegerField: lambda field: next(_numbers),
}


def _value(field):
    for kind, make in VALUES.items():
        if isinstance(field, kind):
            return make(field)
    raise TypeError(f"{field}: say in tests/house/rows.py what a plausible value is")


def _parent(field, organization):
    if field.related_model is User:
        return User.objects.create_user(f"row{next(_numbers)}@row.test")
    return a_row(field.related_model, organization)


def an_unsaved_row(model, organization, *, parent_of=_parent):
    """Fills what has no default; parents are saved, of the same organization."""
    row = model(organization=organization, **CHOSEN.get(model, {}))
    for field in model._meta.local_concrete_fields:
        if field.primary_key or field.name in {"organization", "public_id"}:
            continue
        if field.is_relation and not field.null:
            setattr(row, field.name, parent_of(field, organization))
        elif not field.is_relation and not (field.has_default() or field.null or field.blank):
            setattr(row, field.attname, _value(field))
    return row


def a_row(model, organization):
    """A saved one. Needs the organization's wall open."""
    row = an_unsaved_row(model, organization)
    row.save()
    return row


def _used_for(refund):
    """A refund is made together with the use of the credit that it pays out."""
    use = an_unsaved_row(CreditApplication, refund.organization)
    use.customer, use.refund = refund.customer, refund
    use.save()


COMPLETED = {Refund: _used_for}


def a_whole_row(model, organization):
    """With what its services always make beside it."""
    row = a_row(model, organization)
    if model in COMPLETED:
        COMPLETED[model](row)
    return row
