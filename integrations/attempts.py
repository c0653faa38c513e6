"""The sync log: what was sent or read, when, and what came of it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models.functions import Now

from ascora.health.lines import about
from ascora.outbox.models import OutboxEntry
from ascora.tenancy.models import OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from integrations.contracts import RemoteRef
from integrations.links import label_of
from integrations.models import Connection, Direction, Outcome, PushBatch, SyncAttempt

logger = logging.getLogger(__name__)

# After one of these the books certainly answered for a request id.
CERTAIN = (Outcome.DONE, Outcome.ADOPTED, Outcome.FAILED)
UNCERTAIN = (Outcome.SENDING, Outcome.UNKNOWN)
# The fault of a create that met the name of a supplier or an employee.
NAME_TAKEN = "name_taken"
_TITLE = 200


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be sent, frozen. `answer` holds what is needed to look for it again."""

    operation: str
    version: int
    request_id: str = ""
    payload: str = ""
    kind: str = ""
    remote_id: str = ""
    answer: Mapping[str, object] = field(default_factory=dict)


def title_of(document: OwnedModel) -> str:
    """How a person calls this document."""
    noun, name = str(document._meta.verbose_name).capitalize(), str(document)
    return (name if name.startswith(noun) else f"{noun} {name}")[:_TITLE]


def attempts_of(connection: Connection) -> OwnedQuerySet[SyncAttempt]:
    """The whole log of a connection."""
    return SyncAttempt.objects.owned_by(connection.organization).filter(connection=connection)


def begin(
    connection: Connection, entry: OutboxEntry, document: OwnedModel, intent: Intent
) -> SyncAttempt:
    """Write down what will be sent. It must be committed before anything goes over the wire."""
    attempt = _about(connection, entry, document, intent)
    attempt.save(force_insert=True)
    attempt.refresh_from_db(fields=["sent_at"])
    logger.info("about to be sent", extra=_told_of(attempt))
    return attempt


def begin_batch(
    connection: Connection,
    batch: PushBatch,
    wanted: Sequence[tuple[OutboxEntry, OwnedModel, Intent]],
) -> list[SyncAttempt]:
    """Write down what will be sent together, in this order. It must be committed first, too."""
    begun = []
    for entry, document, intent in wanted:
        attempt = _about(connection, entry, document, intent)
        attempt.batch, attempt.sent_at = batch, batch.sent_at
        begun.append(attempt)
    SyncAttempt.objects.bulk_create(begun)
    for attempt in begun:
        logger.info("about to be sent", extra=_told_of(attempt))
    return begun


def _about(
    connection: Connection, entry: OutboxEntry, document: OwnedModel, intent: Intent
) -> SyncAttempt:
    return SyncAttempt(
        organization=connection.organization,
        connection=connection,
        entry=entry,
        direction=Direction.PUSH,
        label=entry.label,
        object_pk=entry.object_pk,
        title=title_of(document),
        operation=intent.operation,
        kind=intent.kind,
        remote_id=intent.remote_id,
        entry_version=intent.version,
        request_id=intent.request_id,
        payload=intent.payload,
        answer=dict(intent.answer),
    )


def finish(
    attempt: SyncAttempt,
    outcome: Outcome,
    *,
    message: str = "",
    trace_id: str = "",
    fault: str = "",
    ref: RemoteRef | None = None,
) -> None:
    """Write down what came of it."""
    attempt.outcome, attempt.message, attempt.finished_at = outcome, message, Now()
    attempt.trace_id = trace_id[:100] or attempt.trace_id
    attempt.fault = fault[:40]
    if ref is not None:
        attempt.kind, attempt.remote_id = ref.kind, ref.id
    attempt.save(
        update_fields=[
            "outcome", "message", "finished_at", "trace_id", "fault", "kind", "remote_id",
        ]
    )  # fmt: skip
    logger.info("came of it", extra=_told_of(attempt))


def note_read(
    connection: Connection,
    document: OwnedModel | None,
    ref: RemoteRef,
    *,
    message: str,
    trace_id: str = "",
    outcome: Outcome = Outcome.DONE,
) -> SyncAttempt:
    """Write down what a reading of the books brought, for the document's page."""
    attempt = SyncAttempt.objects.create(
        organization=connection.organization,
        connection=connection,
        direction=Direction.PULL,
        label=label_of(document) if document else "",
        object_pk=document.pk if document else None,
        title=title_of(document) if document else f"{ref.kind} {ref.id}".capitalize(),
        operation="read",
        kind=ref.kind,
        remote_id=ref.id,
        outcome=outcome,
        message=message,
        trace_id=trace_id[:100],
        finished_at=Now(),
    )
    logger.info("read there", extra=_told_of(attempt))
    return attempt


def _told_of(attempt: SyncAttempt) -> dict[str, object]:
    return about(
        attempt,
        connection=attempt.connection_id,
        attempt=attempt.pk,
        direction=attempt.direction,
        operation=attempt.operation,
        kind=attempt.kind,
        outcome=attempt.outcome,
        error=attempt.fault,
        intuit_tid=attempt.trace_id,
    )


def unresolved_create(connection: Connection, entry: OutboxEntry) -> SyncAttempt | None:
    """The newest create of this entry whose outcome nobody knows, or None when all are known.

    A certain answer to a later request under the same id settles the earlier ones; "certainly not
    sent" does not.
    """
    creates = attempts_of(connection).filter(entry=entry, operation="create").order_by("-pk")
    last = creates.filter(outcome__in=UNCERTAIN).select_related("batch").first()
    if last is None:
        return None
    settled = creates.filter(request_id=last.request_id, pk__gt=last.pk, outcome__in=CERTAIN)
    return None if settled.exists() else last


def uncertain_since(attempt: SyncAttempt) -> datetime | None:
    """When the first create of the same entry was sent before this one, that was not answered."""
    creates = attempts_of(attempt.connection).filter(entry=attempt.entry_id, operation="create")
    unknown = creates.filter(outcome__in=UNCERTAIN, pk__lt=attempt.pk).order_by("pk")
    return unknown.values_list("sent_at", flat=True).first()


def unresolved_in(batch: PushBatch) -> list[SyncAttempt]:
    """By document, the newest sending in this batch whose outcome nobody knows."""
    doubtful: dict[int | None, SyncAttempt] = {}
    rows = SyncAttempt.objects.owned_by(batch.organization).filter(batch=batch)
    for attempt in rows.order_by("pk"):
        if attempt.outcome in UNCERTAIN:
            doubtful[attempt.entry_id] = attempt
        elif attempt.outcome in CERTAIN:
            doubtful.pop(attempt.entry_id, None)
    return list(doubtful.values())


def is_in_doubt(connection: Connection, document: OwnedModel) -> bool:
    """The newest sending of this document has no certain outcome yet: what stands there may be
    ours.
    """
    sent = attempts_of(connection).filter(
        direction=Direction.PUSH, label=label_of(document), object_pk=document.pk
    )
    last = sent.order_by("-pk").first()
    return last is not None and last.outcome in UNCERTAIN


def last_create(
    connection: Connection, entry: OutboxEntry, *, request_id: str
) -> SyncAttempt | None:
    """The newest create under this request id."""
    creates = attempts_of(connection).filter(entry=entry, operation="create")
    return creates.filter(request_id=request_id).order_by("-pk").first()


def is_name_taken(connection: Connection, entry: OutboxEntry) -> bool:
    """A name of another kind is the same in the books."""
    failed = attempts_of(connection).filter(entry=entry, operation="create", fault=NAME_TAKEN)
    return failed.exists()


def last_success(connection: Connection) -> datetime | None:
    """When something last went well."""
    done = attempts_of(connection).filter(outcome__in=(Outcome.DONE, Outcome.ADOPTED))
    return done.order_by("-sent_at").values_list("sent_at", flat=True).first()
