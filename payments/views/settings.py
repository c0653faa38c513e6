"""Administration > Payments & Tax."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from ascora.tenancy.selectors import today_for
from jobs.selectors import payment_terms_for
from payments.forms.settings import MethodForm, PaymentSettingsForm, TaxRateForm
from payments.selectors import (
    payment_method_for,
    payment_methods_for,
    payment_settings_for,
    tax_rates_for,
)
from payments.services import (
    Refused,
    archive_method,
    change_method,
    change_settings,
    create_method,
    restore_method,
    set_tax_rate,
)


@members_only
@require_GET
def payment_settings(request: MemberRequest) -> HttpResponse:
    """Methods, tax and settings on one page."""
    organization = request.organization
    context = {
        "methods": list(payment_methods_for(organization)),
        "rates": list(tax_rates_for(organization)),
        "terms": list(payment_terms_for(organization)),
        "settings": payment_settings_for(organization),
        "today": today_for(organization),
    }
    return render(request, "payments/payment_settings.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def payment_defaults(request: MemberRequest) -> HttpResponse:
    """The default method and the default term."""
    settings = payment_settings_for(request.organization)
    form = PaymentSettingsForm(
        request.POST or None, instance=settings, organization=request.organization
    )
    service = {"organization": request.organization, "by": request.user}
    if form.carry_out(change_settings, **service) is None:
        return dialog(request, "payments/payment_defaults.html", {"form": form})
    return _back(request, "Payment settings saved.")


@office_only
@require_http_methods(["GET", "POST"])
def tax_rate_new(request: MemberRequest) -> HttpResponse:
    """Another rate from a day on."""
    today = today_for(request.organization)
    form = TaxRateForm(
        request.POST or None, initial={"begins_on": today}, organization=request.organization
    )
    service = {"organization": request.organization, "by": request.user}
    if form.carry_out(set_tax_rate, **service) is None:
        return dialog(request, "payments/tax_rate_new.html", {"form": form})
    return _back(request, "Tax rate saved.")


@office_only
@require_http_methods(["GET", "POST"])
def method_new(request: MemberRequest) -> HttpResponse:
    """+Add."""
    form = MethodForm(request.POST or None, organization=request.organization)
    service = {"organization": request.organization, "by": request.user}
    method = form.carry_out(create_method, **service)
    if method is None:
        return dialog(request, "payments/method_edit.html", {"form": form})
    return _back(request, f"{method} added.")


@office_only
@require_http_methods(["GET", "POST"])
def method_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Edit."""
    method = payment_method_for(request.organization, public_id)
    form = MethodForm(request.POST or None, instance=method, organization=request.organization)
    changed = form.carry_out(change_method, method=method, by=request.user)
    if changed is None:
        context = {"form": form, "method": method, "rules": method.surcharge_rules.all()}
        return dialog(request, "payments/method_edit.html", context)
    return _back(request, f"{changed} saved.")


@office_only
@require_POST
def method_archive(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """No longer offered."""
    method = payment_method_for(request.organization, public_id)
    try:
        archive_method(method=method, by=request.user)
    except Refused as refused:
        messages.warning(request, refused.sentence)
        return _back(request, "")
    return _back(request, f"{method} archived.")


@office_only
@require_POST
def method_restore(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Offered again."""
    method = payment_method_for(request.organization, public_id)
    restore_method(method=method, by=request.user)
    return _back(request, f"{method} restored.")


def _back(request: MemberRequest, message: str) -> HttpResponse:
    return saved(request, to=reverse("payments:payment_settings"), message=message)
