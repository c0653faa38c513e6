"""Celery at the edge: bells that carry ids only. What is due lives in PostgreSQL and is found
without them.
"""

import logging
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from celery import Task, shared_task
from celery.signals import task_prerun, worker_ready
from django.db import connection
from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Now

from ascora.outbox.models import EntryState, OutboxEntry
from ascora.tenancy.models import Organization, OwnedModel
from ascora.tenancy.owned import OwnedQuerySet
from ascora.tenancy.rls import acting_for, acting_for_everyone
from integrations import customer_import, file_imports
from integrations.bells import ORDINARY, PROMPT, heard, ring
from integrations.models import (
    AT_WORK,
    Connection,
    ConnectionState,
    FileImport,
    ImportRun,
    ImportState,
)
from integrations.pull import pull
from integrations.push import drain
from integrations.reads_alarm import tell_of_reads
from payments.models import Letter
from payments.services import deliver_letters, due_letters

logger = logging.getLogger(__name__)
M = TypeVar("M", bound=OwnedModel)

_SECONDS = 240
_TASK = {"acks_late": True, "expires": 120, "soft_time_limit": _SECONDS, "time_limit": 270}
_MOST_AT_ONCE = 500


@shared_task(**_TASK)  # type: ignore[untyped-decorator]
def drain_outbox(organization_hex: str) -> None:
    """One slice of a business's queue; rings again when more is due."""
    if drain(_organization(organization_hex)).is_more:
        ring_for_outbox(organization_hex)


@shared_task(**_TASK)  # type: ignore[untyped-decorator]
def pull_changes(organization_hex: str) -> None:
    """Read what changed in a business's books."""
    pull(_organization(organization_hex))
    tell_of_reads()


@shared_task(**_TASK)  # type: ignore[untyped-decorator]
def run_import(organization_hex: str) -> None:
    """One slice of a customer import; rings again when more is to be read."""
    if customer_import.run(_organization(organization_hex)):
        ring_for_import(organization_hex)


@shared_task(**_TASK)  # type: ignore[untyped-decorator]
def run_file_import(organization_hex: str) -> None:
    """One slice of an import from a file; rings again while there is more."""
    if file_imports.work(_organization(organization_hex)):
        ring_for_file_import(organization_hex)


@shared_task(**_TASK)  # type: ignore[untyped-decorator]
def send_letters(organization_hex: str) -> None:
    """One slice of a business's letters."""
    deliver_letters(organization=_organization(organization_hex))


@shared_task(**_TASK)  # type: ignore[untyped-decorator]
def look_for_due_work() -> None:
    """The clock: ring for every business with something due, whoever forgot to."""
    for task, organizations in _due_work().items():
        for organization in organizations:
            ring(_TASKS[task], organization.hex)


def ring_for_outbox(organization_hex: str, *, somebody_waits: bool = False) -> None:
    """Wake a worker for this business's queue. Never fails: due work is found without it."""
    ring(drain_outbox, organization_hex, lane=PROMPT if somebody_waits else ORDINARY)


def ring_for_pull(organization_hex: str, *, somebody_waits: bool = False) -> None:
    """Wake a worker to read this business's books."""
    ring(pull_changes, organization_hex, lane=PROMPT if somebody_waits else ORDINARY)


def ring_for_import(organization_hex: str, *, somebody_waits: bool = False) -> None:
    """Wake a worker for this business's import."""
    ring(run_import, organization_hex, lane=PROMPT if somebody_waits else ORDINARY)


def ring_for_file_import(organization_hex: str, *, somebody_waits: bool = False) -> None:
    """Wake a worker for this business's imports from files."""
    ring(run_file_import, organization_hex, lane=PROMPT if somebody_waits else ORDINARY)


def ring_for_mail(organization_hex: str) -> None:
    """Wake a worker to send this business's letters."""
    ring(send_letters, organization_hex)


_TASKS: dict[str, "Task[[str], None]"] = {
    "push": drain_outbox,
    "pull": pull_changes,
    "import": run_import,
    "file": run_file_import,
    "mail": send_letters,
}


@task_prerun.connect  # type: ignore[untyped-decorator]
def take_the_bell_down(task: "Task[..., None]", args: tuple[str, ...], **_: Any) -> None:
    """A bell that is heard waits no more."""
    if args:
        heard(task, args[0])


@worker_ready.connect  # type: ignore[untyped-decorator]
def look_when_ready(**_: Any) -> None:
    """A worker that starts looks for what was due while nobody worked."""
    try:
        look_for_due_work.apply_async(retry=False, queue=PROMPT)
    except Exception as error:  # noqa: BLE001 - the clock looks too
        said = {"error": type(error).__name__}
        logger.warning("the first look for due work waits for the clock", extra=said)


def _organization(organization_hex: str) -> Organization:
    pk = UUID(organization_hex)
    with acting_for(pk):
        return Organization.objects.get(pk=pk)


def _due_work() -> dict[str, list[UUID]]:
    """Ids of businesses with something due, those first that were served longest ago; where the
    books are needed, they may be entered now.
    """
    names, statement, params = _look(_MOST_AT_ONCE)
    with acting_for_everyone(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        return dict(zip(names, cursor.fetchone(), strict=True))


@cache
def _look(most: int) -> tuple[list[str], str, list[Any]]:
    """One statement for all that may be due. Its texts and times are the same at every look (the
    times are the database's), and making them anew took Django longer than looking.
    """
    searches = {name: rows.query.sql_with_params() for name, rows in _searches(most).items()}
    columns = ", ".join(f"ARRAY({sql})" for sql, _ in searches.values())
    params = [each for _, given in searches.values() for each in given]
    return list(searches), f"SELECT {columns}", params


def _searches(most: int) -> "dict[str, QuerySet[Any, Any]]":
    usable = Connection.objects.across_organizations().filter(
        Q(throttled_until=None) | Q(throttled_until__lte=Now()),
        state=ConnectionState.CONNECTED,
        is_set_up=True,
    )
    ids = usable.values("organization_id")
    pushes = usable.filter(organization_id__in=_due_entries().values("organization_id"))
    pulls = usable.filter(
        Q(next_pull_at=None) | Q(next_pull_at__lte=Now()),
        Q(pull_lease_until=None) | Q(pull_lease_until__lt=Now()),
    )
    files = FileImport.objects.across_organizations().filter(state__in=AT_WORK)
    letters = due_letters(letters=Letter.objects.across_organizations())
    imports = _open_imports().filter(organization_id__in=ids)
    return {
        "push": _oldest_first(pushes, "served_at")[:most],
        "pull": _oldest_first(pulls, "next_pull_at")[:most],
        "import": _oldest_first(imports, "started_at")[:most],
        "file": _oldest_first(files, "started_at")[:most],
        "mail": _oldest_first(letters, "run_at")[:most],
    }


def _due_entries() -> OwnedQuerySet[OutboxEntry]:
    return OutboxEntry.objects.across_organizations().filter(
        Q(blocked_by=None) | Q(blocked_by__state=EntryState.DONE),
        Q(lease_until=None) | Q(lease_until__lt=Now()),
        state=EntryState.WAITING,
        run_at__lte=Now(),
    )


def _open_imports() -> OwnedQuerySet[ImportRun]:
    return ImportRun.objects.across_organizations().filter(
        Q(lease_until=None) | Q(lease_until__lt=Now()),
        state__in=[ImportState.WAITING, ImportState.RUNNING],
    )


def _oldest_first(rows: OwnedQuerySet[M], moment: str) -> "QuerySet[Any, Any]":
    waits = rows.values("organization_id").annotate(waits_since=Min(moment))
    in_turn = waits.order_by(F("waits_since").asc(nulls_first=True), "organization_id")
    return in_turn.values_list("organization_id", flat=True)
