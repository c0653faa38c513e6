"""A worker process of its own, for tests that kill it: drains one organization once."""

import os
import sys
from uuid import UUID

os.environ["DJANGO_SETTINGS_MODULE"] = "ascora.settings"

import django

django.setup()

from ascora.tenancy.models import Organization
from ascora.tenancy.rls import acting_for
from integrations import push


def main(organization_hex: str) -> None:
    """What the task does, without Celery."""
    pk = UUID(organization_hex)
    with acting_for(pk):
        organization = Organization.objects.get(pk=pk)
    push.drain(organization)


if __name__ == "__main__":
    main(sys.argv[1])
