"""What needs attention, what waits, what is done; and the log of what both sides said."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from ascora.common.listing import Filter, Listing
from ascora.tenancy.decorators import MemberRequest, members_only
from ascora.tenancy.models import Organization
from integrations import accounting
from integrations.repairs import NotPossible, try_again_entry
from integrations.selectors import (
    attempts_for,
    live_connection_for,
    sync_counts_for,
    sync_entries_for,
    sync_entry_for,
    with_documents,
)
from integrations.selectors.narrowing import about, going, of_kind, that_ended
from integrations.selectors.reads import reads_for
from integrations.tasks import ring_for_outbox

STATES = [("held", "Needs attention"), ("waiting", "Waiting"), ("done", "Done")]
KINDS = [
    ("", "All documents"),
    ("jobs.customer", "Customers"),
    ("inventory.supplier", "Suppliers"),
    ("inventory.supplierinvoice", "Supplier invoices"),
    ("jobs.expense", "Expenses"),
    ("payments.invoice", "Invoices"),
    ("payments.creditnote", "Credit notes"),
    ("payments.creditapplication", "Credit notes, used"),
    ("payments.refund", "Refunds"),
    ("payments.payment", "Payments"),
    ("attachments.attachment", "Files"),
    ("chart.ledgeraccount", "Account codes"),
]
WAYS = [("", "Both"), ("push", "Sent"), ("pull", "Read")]
OUTCOMES = [
    ("", "All"),
    ("done", "Done"),
    ("failed", "Refused"),
    ("unknown", "No certain answer"),
    ("adopted", "Found there"),
    ("not_sent", "Not sent"),
]


@members_only
@require_GET
def sync_centre(request: MemberRequest) -> HttpResponse:
    """The queue, one of its three lists at a time."""
    state = request.GET.get("state", "held")
    state = state if state in dict(STATES) else "held"
    listing = Listing(
        request,
        sync_entries_for(request.organization, state=state),
        filters=[
            Filter("state", "Show", STATES, lambda rows, _: rows, default="held"),
            Filter("kind", "Documents", KINDS, of_kind),
        ],
        sorts={"recorded": "recorded_at"},
        default_sort="-recorded",
    )
    context = {
        "listing": listing,
        "placed": with_documents(request.organization, listing.rows),
        "state": state,
        "counts": sync_counts_for(request.organization),
        **_of_connection(request.organization),
    }
    return render(request, "integrations/sync_centre.html", context)


def _of_connection(organization: Organization) -> dict[str, object]:
    """What the page tells of the connection; nothing where there is none."""
    connection = live_connection_for(organization)
    if connection is None:
        return {}
    return {
        "connection": connection,
        "troubles": accounting.troubles_of(accounting.settings_for(connection)),
        "reads": reads_for(organization, connection),
    }


@members_only
@require_GET
def sync_log(request: MemberRequest) -> HttpResponse:
    """Everything that was sent and read, the newest first, in words."""
    listing = Listing(
        request,
        attempts_for(request.organization),
        search=about,
        filters=[
            Filter("way", "Way", WAYS, going),
            Filter("outcome", "What came of it", OUTCOMES, that_ended),
        ],
        sorts={"when": "sent_at"},
        default_sort="-when",
    )
    return render(request, "integrations/sync_log.html", {"listing": listing})


@members_only
@require_POST
def entry_retry(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Try again, from the list."""
    entry = sync_entry_for(request.organization, public_id)
    pk = request.organization.pk.hex
    try:
        messages.success(request, try_again_entry(entry=entry))
        transaction.on_commit(lambda: ring_for_outbox(pk, somebody_waits=True))
    except NotPossible as error:
        messages.warning(request, str(error))
    return redirect("integrations:sync_centre")
