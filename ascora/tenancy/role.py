"""The database role that the application runs as: row-level security must hold for it."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

_QUESTION = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"


def complaint_about_role() -> str | None:
    """What is wrong with the role of this connection, if anything."""
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION)
        name, is_superuser, bypasses = cursor.fetchone()
    if is_superuser:
        return f"The database role {name} is a superuser: it sees every organization's rows."
    if bypasses:
        return f"The database role {name} has BYPASSRLS: it sees every organization's rows."
    return None


def refuse_a_privileged_role() -> None:
    """Called when a web server or a worker starts; leaves no connection open behind it."""
    complaint = complaint_about_role()
    connection.close()
    if complaint:
        raise ImproperlyConfigured(complaint)


@register(Tags.database)
def role_is_ordinary(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """`manage.py check --database default`, and before every `migrate`."""
    complaint = complaint_about_role() if databases else None
    return [Error(complaint, id="tenancy.E001")] if complaint else []
