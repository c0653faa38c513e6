"""Where one document stands in the books, on its own page; and what can be pressed about it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from ascora.common.htmx import htmx_of, toast
from ascora.tenancy.decorators import MemberRequest, members_only, without_transaction
from ascora.tenancy.models import Organization, OwnedModel, User
from ascora.tenancy.rls import acting_for
from integrations import repairs
from integrations.repairs import NotPossible
from integrations.selectors import document_for, document_state_for
from integrations.tasks import ring_for_outbox
from payments.models import CreditApplication, CreditNote, Invoice, Payment

LOCAL: dict[str, Callable[..., str]] = {
    "try-again": repairs.try_again,
    "send-now": repairs.send_now,
    "send-too": repairs.send_too,
    "create-again": repairs.create_again,
    "merge-here": repairs.merge_here,
}


@members_only
@require_GET
def document_state(request: MemberRequest, label: str, public_id: UUID) -> HttpResponse:
    """The fragment: state in words, link, log, presses."""
    document = document_for(request.organization, label=label, public_id=public_id)
    return render(request, "integrations/_document_state.html", _context(document, label))


@without_transaction
@members_only
@require_POST
def document_press(
    request: MemberRequest, label: str, public_id: UUID, action: str
) -> HttpResponse:
    """One press. Some ask the books, so no transaction is open around it."""
    organization = request.organization
    with acting_for(organization):
        document = document_for(organization, label=label, public_id=public_id)
    try:
        message, tone = _press(organization, document, action, request), "good"
        ring_for_outbox(organization.pk.hex, somebody_waits=True)
    except NotPossible as error:
        message, tone = str(error), "warn"
    if not htmx_of(request):
        messages.info(request, message)
        return redirect("integrations:sync_centre")
    with acting_for(organization):
        context = _context(document, label)
        response = render(request, "integrations/_document_state.html", context)
    return toast(response, message, tone=tone)


def _press(
    organization: Organization, document: OwnedModel, action: str, request: MemberRequest
) -> str:
    if action in LOCAL:
        return _locally(organization, document, LOCAL[action], request.user)
    if action == "send-ours":
        return repairs.send_ours(organization=organization, document=document)
    if action == "link" and isinstance(document, Invoice):
        return repairs.link_existing(organization=organization, invoice=document)
    if action == "link" and isinstance(document, Payment | CreditNote | CreditApplication):
        return repairs.link_invoices_of(organization=organization, document=document)
    if action == "take" and isinstance(document, Invoice):
        remote_id = request.POST.get("remote_id", "")[:40]
        return repairs.take_elsewhere(
            organization=organization, invoice=document, remote_id=remote_id
        )
    raise Http404


def _locally(
    organization: Organization, document: OwnedModel, repair: Callable[..., str], by: User
) -> str:
    with acting_for(organization):
        return repair(document=document, by=by)


def _context(document: OwnedModel, label: str) -> dict[str, object]:
    return {"state": document_state_for(document), "document": document, "label": label}
