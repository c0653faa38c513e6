"""Why an account: on the lines of a document, and beside a drop-down of account codes."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.views.decorators.http import require_GET

from ascora.tenancy.decorators import MemberRequest, members_only
from integrations.posting import Chooser
from integrations.selectors import destinations_of, document_for, why_chosen_at


@members_only
@require_GET
def document_accounts(request: MemberRequest, label: str, public_id: UUID) -> HttpResponse:
    """For each line of a document the account that it goes to, into the line's own place."""
    document = document_for(request.organization, label=label, public_id=public_id)
    context = {"destinations": destinations_of(document)}
    return render(request, "integrations/_document_accounts.html", context)


@members_only
@require_GET
def account_why(request: MemberRequest, chooser: str) -> HttpResponse:
    """What a code chosen in this drop-down decides."""
    if chooser not in set(Chooser):
        raise Http404
    return HttpResponse(escape(why_chosen_at(request.organization, Chooser(chooser))))
