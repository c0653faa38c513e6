"""Using credit: for invoices, paid out, and each of it taken back; a customer's credit."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ascora.common.htmx import dialog, saved
from ascora.common.wording import money
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from jobs.selectors import customer_for
from payments.forms.credits import ApplyForm, CreditReasonForm, RefundForm
from payments.selectors import (
    credit_for,
    credit_left_of,
    credit_note_for,
    credit_notes_of_customer,
    credit_on_notes_of,
    credit_use_for,
    parts_of_credit_use,
    payment_for,
    refund_for,
)
from payments.services import (
    apply_credit_note,
    refund_credit_note,
    refund_payment,
    reverse_application,
    reverse_refund,
)

NEWEST = 10


@office_only
@require_http_methods(["GET", "POST"])
def credit_note_apply(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Settle invoices from what is left of it."""
    note = credit_note_for(request.organization, public_id)
    form = ApplyForm(request.POST or None, instance=note, customer=note.customer)
    if form.take(apply_credit_note, credit_note=note, by=request.user) is None:
        context = {"form": form, "credit_note": credit_note_for(request.organization, public_id)}
        return dialog(request, "payments/credit_note_apply.html", context)
    return saved(
        request,
        to=reverse("payments:credit_note_detail", args=[note.public_id]),
        message="Credit applied.",
    )


@office_only
@require_http_methods(["GET", "POST"])
def credit_note_refund(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Pay out what is left of it."""
    note = credit_note_for(request.organization, public_id)
    form = RefundForm(request.POST or None, organization=request.organization, left=note.remaining)
    refund = form.carry_out(refund_credit_note, credit_note=note, by=request.user)
    if refund is None:
        context = {"form": form, "source": note, "left": note.remaining, "customer": note.customer}
        return dialog(request, "payments/refund_new.html", context)
    to = reverse("payments:credit_note_detail", args=[note.public_id])
    return saved(request, to=to, message=f"{money(refund.amount)} refunded.")


@office_only
@require_http_methods(["GET", "POST"])
def payment_refund(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Pay out what a payment has left over."""
    payment = payment_for(request.organization, public_id)
    left = credit_left_of(payment)
    form = RefundForm(request.POST or None, organization=request.organization, left=left)
    refund = form.carry_out(refund_payment, payment=payment, by=request.user)
    if refund is None:
        context = {"form": form, "source": payment, "left": left, "customer": payment.customer}
        return dialog(request, "payments/refund_new.html", context)
    to = reverse("payments:payment_detail", args=[payment.public_id])
    return saved(request, to=to, message=f"{money(refund.amount)} refunded.")


@members_only
@require_GET
def credit_use_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One use of credit: which credit notes, which invoices, its taking back."""
    application = credit_use_for(request.organization, public_id)
    context = {"application": application, "parts": parts_of_credit_use(application)}
    return render(request, "payments/credit_use_detail.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def credit_use_reverse(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then un-apply."""
    application = credit_use_for(request.organization, public_id)
    form = CreditReasonForm(request.POST or None, organization=request.organization)
    done = form.carry_out(reverse_application, application=application, by=request.user)
    if done is None:
        context = {
            "form": form,
            "confirm_title": "Un-apply this credit",
            "confirm_words": "Its invoices are owed again and the credit can be used again, here"
            " and in your books. What was done stays readable.",
            "confirm_label": "Un-apply it",
        }
        return dialog(request, "components/confirm.html", context)
    to = reverse("payments:credit_use_detail", args=[application.public_id])
    return saved(request, to=to, message="Credit un-applied.")


@members_only
@require_GET
def refund_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """One refund: what of, from which account, its taking back."""
    refund = refund_for(request.organization, public_id)
    return render(request, "payments/refund_detail.html", {"refund": refund})


@office_only
@require_http_methods(["GET", "POST"])
def refund_reverse(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then take the refund back."""
    refund = refund_for(request.organization, public_id)
    form = CreditReasonForm(request.POST or None, organization=request.organization)
    if form.carry_out(reverse_refund, refund=refund, by=request.user) is None:
        context = {
            "form": form,
            "confirm_title": f"Take back the refund of {money(refund.amount)}",
            "confirm_words": "Do this when the money did not leave your account. The customer has"
            " the credit again; in your books the refund is deleted.",
            "confirm_label": "Take it back",
        }
        return dialog(request, "components/confirm.html", context)
    to = reverse("payments:refund_detail", args=[refund.public_id])
    return saved(request, to=to, message="Refund taken back.")


@members_only
@require_GET
def customer_credit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """For the customer's page: the credit notes, and all that can be used or paid out."""
    customer = customer_for(request.organization, public_id)
    on_payments, on_notes = credit_for(customer), credit_on_notes_of(customer)
    context = {
        "customer": customer,
        "credit_notes": list(credit_notes_of_customer(customer)[:NEWEST]),
        "on_payments": on_payments,
        "on_notes": on_notes,
        "credit": on_payments + on_notes,
    }
    return render(request, "payments/_customer_credit.html", context)
