"""The list of invoices, and one invoice as everybody reads it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ascora.common.listing import Filter, Listing
from ascora.tenancy.decorators import MemberRequest, members_only
from ascora.tenancy.selectors import today_for
from jobs.selectors import customer_for
from payments.models import Invoice, InvoiceStatus
from payments.selectors import (
    allocations_of_invoice,
    credit_notes_of_invoice,
    credit_used_for,
    history_of,
    invoice_for,
    invoices_about,
    invoices_for,
    invoices_matching,
    invoices_narrowed,
    is_overdue,
    lines_shown_of,
    owed_by,
    owed_to,
)

SHOWN = [("", "All"), ("open", "Open"), ("overdue", "Overdue"), *InvoiceStatus.choices]
NEWEST = 10
STOP_POLLING = 286


@members_only
@require_GET
def invoice_list(request: MemberRequest) -> HttpResponse:
    """All invoices; by number, customer, job and status."""
    organization = request.organization
    listing = Listing(
        request,
        invoices_for(organization),
        search=lambda rows, typed: invoices_matching(rows, organization, typed),
        filters=[
            Filter(
                "status", "Status", SHOWN, lambda rows, v: invoices_narrowed(rows, organization, v)
            )
        ],
        sorts={
            "created": "created_at",
            "date": "issued_on",
            "due": "due_on",
            "customer": "customer__name",
            "total": "total",
            "balance": "balance",
        },
        default_sort="-created",
    )
    context = {"listing": listing, "owed": owed_to(organization), "today": today_for(organization)}
    return render(request, "payments/invoice_list.html", context)


@members_only
@require_GET
def invoice_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Lines, totals, payments, history, and what can be done."""
    invoice = invoice_for(request.organization, public_id)
    context = {
        **_standing(request, invoice),
        "lines": lines_shown_of(invoice),
        "history": history_of(invoice),
    }
    return render(request, "payments/invoice_detail.html", context)


@members_only
@require_GET
def invoice_live(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """What payments change on the page; asked again and again while the invoice is open."""
    invoice = invoice_for(request.organization, public_id)
    context = _standing(request, invoice) | {"is_fragment": True}
    status = 200 if invoice.is_open else STOP_POLLING
    return render(request, "payments/_invoice_live.html", context, status=status)


@members_only
@require_GET
def invoice_preview(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """As the customer will see it, fit for printing."""
    invoice = invoice_for(request.organization, public_id)
    context = {"invoice": invoice, "lines": lines_shown_of(invoice)}
    return render(request, "payments/invoice_preview.html", context)


@members_only
@require_GET
def customer_invoices(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """For the customer's page: the newest invoices and what is owed."""
    customer = customer_for(request.organization, public_id)
    context = {
        "customer": customer,
        "invoices": list(invoices_about(customer)[:NEWEST]),
        "owed": owed_by(customer),
        "today": today_for(request.organization),
    }
    return render(request, "payments/_customer_invoices.html", context)


def _standing(request: MemberRequest, invoice: Invoice) -> dict[str, object]:
    today = today_for(request.organization)
    return {
        "invoice": invoice,
        "allocations": list(allocations_of_invoice(invoice)),
        "credit_parts": list(credit_used_for(invoice)),
        "credit_notes": list(credit_notes_of_invoice(invoice)),
        "is_overdue": is_overdue(invoice, today),
        "today": today,
    }
