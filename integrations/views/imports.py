"""The import of customers: the question after connecting, the Import icon, and a run's progress."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from integrations.customer_import import start_import
from integrations.selectors import import_run_for, import_runs_for, live_connection_for
from integrations.selectors.file_imports import file_imports_for
from integrations.tasks import ring_for_import


@members_only
@require_GET
def import_question(request: MemberRequest) -> HttpResponse:
    """Import customer information?"""
    connection = live_connection_for(request.organization)
    if connection is None:
        return redirect("integrations:accounts_integration")
    return render(request, "integrations/import_question.html", {"connection": connection})


@members_only
@require_GET
def import_start(request: MemberRequest) -> HttpResponse:
    """The Import icon: start now, and what earlier runs did."""
    context = {
        "connection": live_connection_for(request.organization),
        "runs": import_runs_for(request.organization)[:10],
        "files": file_imports_for(request.organization)[:10],
    }
    return render(request, "integrations/import_start.html", context)


@office_only
@require_POST
def import_begin(request: MemberRequest) -> HttpResponse:
    """Yes, import all my customers. A run that is still going is shown instead of a second one."""
    connection = live_connection_for(request.organization)
    if connection is None or not connection.is_live:
        return redirect("integrations:accounts_integration")
    run = start_import(connection=connection, by=request.user)
    organization = request.organization.pk.hex
    transaction.on_commit(lambda: ring_for_import(organization, somebody_waits=True))
    return redirect("integrations:import_detail", run.public_id)


@members_only
@require_GET
def import_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A run: how far it is, and at the end what was added, matched, left out and why."""
    run = import_run_for(request.organization, public_id)
    return render(request, "integrations/import_detail.html", {"run": run})


@members_only
@require_GET
def import_progress(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The part of that page which refreshes itself."""
    run = import_run_for(request.organization, public_id)
    return render(request, "integrations/_import_progress.html", {"run": run})
