"""The third wall: row-level security. Unset means no rows, for everyone including the table's
owner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

if TYPE_CHECKING:
    from ascora.tenancy.models import Organization, User

_ORGANIZATION = "ascora.organization"
_PERSON = "ascora.person"
_EVERYONE = "ascora.everyone"

_IS_EVERYONE = f"current_setting('{_EVERYONE}', true) = 'on'"
_CURRENT_ORGANIZATION = f"nullif(current_setting('{_ORGANIZATION}', true), '')::uuid"
_CURRENT_PERSON = f"nullif(current_setting('{_PERSON}', true), '')::bigint"

_MEMBERSHIPS = f"SELECT organization_id FROM tenancy_membership WHERE user_id = {_CURRENT_PERSON}"  # noqa: S608

OWNED = f"organization_id = {_CURRENT_ORGANIZATION} OR {_IS_EVERYONE}"
MEMBERSHIP = f"{OWNED} OR user_id = {_CURRENT_PERSON}"
# Reading one's own memberships needs no organization; writing them does.
ORGANIZATION_ITSELF = f"id = {_CURRENT_ORGANIZATION} OR {_IS_EVERYONE}"
OWN_MEMBERSHIPS = f"user_id = {_CURRENT_PERSON}"
OWN_ORGANIZATIONS = f"id IN ({_MEMBERSHIPS})"
ORGANIZATION = f"{ORGANIZATION_ITSELF} OR {OWN_ORGANIZATIONS}"


@contextmanager
def _setting(name: str, value: str) -> Iterator[None]:
    """Set for this transaction only (safe behind a pooler, gone after an error), restored when
    nested: otherwise its end does that.
    """
    is_nested = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting(%s, true), set_config(%s, %s, true)", [name, name, value]
            )
            before = cursor.fetchone()[0] or ""
        yield
        if not is_nested:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [name, before])


@contextmanager
def acting_for(organization: "Organization | UUID") -> Iterator[None]:
    """A transaction in which the database shows and accepts this organization's rows only."""
    pk = organization if isinstance(organization, UUID) else organization.pk
    with _setting(_ORGANIZATION, str(pk)):
        yield


@contextmanager
def acting_as(person: "User") -> Iterator[None]:
    """A transaction in which a person's own memberships and organizations are visible."""
    with _setting(_PERSON, str(person.pk)):
        yield


@contextmanager
def acting_for_everyone() -> Iterator[None]:
    """A transaction that sees all organizations. Its few callers are listed in tests/house."""
    with _setting(_EVERYONE, "on"):
        yield


class RowLevelSecurity(Operation):
    """Migration operation: force a policy on a table, for reading and for writing."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, condition: str = OWNED) -> None:
        self.model_name = model_name
        self.condition = condition

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For the migration writer."""
        return self.__class__.__name__, [self.model_name, self.condition], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models do not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Enable, force and declare the policy."""
        table = schema_editor.quote_name(
            to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        )
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        schema_editor.execute(
            f"CREATE POLICY owner_only ON {table}"
            f" USING ({self.condition}) WITH CHECK ({self.condition})"
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the policy and the wall."""
        table = schema_editor.quote_name(
            from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        )
        schema_editor.execute(f"DROP POLICY owner_only ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        """One line for `migrate`."""
        return f"Force row-level security on {self.model_name}"


def only_added_to(table: str) -> list[str]:
    """SQL: beside the table's policy, no row is changed (refused) and none deleted (not found)."""
    return [
        f"CREATE POLICY never_changed ON {table} AS RESTRICTIVE FOR UPDATE"
        " USING (true) WITH CHECK (false)",
        f"CREATE POLICY never_deleted ON {table} AS RESTRICTIVE FOR DELETE USING (false)",
    ]


def changed_again(table: str) -> list[str]:
    """SQL that undoes only_added_to."""
    return [f"DROP POLICY never_changed ON {table}", f"DROP POLICY never_deleted ON {table}"]


def narrow_policy(table: str, *, to: str, reading_also: str) -> list[str]:
    """SQL: the table's policy becomes `to`; beside it rows may be read, not written, by another."""
    return [
        f"ALTER POLICY owner_only ON {table} USING ({to}) WITH CHECK ({to})",
        f"CREATE POLICY own_reading ON {table} FOR SELECT USING ({reading_also})",
    ]


def widen_policy(table: str, *, to: str) -> list[str]:
    """SQL that undoes narrow_policy."""
    return [
        f"DROP POLICY own_reading ON {table}",
        f"ALTER POLICY owner_only ON {table} USING ({to}) WITH CHECK ({to})",
    ]
