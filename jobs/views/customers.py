"""Customers and their contacts."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.common.listing import Filter, Listing
from ascora.history.selectors import told_changes_for
from ascora.search.services import matching
from ascora.tenancy.decorators import MemberRequest, members_only, office_only
from ascora.tenancy.owned_forms import MOST_CHOICES
from jobs.forms import ContactForm, CustomerForm
from jobs.models import Customer
from jobs.selectors import (
    contact_for,
    current_or_archived,
    customer_for,
    customers_for,
    customers_matching,
    jobs_of,
    with_open_jobs,
)
from jobs.services import (
    CustomerOwes,
    add_contact,
    archive_customer,
    change_contact,
    change_customer,
    create_customer,
    remove_contact,
    restore_customer,
)

JOBS_SHOWN = 20
_SHOWN = Filter(
    name="show",
    label="Show",
    choices=[("current", "Current"), ("archived", "Archived")],
    narrow=current_or_archived,
    default="current",
)


@members_only
@require_GET
def customer_list(request: MemberRequest) -> HttpResponse:
    """All customers, found by name, e-mail, phone and address."""
    organization = request.organization
    listing = Listing(
        request,
        with_open_jobs(customers_for(organization)),
        search=lambda rows, typed: matching(rows, organization, typed),
        filters=[_SHOWN],
        sorts={"name": "name", "suburb": "site_city", "added": "created_at"},
        default_sort="name",
    )
    return render(request, "jobs/customer_list.html", {"listing": listing})


@office_only
@require_http_methods(["GET", "POST"])
def customer_new(request: MemberRequest) -> HttpResponse:
    """A new customer; `?then=job` goes on to a new job for it."""
    form = CustomerForm(request.POST or None, organization=request.organization)
    customer = form.carry_out(create_customer, organization=request.organization, by=request.user)
    if customer is None:
        return dialog(request, "jobs/customer_edit.html", {"form": form})
    to = _page_of(customer)
    if request.GET.get("then") == "job":
        to = f"{reverse('jobs:job_new')}?customer={customer.public_id}"
    return saved(request, to=to, message=f"{customer} added.")


@members_only
@require_GET
def customer_choices(request: MemberRequest) -> HttpResponse:
    """Options for the drop-down that is narrowed by typing."""
    typed = request.GET.get("customer_search", "")
    found = list(customers_matching(request.organization, typed)[:MOST_CHOICES])
    context = {
        "rows": found,
        "is_only_one": len(found) == 1,
        "none": request.GET.get("none", "")[:60],
    }
    return render(request, "jobs/_choices.html", context)


@members_only
@require_GET
def customer_detail(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Everything about one customer."""
    customer = customer_for(request.organization, public_id)
    newest = list(jobs_of(customer)[: JOBS_SHOWN + 1])
    context = {
        "customer": customer,
        "contacts": list(customer.contacts.all()),
        "jobs": newest[:JOBS_SHOWN],
        "billed_for": list(customer.billed_customers.current()[:JOBS_SHOWN]),
        "has_more_jobs": len(newest) > JOBS_SHOWN,
        "changes": told_changes_for(customer),
    }
    return render(request, "jobs/customer_detail.html", context)


@office_only
@require_http_methods(["GET", "POST"])
def customer_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change a customer; what the books hear of follows there."""
    customer = customer_for(request.organization, public_id)
    form = CustomerForm(request.POST or None, instance=customer, organization=request.organization)
    changed = form.carry_out(change_customer, customer=customer, by=request.user)
    if changed is None:
        return dialog(request, "jobs/customer_edit.html", {"form": form, "customer": customer})
    return saved(request, to=_page_of(changed), message=f"{changed} saved.")


@office_only
@require_http_methods(["GET", "POST"])
def customer_archive(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then archive; refused while invoices are open."""
    customer = customer_for(request.organization, public_id)
    if request.method == "GET":
        open_jobs = jobs_of(customer).open().count()
        context = {"customer": customer, "open_jobs": open_jobs}
        return dialog(request, "jobs/customer_archive.html", context)
    try:
        archive_customer(customer=customer, by=request.user)
    except CustomerOwes:
        messages.error(
            request, f"{customer} still has open invoices. Settle or void them, then archive."
        )
        return saved(request, to=_page_of(customer))
    return saved(request, to=_page_of(customer), message=f"{customer} archived.")


@office_only
@require_POST
def customer_restore(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Undo archiving, unless the name was taken meanwhile."""
    customer = customer_for(request.organization, public_id)
    try:
        restore_customer(customer=customer, by=request.user)
    except ValidationError:
        messages.error(
            request, f"There is another customer called {customer} now. Rename it first."
        )
        return redirect(_page_of(customer))
    return saved(request, to=_page_of(customer), message=f"{customer} restored.")


@office_only
@require_http_methods(["GET", "POST"])
def contact_new(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A further person at a customer."""
    customer = customer_for(request.organization, public_id)
    form = ContactForm(request.POST or None, organization=request.organization)
    contact = form.carry_out(add_contact, customer=customer, by=request.user)
    if contact is None:
        return dialog(request, "jobs/contact_edit.html", {"form": form, "customer": customer})
    return saved(request, to=_page_of(customer), message=f"{contact} added.")


@office_only
@require_http_methods(["GET", "POST"])
def contact_edit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change a contact."""
    contact = contact_for(request.organization, public_id)
    form = ContactForm(request.POST or None, instance=contact, organization=request.organization)
    changed = form.carry_out(change_contact, contact=contact, by=request.user)
    if changed is None:
        context = {"form": form, "customer": contact.customer, "contact": contact}
        return dialog(request, "jobs/contact_edit.html", context)
    return saved(request, to=_page_of(contact.customer), message=f"{changed} saved.")


@office_only
@require_http_methods(["GET", "POST"])
def contact_delete(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ask, then forget this person."""
    contact = contact_for(request.organization, public_id)
    if request.method == "GET":
        return dialog(request, "jobs/contact_delete.html", {"contact": contact})
    remove_contact(contact=contact, by=request.user)
    return saved(request, to=_page_of(contact.customer), message=f"{contact} removed.")


def _page_of(customer: Customer) -> str:
    return reverse("jobs:customer_detail", args=[customer.public_id])
