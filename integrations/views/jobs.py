"""What the engine knows of a job: its profit, as a fragment of the job's page."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ascora.tenancy.decorators import MemberRequest, members_only
from integrations.selectors.profit import profit_of
from jobs.selectors import job_for


@members_only
@require_GET
def job_profit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Charged, cost, margin."""
    job = job_for(request.organization, public_id)
    context = {"profit": profit_of(job), "job": job}
    return render(request, "integrations/_job_profit.html", context)
