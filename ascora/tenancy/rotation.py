"""Sealing every sealed value again under the newest key, in short transactions."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction

from ascora.tenancy.adapter import FACTOR_BINDING
from ascora.tenancy.models import Organization, OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from ascora.tenancy.rls import acting_for, acting_for_everyone
from ascora.tenancy.sealing import Sealed, SealedTextField, newest_key_id, seal, unseal

BATCH = 200
_SECRETS_OF_FACTORS = ("secret", "seed")


def sealed_columns() -> list[tuple[type[OwnedModel], SealedTextField]]:
    """Every sealed column of every model."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, SealedTextField) and issubclass(model, OwnedModel)
    ]


def organization_ids() -> list[UUID]:
    """Everyone's, to walk them one by one."""
    with acting_for_everyone():
        return list(Organization.objects.order_by("pk").values_list("pk", flat=True))


def rotate_columns() -> Counter[tuple[str, str]]:
    """Re-seal what an older key sealed; how many values each (column, key id) had before."""
    found: Counter[tuple[str, str]] = Counter()
    for organization_id in organization_ids():
        for model, field in sealed_columns():
            found.update(_rotate_rows(organization_id, model, field))
    return found


def _rotate_rows(
    organization_id: UUID, model: type[OwnedModel], field: SealedTextField
) -> Iterator[tuple[str, str]]:
    after = 0
    while True:
        with acting_for(organization_id):
            owned: OwnedQuerySet[OwnedModel] = model.objects.filter(organization=organization_id)
            batch = owned.filter(pk__gt=after).select_for_update(of=("self",)).order_by("pk")
            rows = list(batch[:BATCH])
            for row in rows:
                stored = row.__dict__[field.attname]
                if not stored:
                    continue
                yield field.binding_name, stored.key_id
                if stored.key_id != newest_key_id():
                    _seal_again(row, field)
        if len(rows) < BATCH:
            return
        after = rows[-1].pk


def _seal_again(row: models.Model, field: SealedTextField) -> None:
    setattr(row, field.attname, getattr(row, field.attname))
    row.save(update_fields=[field.attname])


def rotate_factors() -> Counter[tuple[str, str]]:
    """The same for the secrets of second factors."""
    found: Counter[tuple[str, str]] = Counter()
    ids = list(Authenticator.objects.order_by("pk").values_list("pk", flat=True))
    for pk in ids:
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
            for name in _SECRETS_OF_FACTORS:
                if factor is None or name not in factor.data:
                    continue
                stored = Sealed(factor.data[name])
                found["mfa_authenticator.data", stored.key_id] += 1
                if stored.key_id != newest_key_id():
                    opened = unseal(stored, bound_to=FACTOR_BINDING)
                    factor.data[name] = str(seal(opened, bound_to=FACTOR_BINDING))
                    factor.save(update_fields=["data"])
    return found
