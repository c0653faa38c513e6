"""The change log: who changed settings, users and the connection, from what to what, and who took
files out. Only added to.

Services write into it in their own transaction; `noting` compares a row before and after.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from ascora.tenancy.models import Area, AuditEvent, Organization, User

LONGEST = 2000


def note_event(
    organization: Organization,
    *,
    area: Area,
    subject: str,
    what: str,
    by: User | None,
    words: tuple[str, str] = ("", ""),
) -> AuditEvent:
    """One line; `words` are what it was before and what it is now."""
    before, after = words
    return AuditEvent.objects.create(
        organization=organization,
        area=area,
        subject=subject[:200],
        what=what[:200],
        before=before[:LONGEST],
        after=after[:LONGEST],
        by=by,
    )


def note_file(
    organization: Organization, *, subject: str, form: str, rows: int, by: User | None
) -> AuditEvent:
    """Somebody takes `rows` rows out as a file of this form (csv or xlsx)."""
    kind = {"csv": "CSV file", "xlsx": "workbook"}[form]
    return note_event(
        organization,
        area=Area.FILES,
        subject=subject,
        what=f"Taken out as a {kind}",
        by=by,
        words=("", f"{rows:,} {'row' if rows == 1 else 'rows'}"),
    )


@contextmanager
def noting(
    row: models.Model,
    names: Mapping[str, str],
    *,
    organization: Organization,
    subject: str,
    by: User | None,
    area: Area = Area.SETTINGS,
) -> Iterator[None]:
    """Around the change of a row: one line for each field of `names` that reads otherwise after."""
    before = {} if row._state.adding else _words(row, names)
    yield
    after = _words(row, names)
    for field, name in names.items():
        old, new = before.get(field, ""), after[field]
        if old != new:
            note_event(organization, area=area, subject=subject, what=name, by=by, words=(old, new))


def _words(row: models.Model, names: Iterable[str]) -> dict[str, str]:
    return {field: said(row, field, _plain(getattr(row, field))) for field in names}


def _plain(value: object) -> object:
    """12.5, whether it was typed or read back as 12.5000."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def said(row: models.Model, field: str, value: object) -> str:
    """A value of a field as a person reads it: a choice by its label, yes and no, or nothing."""
    try:
        choices = getattr(row._meta.get_field(field), "flatchoices", ())
    except FieldDoesNotExist:
        choices = ()
    value = dict(choices).get(value, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
