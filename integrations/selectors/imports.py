"""Runs of the customer import."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from ascora.tenancy.models import Organization
from ascora.tenancy.owned import OwnedQuerySet
from integrations.models import ImportRun


def import_runs_for(organization: Organization) -> OwnedQuerySet[ImportRun]:
    """All runs, the newest first."""
    return ImportRun.objects.owned_by(organization).order_by("-started_at", "-pk")


def import_run_for(organization: Organization, public_id: UUID) -> ImportRun:
    """One run, or 404."""
    return get_object_or_404(import_runs_for(organization), public_id=public_id)
