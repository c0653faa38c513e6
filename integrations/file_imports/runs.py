"""A run from the file to the last row, and back. The rows are handled in slices; each slice and
how far it came are one transaction, so that a worker that dies loses and doubles nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from django.db import transaction
from django.utils import timezone

from ascora.tenancy.models import Organization, User
from ascora.tenancy.rls import acting_for
from integrations.file_imports.checking import check
from integrations.file_imports.columns import guessed
from integrations.file_imports.importing import import_rows, undo_rows
from integrations.file_imports.kinds import KINDS
from integrations.file_imports.reading import folded, sheet_of
from integrations.models import (
    AT_WORK,
    FileColumns,
    FileImport,
    FileImportRow,
    FileImportState,
)

SLICE = 200
_LONGEST_FILE_NAME = 200

_WORK: dict[str, Callable[[FileImport, Sequence[FileImportRow]], None]] = {
    FileImportState.CHECKING: check,
    FileImportState.RUNNING: import_rows,
    FileImportState.UNDOING: undo_rows,
}
_AFTER = {
    FileImportState.CHECKING: FileImportState.READY,
    FileImportState.RUNNING: FileImportState.DONE,
    FileImportState.UNDOING: FileImportState.UNDONE,
}


@transaction.atomic
def open_file(
    *, organization: Organization, kind: str, file_name: str, content: bytes, by: User | None
) -> FileImport:
    """Keep a file's rows and guess its columns. Raises Unreadable."""
    sheet = sheet_of(content)
    columns = FileColumns.objects.owned_by(organization).filter(kind=kind).first()
    run = FileImport.objects.create(
        organization=organization,
        kind=kind,
        file_name=file_name[:_LONGEST_FILE_NAME],
        headers=sheet.headers,
        mapping=guessed(KINDS[kind].fields, sheet.headers, columns.fields if columns else {}),
        row_count=len(sheet.rows),
        started_by=by,
    )
    FileImportRow.objects.bulk_create(
        (
            FileImportRow(organization=organization, run=run, number=number, cells=cells)
            for number, cells in sheet.rows
        ),
        batch_size=2000,
    )
    return run


@transaction.atomic
def choose_columns(*, run: FileImport, mapping: Mapping[str, int]) -> FileImport:
    """Fill fields from these columns (from 0), remember the choice, and look through the file."""
    run = _locked(run)
    if run.state in {FileImportState.MAPPING, FileImportState.READY}:
        run.mapping = dict(mapping)
        _begin(run, FileImportState.CHECKING)
        names = folded(run.headers)
        FileColumns.objects.owned_by(run.organization).update_or_create(
            organization=run.organization,
            kind=run.kind,
            defaults={"fields": {names[column]: field for field, column in mapping.items()}},
        )
    return run


@transaction.atomic
def begin_import(*, run: FileImport) -> FileImport:
    """Import what was looked through. Pressed twice it begins once."""
    run = _locked(run)
    if run.state == FileImportState.READY:
        _begin(run, FileImportState.RUNNING)
    return run


@transaction.atomic
def begin_undo(*, run: FileImport) -> FileImport:
    """Take an import back. Pressed twice it begins once."""
    run = _locked(run)
    if run.state == FileImportState.DONE:
        _begin(run, FileImportState.UNDOING)
    return run


def work(organization: Organization) -> bool:
    """Handle one slice of the oldest run at work. True: there is more. May be called by any number
    of workers at once.
    """
    with acting_for(organization):
        runs = FileImport.objects.owned_by(organization).filter(state__in=AT_WORK)
        run = runs.order_by("pk").select_for_update(skip_locked=True, of=("self",)).first()
        if run is None:
            return False
        rows = list(
            FileImportRow.objects.owned_by(organization)
            .filter(run=run)
            .select_related("organization")
            .order_by("number")[run.position : run.position + SLICE]
        )
        if rows:
            _WORK[run.state](run, rows)
        run.position += len(rows)
        if run.position >= run.row_count:
            run.state, run.position = _AFTER[cast("FileImportState", run.state)], 0
            run.finished_at = timezone.now()
        run.save(update_fields=["state", "position", "finished_at"])
        return run.is_at_work or runs.exclude(pk=run.pk).exists()


def _begin(run: FileImport, state: FileImportState) -> None:
    run.state, run.position, run.finished_at = state, 0, None
    run.save(update_fields=["state", "position", "finished_at", "mapping"])


def _locked(run: FileImport) -> FileImport:
    rows = FileImport.objects.owned_by(run.organization).select_related("organization")
    return rows.select_for_update(of=("self",)).get(pk=run.pk)
