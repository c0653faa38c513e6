"""Adding many rows of an owned table with one statement.

Django's bulk_create makes an object, a check and a literal of every single value, which was most of
the time of an import. Here the rows travel as one JSON text that PostgreSQL takes apart. (COPY is
no way: row-level security refuses it.) The statement is an ordinary INSERT of the ordinary role, so
policies, constraints and the types of the columns judge every row as they always do.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.utils import timezone

from ascora.tenancy.models import OwnedModel

Columns = Mapping[str, object]

_NEW_ID = "gen_random_uuid()"


def reserved_keys(model: type[OwnedModel], count: int) -> list[int]:
    """So many primary keys that nobody else will get, in ascending order."""
    statement = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
    key = model._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(statement, [f'"{model._meta.db_table}"', key.column, count])
        return sorted(row[0] for row in cursor.fetchall())


def insert_rows(
    model: type[OwnedModel],
    *,
    organization_id: uuid.UUID,
    rows: Sequence[Columns],
    same: Columns | None = None,
    skips_known: bool = False,
) -> None:
    """Add these rows of one organization, in their order.

    Columns are named by their fields' attnames; every row names those that the first one names.
    `same` are the columns that have one value in all rows. A column that neither names has the
    field's default (one time and one day for all rows, a new UUID for each). With `skips_known` a
    row that meets a unique constraint is left out, otherwise it raises IntegrityError.
    """
    if not rows:
        return
    told = {"organization_id": organization_id} | dict(same or {})
    named, values, params = _given(model, rows[0], told)
    table = connection.ops.quote_name(model._meta.db_table)
    kinds = ", ".join(
        f"{_quoted(field)} {field.db_type(connection)}"
        for field in model._meta.local_concrete_fields
        if field.attname in rows[0]
    )
    ending = " ON CONFLICT DO NOTHING" if skips_known else ""
    statement = (
        f"INSERT INTO {table} ({', '.join(named)}) SELECT {', '.join(values)}"  # noqa: S608
        f" FROM json_to_recordset(%s) AS made ({kinds}){ending}"
    )
    text = json.dumps(rows, ensure_ascii=False, allow_nan=False, default=_exact)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, text])


def _given(
    model: type[OwnedModel], first: Columns, told: Columns
) -> tuple[list[str], list[str], list[Any]]:
    """Names of the columns, what each is in SQL, and the parameters of that."""
    named: list[str] = []
    values: list[str] = []
    params: list[Any] = []
    for field in model._meta.local_concrete_fields:
        is_in_rows, is_told = field.attname in first, field.attname in told
        if not (is_in_rows or is_told) and (field.primary_key or field.has_db_default()):
            continue
        named.append(_quoted(field))
        if is_in_rows:
            values.append(f"made.{_quoted(field)}")
        elif not is_told and field.default is uuid.uuid4:
            values.append(_NEW_ID)
        else:
            value = told[field.attname] if is_told else _default(field)
            values.append("%s")
            params.append(field.get_db_prep_save(value, connection))
    return named, values, params


def _default(field: "models.Field[object, object]") -> object:
    """As saving a new object would have it."""
    is_now = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return timezone.now() if is_now else field.get_default()


def _quoted(field: "models.Field[object, object]") -> str:
    return connection.ops.quote_name(str(field.column))


def _exact(value: object) -> str:
    """What JSON has no word for, as PostgreSQL reads it without loss."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} is no value of a column")
