"""The accounting settings A to M, checked against the live chart when they are saved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ascora.tenancy.decorators import MemberRequest, bookkeepers_only, without_transaction
from ascora.tenancy.rls import acting_for
from ascora.tenancy.services import held_organization
from integrations import accounting, connections
from integrations.errors import BooksError, NeedsReconnect
from integrations.forms import SettingsForm
from integrations.models import Connection
from integrations.selectors import live_connection_for
from payments.selectors import payment_settings_for
from payments.services import accept_cards, choose_default_method

UNREACHABLE = (
    "QuickBooks could not be asked just now, so nothing was saved. What you chose is still here: "
    "try again in a minute."
)
RECONNECT = (
    "QuickBooks no longer accepts Ascora's permission, so nothing was saved. An owner must connect "
    "again first."
)


def _form(request: MemberRequest, connection: Connection) -> SettingsForm:
    return SettingsForm(
        request.POST or None,
        organization=request.organization,
        settings=accounting.settings_for(connection),
        payment_settings=payment_settings_for(request.organization),
        shows_all="all" in request.GET,
    )


@without_transaction
@bookkeepers_only
@require_http_methods(["GET", "POST"])
def settings(request: MemberRequest) -> HttpResponse:
    """Show them; or check them against the chart as it stands there now, and keep them."""
    with acting_for(request.organization):
        connection = live_connection_for(request.organization)
        if connection is None:
            return redirect("integrations:accounts_integration")
        was_set_up = connection.is_set_up
        form = _form(request, connection)
        is_in_order = request.method == "POST" and form.is_valid()
    if is_in_order and _keep(request, connection, form):
        messages.success(request, "Accounting settings saved.")
        return redirect("integrations:settings" if was_set_up else "integrations:import_question")
    with acting_for(request.organization):
        context = {
            "form": form,
            "connection": connection,
            "shows_all": form.shows_all,
            "troubles": [] if form.is_bound else accounting.troubles_of(form.settings),
        }
        status = 422 if form.is_bound else 200
        return render(request, "integrations/settings.html", context, status=status)


def _keep(request: MemberRequest, connection: Connection, form: SettingsForm) -> bool:
    """Read the chart again, then save; False with the reasons on the form."""
    try:
        connections.refresh_chart_unless_just_read(connection)
    except BooksError as error:
        form.add_error(None, RECONNECT if isinstance(error, NeedsReconnect) else UNREACHABLE)
        return False
    values = form.accounting_values
    with acting_for(request.organization):
        gone = accounting.choices_gone(values)
        form.refuse((missing.field, missing.message) for missing in gone)
        held_organization(organization=request.organization)
        if gone or form.was_changed_meanwhile(_form(request, connection)):
            return False
        accounting.save_settings(connection=connection, values=values, by=request.user)
        _keep_payment_settings(request, form)
    return True


def _keep_payment_settings(request: MemberRequest, form: SettingsForm) -> None:
    """F and H live with the payments that obey them."""
    organization, chosen = request.organization, form.cleaned_data
    accept_cards(organization=organization, accepts=chosen["accepts_cards"], by=request.user)
    choose_default_method(
        organization=organization, method=chosen["default_method"], by=request.user
    )


@without_transaction
@bookkeepers_only
@require_POST
def chart_refresh(request: MemberRequest) -> HttpResponse:
    """Refresh Chart of Accounts."""
    with acting_for(request.organization):
        connection = live_connection_for(request.organization)
    if connection is None:
        return redirect("integrations:accounts_integration")
    try:
        connections.refresh_chart(connection)
        messages.success(request, "The chart of accounts was read again.")
    except NeedsReconnect:
        messages.error(request, "QuickBooks no longer accepts our permission. Connect again first.")
    except BooksError:
        messages.error(request, "QuickBooks could not be asked just now. Try again in a minute.")
    return redirect("integrations:settings")
