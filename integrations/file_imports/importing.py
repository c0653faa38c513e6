"""Carry out what the rows of a file would do, and take it back. A row that fails stays with its
reason and stops no other.
"""

from collections.abc import Callable, Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from ascora.outbox.selectors import is_known_to_books
from ascora.tenancy.models import OwnedModel
from integrations.file_imports.columns import values_of
from integrations.file_imports.kinds import KINDS, Importable
from integrations.models import FileImport, FileImportRow, Verdict
from inventory.services import SupplierIsOwed
from jobs.services import CustomerOwes

_LONGEST_REASON = 1000
_FIELDS = ("verdict", "reason", "changes", "undo", "object_pk")


def import_rows(run: FileImport, rows: Sequence[FileImportRow]) -> None:
    """Add and change what a slice of rows says."""
    wanted = [row for row in rows if row.verdict in {Verdict.ADD, Verdict.CHANGE}]
    _each(run, wanted, _import)


def undo_rows(run: FileImport, rows: Sequence[FileImportRow]) -> None:
    """Remove what was added where nothing uses it (else archive it), and give changed fields their
    old values where nobody has changed them since.
    """
    done = [row for row in rows if row.object_pk is not None]
    _each(run, done, _undo)


def _each(
    run: FileImport,
    rows: Sequence[FileImportRow],
    act: Callable[[Importable, FileImport, FileImportRow], None],
) -> None:
    kind = KINDS[run.kind]
    for row in rows:
        try:
            with transaction.atomic():
                act(kind, run, row)
        except ValidationError as error:
            _leave_out(row, " ".join(error.messages))
        except IntegrityError:
            _leave_out(row, "Somebody has added or changed the same one meanwhile.")
    FileImportRow.objects.owned_by(run.organization).bulk_update(rows, _FIELDS)


def _leave_out(row: FileImportRow, reason: str) -> None:
    if row.object_pk is None:
        row.verdict = Verdict.REFUSED
    row.reason = reason[:_LONGEST_REASON]


def _import(kind: Importable, run: FileImport, row: FileImportRow) -> None:
    """As things stand now: what somebody added since the look-through is changed, not doubled."""
    values, _ = values_of(kind.fields, run.mapping, row.cells)
    existing = kind.find(run.organization, [row.key]).get(row.key)
    resolved = kind.resolve(run.organization, values, run.started_by)
    if existing is None:
        made = kind.add(run.organization, resolved, run.started_by)
        row.verdict, row.object_pk = Verdict.ADD, made.pk
        return
    changes = kind.changes(existing, values)
    if not changes:
        row.verdict = Verdict.SAME
        return
    wanted = {name: resolved[name] for name in changes}
    kind.change(existing, wanted, run.started_by)
    row.verdict, row.object_pk = Verdict.CHANGE, existing.pk
    row.undo = {name: list(pair) for name, pair in changes.items()}


def _undo(kind: Importable, run: FileImport, row: FileImportRow) -> None:
    document = kind.by_pk(run.organization, row.object_pk)
    if document is None:
        row.reason = "It is gone already."
    elif row.verdict == Verdict.ADD:
        _take_away(kind, run, row, document)
    else:
        _change_back(kind, run, row, document)
    if not row.reason:
        row.object_pk = None


def _take_away(kind: Importable, run: FileImport, row: FileImportRow, document: OwnedModel) -> None:
    try:
        if not is_known_to_books(document):
            with transaction.atomic():
                document.delete()
            return
    except ProtectedError:
        pass
    try:
        kind.archive(document, run.started_by)
    except (CustomerOwes, SupplierIsOwed):
        row.reason = "Kept: it has open invoices."
    else:
        row.reason = "It is in use, so it was archived."


def _change_back(
    kind: Importable, run: FileImport, row: FileImportRow, document: OwnedModel
) -> None:
    fields = {field.name: field for field in kind.fields}
    same = {
        name: before
        for name, (before, after) in row.undo.items()
        if kind.shown(document, name) == after
    }
    read = {name: fields[name].read(text) if text else "" for name, text in same.items()}
    filled = kind.resolve(
        run.organization, {name: value for name, value in read.items() if value != ""}, None
    )
    empty = {name: kind.nothing(name) for name, value in read.items() if value == ""}
    kind.change(document, filled | empty, run.started_by)
    kept = [fields[name].label for name in row.undo if name not in same]
    if kept:
        row.reason = f"Changed by somebody since, kept: {', '.join(kept)}."
