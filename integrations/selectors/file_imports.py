"""Reading imports from files."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Count
from django.shortcuts import get_object_or_404

from ascora.tenancy.models import Organization
from ascora.tenancy.owned import OwnedQuerySet
from integrations.models import FileImport, FileImportRow, Verdict
from integrations.models.file_imports import FileImportRowQuerySet

SAMPLES = 3


def file_imports_for(organization: Organization) -> OwnedQuerySet[FileImport]:
    """Every run, the newest first."""
    return FileImport.objects.owned_by(organization).select_related("started_by")


def file_import_for(organization: Organization, public_id: UUID) -> FileImport:
    """One run, or 404."""
    rows = file_imports_for(organization).select_related("organization", "started_by")
    return get_object_or_404(rows, public_id=public_id)


def rows_of(run: FileImport) -> FileImportRowQuerySet:
    """The rows of a run in the order of the file."""
    found: FileImportRowQuerySet = FileImportRow.objects.filter(organization=run.organization)
    return found.filter(run=run)


def samples_of(run: FileImport) -> list[list[str]]:
    """The first cells of each column, so that a person recognises it."""
    cells = list(rows_of(run).values_list("cells", flat=True)[:SAMPLES])
    return [[row[column] for row in cells] for column in range(len(run.headers))]


def verdicts_of(run: FileImport) -> Mapping[str, int]:
    """How many rows add, change, say nothing new, or are left out."""
    rows = rows_of(run).order_by().values_list("verdict").annotate(count=Count("pk"))
    counts = dict(rows)
    return {verdict.name.lower(): counts.get(verdict, 0) for verdict in Verdict}


def rows_judged(rows: FileImportRowQuerySet, verdict: str) -> FileImportRowQuerySet:
    """The rows of one verdict."""
    return rows.filter(verdict=verdict)


def refused_rows_of(run: FileImport) -> FileImportRowQuerySet:
    """The rows that were left out."""
    return rows_judged(rows_of(run), Verdict.REFUSED)
