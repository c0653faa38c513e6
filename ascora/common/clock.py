"""The database's clock: no decision about waiting is made by a worker's own."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The time on the database's clock, at this moment and not at the transaction's beginning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
