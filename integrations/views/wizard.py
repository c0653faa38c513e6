"""The connect wizard: package, summary, Intuit's pages and back, own numbers, disconnect."""

import logging

from django.conf import settings as project
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.tenancy.decorators import (
    MemberRequest,
    bookkeepers_only,
    confirmed_lately,
    members_only,
    owners_only,
    without_transaction,
)
from ascora.tenancy.rls import acting_for
from integrations import accounting, connections
from integrations.contracts import ConnectionRefused
from integrations.errors import BooksError, NeedsReconnect
from integrations.forms import PackageForm
from integrations.selectors import live_connection_for

logger = logging.getLogger(__name__)

_CALM: dict[type[Exception], str] = {
    ConnectionRefused: "refused",
    connections.StateRefused: "state",
    connections.CompanyTaken: "taken",
    connections.AnotherCompany: "another",
}


def _handshake(request: MemberRequest, slug: str) -> connections.Handshake:
    if slug not in project.ACCOUNTING_PROVIDERS:
        raise Http404
    back = reverse("integrations:callback", args=[slug])
    return connections.Handshake(
        organization=request.organization,
        person=request.user,
        slug=slug,
        redirect_uri=f"{project.SITE_URL}{back}",
    )


@members_only
@require_GET
def accounts_integration(request: MemberRequest) -> HttpResponse:
    """Choose the package, read what will flow which way; or see the connection that stands."""
    connection = live_connection_for(request.organization)
    if connection is not None and "package" not in request.GET:
        troubles = accounting.troubles_of(accounting.settings_for(connection))
        context = {"connection": connection, "troubles": troubles}
        return render(request, "integrations/connected.html", context)
    chosen = request.GET.get("package", "")
    form = PackageForm({"package": chosen} if chosen else None)
    offer = {"form": form, "chosen": chosen, "connection": connection}
    return render(request, "integrations/accounts_integration.html", offer)


@without_transaction
@owners_only
@confirmed_lately(back="integrations:accounts_integration")
@require_POST
def connect(request: MemberRequest, slug: str) -> HttpResponse:
    """Begin: note a state, then lead to the package's own pages.

    A page in between, because the content security policy lets forms lead to ourselves only.
    """
    try:
        address = connections.begin(request.session, _handshake(request, slug))
    except BooksError as error:
        return _calm(request, "unreachable", error)
    return render(request, "integrations/connecting.html", {"address": address})


@without_transaction
@owners_only
@require_GET
def callback(request: MemberRequest, slug: str) -> HttpResponse:
    """Back from the package: connected, or a calm page that says what happened."""
    handshake = _handshake(request, slug)
    try:
        connection = connections.complete(request.session, handshake, request.GET.dict())
    except tuple(_CALM) as reason:
        return _calm(request, _CALM[type(reason)])
    except BooksError as error:
        return _calm(request, "unreachable", error)
    messages.success(request, f"Connected to {connection.company_name}.")
    if not connection.uses_own_numbers:
        return redirect("integrations:own_numbers")
    return redirect("integrations:settings")


def _calm(request: MemberRequest, why: str, error: BooksError | None = None) -> HttpResponse:
    if error is not None:
        said = {"error": type(error).__name__, "intuit_tid": error.trace_id}
        logger.warning("connecting failed", extra={"organization": request.organization.pk, **said})
    if isinstance(error, NeedsReconnect):
        why = "reconnect"
    with acting_for(request.organization):
        connection = live_connection_for(request.organization)
    context = {"why": why, "error": error, "connection": connection}
    return render(request, "integrations/not_connected.html", context)


@without_transaction
@bookkeepers_only
@require_http_methods(["GET", "POST"])
def own_numbers(request: MemberRequest) -> HttpResponse:
    """Ascora owns the numbers: where to turn that on over there, and a look whether it is on."""
    with acting_for(request.organization):
        connection = live_connection_for(request.organization)
    if connection is None:
        return redirect("integrations:accounts_integration")
    if request.method == "POST":
        try:
            connections.refresh_chart(connection)
        except BooksError as error:
            return _calm(request, "unreachable", error)
        if connection.uses_own_numbers:
            messages.success(request, "Own transaction numbers are on.")
            return redirect("integrations:settings")
        messages.warning(request, "Own transaction numbers are still off.")
    return render(request, "integrations/own_numbers.html", {"connection": connection})


@without_transaction
@owners_only
@confirmed_lately(back="integrations:accounts_integration")
@require_http_methods(["GET", "POST"])
def disconnect(request: MemberRequest) -> HttpResponse:
    """Ask, then end the permission; what is linked stays linked."""
    with acting_for(request.organization):
        connection = live_connection_for(request.organization)
    if connection is None:
        return redirect("integrations:accounts_integration")
    if request.method == "GET":
        return render(request, "integrations/disconnect.html", {"connection": connection})
    connections.disconnect(connection, by=request.user)
    messages.success(request, f"{connection.company_name} is disconnected. Nothing was deleted.")
    return redirect("integrations:accounts_integration")
