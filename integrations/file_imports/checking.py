"""What each row of a file would do: add, change, nothing, or be left out and why. Writes only to
the rows of the run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ascora.tenancy.models import OwnedModel
from integrations.file_imports.columns import values_of
from integrations.file_imports.kinds import KINDS, Importable
from integrations.file_imports.kinds.importable import Values
from integrations.models import FileImport, FileImportRow, Verdict

_LONGEST_REASON = 1000
_LONGEST_KEY = 300


@dataclass(frozen=True, slots=True)
class Looked:
    """What a row says, what is wrong with it, and the row of ours that it means."""

    values: Values
    faults: Sequence[str]
    existing: OwnedModel | None


def check(run: FileImport, rows: Sequence[FileImportRow]) -> None:
    """Look at a slice of rows, in the order of the file."""
    kind = KINDS[run.kind]
    read = [values_of(kind.fields, run.mapping, row.cells) for row in rows]
    for row, (values, _) in zip(rows, read, strict=True):
        row.key = kind.key(values)[:_LONGEST_KEY]
        row.name = kind.name(values)[:_LONGEST_KEY]
    existing = kind.find(run.organization, {row.key for row in rows})
    earlier = _earlier(run, rows)
    for row, (values, faults) in zip(rows, read, strict=True):
        twin = earlier.get(row.key)
        doubled = [f"the same one stands in row {twin} already"] if twin else []
        _judge(kind, row, Looked(values, [*faults, *doubled], existing.get(row.key)))
        if row.verdict != Verdict.REFUSED:
            earlier[row.key] = row.number
    FileImportRow.objects.owned_by(run.organization).bulk_update(
        rows, ["key", "name", "verdict", "reason", "changes"]
    )


def _judge(kind: Importable, row: FileImportRow, looked: Looked) -> None:
    row.changes, row.reason = {}, ""
    faults = looked.faults or kind.refuse(row.organization, looked.values, looked.existing)
    if faults:
        row.verdict, row.reason = Verdict.REFUSED, _sentence(faults)
        return
    if looked.existing is None:
        row.verdict = Verdict.ADD
        return
    labels = {field.name: field.label for field in kind.fields}
    changes = kind.changes(looked.existing, looked.values)
    row.verdict = Verdict.CHANGE if changes else Verdict.SAME
    row.changes = {labels[name]: list(pair) for name, pair in changes.items()}


def _sentence(faults: Sequence[str]) -> str:
    together = "; ".join(faults)
    return (together[:1].upper() + together[1:])[:_LONGEST_REASON]


def _earlier(run: FileImport, rows: Sequence[FileImportRow]) -> dict[str, int]:
    """Keys of rows further up in the file that are not left out, with their numbers."""
    before = FileImportRow.objects.owned_by(run.organization).filter(
        run=run, number__lt=rows[0].number, key__in=[row.key for row in rows]
    )
    return dict(before.exclude(verdict=Verdict.REFUSED).values_list("key", "number"))
