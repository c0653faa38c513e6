"""The second wall: PostgreSQL refuses a reference that leaves the organization."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.constraints import BaseConstraint


class SameOrganization(BaseConstraint):
    """A composite foreign key (organization_id, <field>) -> (organization_id, id) of the parent.

    The parent carries a unique (organization, id); a null reference is allowed (MATCH SIMPLE).
    """

    def __init__(self, *, field: str, name: str) -> None:
        self.field = field
        super().__init__(name=name)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """For migrations."""
        path, args, kwargs = super().deconstruct()
        kwargs["field"] = self.field
        return path, tuple(args), kwargs

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SameOrganization):
            return NotImplemented
        return (self.name, self.field) == (other.name, other.field)

    def __hash__(self) -> int:
        return hash((self.name, self.field))

    def constraint_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> None:
        """Inside CREATE TABLE: see create_sql."""
        self.create_sql(model, schema_editor)

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> None:
        """Deferred to the end of the migration: the parent and its unique key may not exist yet."""
        quote = schema_editor.quote_name
        field = model._meta.get_field(self.field)
        parent = field.related_model
        schema_editor.deferred_sql.append(
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)}"
            f" FOREIGN KEY (organization_id, {quote(field.column)})"  # type: ignore[union-attr,arg-type]
            f" REFERENCES {quote(parent._meta.db_table)} (organization_id, id)"  # type: ignore[union-attr]
            " DEFERRABLE INITIALLY DEFERRED"
        )

    def remove_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> str:
        """The ALTER TABLE that drops the key."""
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = "default",
    ) -> None:
        """Answers like a missing row, so that a form tells nothing about strangers."""
        if exclude and self.field in exclude:
            return
        other = getattr(instance, self.field, None)
        if other is not None and other.organization_id != instance.organization_id:  # type: ignore[attr-defined]
            raise ValidationError({self.field: "Not found."})


def owned_constraints(table: str, *references: str) -> list[models.BaseConstraint]:
    """What every owned table promises: its owner in both keys, and each named reference within the
    owner.
    """
    return [
        models.UniqueConstraint(
            fields=["organization", "id"], name=f"{table}_unique_id_in_organization"
        ),
        models.UniqueConstraint(
            fields=["organization", "public_id"], name=f"{table}_unique_public_id_in_organization"
        ),
        *(
            SameOrganization(field=reference, name=f"{table}_{reference}_same_organization")
            for reference in references
        ),
    ]
