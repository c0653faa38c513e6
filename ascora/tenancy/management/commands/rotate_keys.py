"""`manage.py rotate_keys`: seal every sealed value again under the newest key. May be run again."""

from typing import Any

from django.core.management.base import BaseCommand

from ascora.tenancy.rotation import rotate_columns, rotate_factors
from ascora.tenancy.sealing import newest_key_id


class Command(BaseCommand):
    """Reports how many values each key had sealed."""

    help = "Seal every sealed column again under the newest of FIELD_ENCRYPTION_KEYS."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Workers may go on meanwhile: they hold both keys."""
        newest = newest_key_id()
        found = rotate_columns() + rotate_factors()
        for (column, key_id), count in sorted(found.items()):
            outcome = "already newest" if key_id == newest else f"sealed again with {newest}"
            self.stdout.write(f"{column}: {count} with {key_id}, {outcome}")
        if not found:
            self.stdout.write("Nothing is sealed.")
