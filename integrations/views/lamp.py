"""The small light in the menu, and the press that reads the books now."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from ascora.common.htmx import htmx_of, toast
from ascora.tenancy.decorators import MemberRequest, members_only
from integrations.repairs import NotPossible, check_now
from integrations.selectors import lamp_for
from integrations.tasks import ring_for_outbox, ring_for_pull


@members_only
@require_GET
def lamp(request: MemberRequest) -> HttpResponse:
    """Green, amber, red, in words."""
    return render(request, "integrations/_lamp.html", {"lamp": lamp_for(request.organization)})


@members_only
@require_POST
def check(request: MemberRequest) -> HttpResponse:
    """Check QuickBooks now: read what changed there, and send what waits here."""
    pk = request.organization.pk.hex
    try:
        message, tone = check_now(organization=request.organization), "good"
        transaction.on_commit(lambda: _ring_for_both(pk))
    except NotPossible as error:
        message, tone = str(error), "warn"
    if not htmx_of(request):
        return redirect("integrations:sync_centre")
    return toast(HttpResponse(status=204), message, tone=tone)


def _ring_for_both(organization_hex: str) -> None:
    ring_for_pull(organization_hex, somebody_waits=True)
    ring_for_outbox(organization_hex, somebody_waits=True)
