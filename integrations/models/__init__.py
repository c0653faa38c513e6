"""The connection, its settings, links between documents of both sides, and what was said between
them.
"""

from integrations.models.batches import BatchState, PushBatch
from integrations.models.connections import (
    AccountingSettings,
    Connection,
    ConnectionState,
    InvoiceReference,
)
from integrations.models.file_imports import (
    AT_WORK,
    FileColumns,
    FileImport,
    FileImportRow,
    FileImportState,
    FileKind,
    Verdict,
)
from integrations.models.imports import ImportOutcome, ImportRow, ImportRun, ImportState
from integrations.models.paid_parts import PaidPart
from integrations.models.sync import (
    Direction,
    MonthOfReads,
    Outcome,
    PullCursor,
    ReadMeter,
    RemoteLink,
    SyncAttempt,
    WebhookHint,
)

__all__ = [
    "AT_WORK",
    "AccountingSettings",
    "BatchState",
    "Connection",
    "ConnectionState",
    "Direction",
    "FileColumns",
    "FileImport",
    "FileImportRow",
    "FileImportState",
    "FileKind",
    "ImportOutcome",
    "ImportRow",
    "ImportRun",
    "ImportState",
    "InvoiceReference",
    "MonthOfReads",
    "Outcome",
    "PaidPart",
    "PullCursor",
    "PushBatch",
    "ReadMeter",
    "RemoteLink",
    "SyncAttempt",
    "Verdict",
    "WebhookHint",
]
