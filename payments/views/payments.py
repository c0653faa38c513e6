"""Taking payments, reading them, taking them back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.common.listing import Filter, Listing
from ascora.common.wording import money
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from jobs.selectors import customer_for
from payments.forms.payments import CreditForm, PaymentForm, ReverseForm, TakeOffForm
from payments.models import Payment
from payments.selectors import (
    allocations_of_payment,
    credit_left_of,
    invoice_asked_for,
    is_surcharge_left_of,
    payment_for,
    payments_for,
    payments_matching,
    payments_narrowed,
    payments_of_customer,
    refunds_of_payment,
)
from payments.services import (
    Refused,
    allocate_credit,
    move_surcharge,
    record_payment,
    reverse_payment,
    stuck_surcharges_of,
    take_off_surcharge,
)

SHOWN = [("", "All"), ("standing", "Standing"), ("reversed", "Reversed"), ("books", "From books")]
NEWEST = 10


@members_only
@require_GET
def payment_list(request: MemberRequest) -> HttpResponse:
    """All payments, the latest first."""
    organization = request.organization
    listing = Listing(
        request,
        payments_for(organization),
        search=lambda rows, typed: payments_matching(rows, organization, typed),
        filters=[Filter("shown", "Show", SHOWN, payments_narrowed)],
        sorts={"date": "received_on", "customer": "customer__name", "amount": "amount"},
        default_sort="-date",
    )
    return render(request, "payments/payment_list.html", {"listing": listing})


@members_only
@require_GET
def payment_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One payment: what it settles, its surcharge, its reversal."""
    payment = payment_for(request.organization, public_id)
    context = {
        "payment": payment,
        "allocations": list(allocations_of_payment(payment)),
        "credit": credit_left_of(payment),
        "is_surcharge_left": is_surcharge_left_of(payment),
        "stuck_surcharge": stuck_surcharges_of(payment=payment),
        "refunds": refunds_of_payment(payment),
    }
    return render(request, "payments/payment_detail.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def payment_new(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Take a payment of a customer; `?invoice=` begins with that invoice's balance."""
    customer = customer_for(request.organization, public_id)
    paying = invoice_asked_for(request.organization, request.GET.get("invoice", ""))
    form = PaymentForm(
        request.POST or None, customer=customer, paying=paying.public_id if paying else None
    )
    payment = form.take(record_payment, customer=customer, by=request.user)
    if payment is None:
        context = {"form": form, "customer": customer, **_quoted(form)}
        return dialog(request, "payments/payment_new.html", context)
    to = paying or payment
    kind = "invoice" if paying else "payment"
    address = reverse(f"payments:{kind}_detail", args=[to.public_id])
    return saved(request, to=address, message=f"{money(payment.amount)} received.")


@office_only
@require_POST
def payment_quote(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The surcharge and what is charged, while typing."""
    customer = customer_for(request.organization, public_id)
    form = PaymentForm(request.POST, customer=customer)
    return render(request, "payments/_payment_quote.html", _quoted(form))


@office_only
@require_http_methods(["GET", "POST"])
def payment_reverse(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then take the payment back."""
    payment = payment_for(request.organization, public_id)
    form = ReverseForm(request.POST or None, instance=payment, organization=request.organization)
    if form.carry_out(reverse_payment, payment=payment, by=request.user) is None:
        context = {
            "form": form,
            "confirm_title": f"Reverse the payment of {money(payment.amount)}",
            "confirm_words": "Its invoices are owed again, here and in your books. The payment"
            " stays readable, with its reversal.",
            "confirm_label": "Reverse it",
        }
        return dialog(request, "components/confirm.html", context)
    return saved(request, to=_page_of(payment), message="Payment reversed.")


@office_only
@require_http_methods(["GET", "POST"])
def payment_take_off(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then take off the invoices what a reversed payment left on them."""
    payment = payment_for(request.organization, public_id)
    form = TakeOffForm(request.POST or None, instance=payment, organization=request.organization)
    if form.carry_out(take_off_surcharge, payment=payment, by=request.user) is None:
        context = {
            "form": form,
            "confirm_title": "Take the surcharge off",
            "confirm_words": "The lines that this payment added to its invoices are removed, here"
            " and in your books. An invoice that held nothing else becomes void.",
            "confirm_label": "Take it off",
        }
        return dialog(request, "components/confirm.html", context)
    return saved(request, to=_page_of(payment), message="Taken off the invoice.")


@office_only
@require_http_methods(["GET", "POST"])
def payment_move_surcharge(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then give the surcharge an invoice of its own, because the books are closed."""
    payment = payment_for(request.organization, public_id)
    form = TakeOffForm(request.POST or None, instance=payment, organization=request.organization)
    own = form.carry_out(move_surcharge, payment=payment, by=request.user)
    if own is None:
        context = {
            "form": form,
            "confirm_title": "Put the surcharge on an invoice of its own",
            "confirm_words": "It comes off the invoice that your books no longer change, and an"
            " invoice of today holds it, settled by this payment. What was charged stays the same.",
            "confirm_label": "Move it",
            "confirm_tone": "btn-primary",
        }
        return dialog(request, "components/confirm.html", context)
    return saved(request, to=_page_of(payment), message=f"The surcharge is on {own} now.")


@office_only
@require_http_methods(["GET", "POST"])
def payment_allocate(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Settle invoices from what is left of a payment."""
    payment = payment_for(request.organization, public_id)
    form = CreditForm(request.POST or None, instance=payment, customer=payment.customer)
    if form.take(allocate_credit, payment=payment, by=request.user) is None:
        context = {"form": form, "payment": payment, "credit": credit_left_of(payment)}
        return dialog(request, "payments/payment_allocate.html", context)
    return saved(request, to=_page_of(payment), message="Credit used.")


@members_only
@require_GET
def customer_payments(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """For the customer's page: the newest payments."""
    customer = customer_for(request.organization, public_id)
    context = {
        "customer": customer,
        "payments": list(payments_of_customer(customer)[:NEWEST]),
    }
    return render(request, "payments/_customer_payments.html", context)


def _quoted(form: PaymentForm) -> dict[str, Any]:
    """The quote for what is typed, or the sentence that says why there is none."""
    try:
        return {"quote": form.quote_so_far()}
    except Refused as refused:
        return {"refusal": refused.sentence}


def _page_of(payment: Payment) -> str:
    return reverse("payments:payment_detail", args=[payment.public_id])
