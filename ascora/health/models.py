"""A row per worker process, written by its watchdog: installation-wide, no business's data."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Heartbeat(models.Model):
    """One process that works through the queue.

    `seen_at`: it lives. `worked_at`: it last took something up, or was at work. The name is made of
    host and process id, and is shown to nobody. Times are the database's.
    """

    name = models.CharField(max_length=200, primary_key=True)
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    worked_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["seen_at"], name="heartbeat_seen"),
        ]

    def __str__(self) -> str:
        return self.name
