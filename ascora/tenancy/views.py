"""Administration > Users and Company Details, invitations, and switching organization."""

from copy import copy
from uuid import UUID

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ascora.common.htmx import dialog, saved
from ascora.common.listing import Filter, Listing
from ascora.tenancy.decorators import (
    MemberRequest,
    confirmed_lately,
    owners_only,
    people_only,
)
from ascora.tenancy.emails import invitation_address
from ascora.tenancy.forms import (
    CompanyDetailsForm,
    InvitationForm,
    InvitedPersonForm,
    OrganizationForm,
    RoleForm,
)
from ascora.tenancy.models import Area, Invitation
from ascora.tenancy.rls import acting_for
from ascora.tenancy.selectors import (
    audit_events_for,
    invitation_at,
    is_known_address,
    members_of,
    membership_for,
    memberships_of,
    of_area,
    open_invitation_for,
    open_invitations_for,
)
from ascora.tenancy.services import (
    AlreadyMember,
    InvitationClosed,
    LastOwner,
    TooManyInvitations,
    accept_invitation,
    change_company_details,
    change_role,
    held_organization,
    invite,
    register_invited_person,
    remove_member,
    resend_invitation,
    withdraw_invitation,
)

_ENOUGH = "Enough invitations were sent for one day. Please try again tomorrow."
_LAST_OWNER = "An organization keeps at least one owner: make somebody else an owner first."


@owners_only
@require_GET
def user_list(request: MemberRequest) -> HttpResponse:
    """Members with their roles, and open invitations."""
    context = {
        "members": list(members_of(request.organization)),
        "invitations": list(open_invitations_for(request.organization)),
    }
    return render(request, "tenancy/user_list.html", context)


@owners_only
@require_GET
def change_log(request: MemberRequest) -> HttpResponse:
    """Who changed settings, users and the connection; the newest first."""
    listing = Listing(
        request,
        audit_events_for(request.organization),
        filters=[Filter("area", "About", [("", "Everything"), *Area.choices], of_area)],
        sorts={"when": "at"},
        default_sort="-when",
    )
    return render(request, "tenancy/change_log.html", {"listing": listing})


@owners_only
@confirmed_lately(back="tenancy:user_list")
@require_http_methods(["GET", "POST"])
def user_role(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Change a member's role."""
    held_organization(organization=request.organization)
    member = membership_for(request.organization, public_id)
    form = RoleForm(request.POST or None, initial={"role": member.role})
    if form.is_valid() and not form.was_changed_meanwhile():
        try:
            change_role(membership=member, role=form.cleaned_data["role"], by=request.user)
        except LastOwner:
            form.add_error("role", _LAST_OWNER)
        else:
            message = f"{member.user} is now {member.get_role_display()}."
            return saved(request, to=reverse("tenancy:user_list"), message=message)
    return dialog(request, "tenancy/user_role.html", {"form": form, "member": member})


@owners_only
@confirmed_lately(back="tenancy:user_list")
@require_http_methods(["GET", "POST"])
def user_remove(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """End a membership, after a look at what that means."""
    member = membership_for(request.organization, public_id)
    if request.method == "POST":
        try:
            remove_member(membership=member, by=request.user)
        except LastOwner:
            messages.error(request, _LAST_OWNER)
        else:
            messages.success(request, f"{member.user} no longer belongs to {request.organization}.")
        return saved(request, to=reverse("tenancy:user_list"))
    context = {
        "confirm_title": f"Remove {member.user}?",
        "confirm_words": f"{member.user} can no longer see anything of {request.organization}."
        " What they did stays as it is.",
        "confirm_label": "Remove",
    }
    return dialog(request, "components/confirm.html", context)


@owners_only
@confirmed_lately(back="tenancy:user_list")
@require_http_methods(["GET", "POST"])
def invitation_new(request: MemberRequest) -> HttpResponse:
    """Invite somebody."""
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            sent = invite(organization=request.organization, by=request.user, **form.cleaned_data)
        except AlreadyMember:
            form.add_error("email", "This person belongs to the organization already.")
        except TooManyInvitations:
            form.add_error(None, _ENOUGH)
        else:
            message = f"Invitation sent to {sent.email}."
            return saved(request, to=reverse("tenancy:user_list"), message=message)
    return dialog(request, "tenancy/invitation_new.html", {"form": form})


@owners_only
@confirmed_lately(back="tenancy:user_list")
@require_POST
def invitation_resend(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """A fresh link; the earlier one dies."""
    invitation = open_invitation_for(request.organization, public_id)
    try:
        resend_invitation(invitation=invitation, by=request.user)
    except AlreadyMember:
        messages.error(request, f"{invitation.email} belongs to the organization already.")
    except TooManyInvitations:
        messages.error(request, _ENOUGH)
    else:
        messages.success(request, f"A new invitation was sent to {invitation.email}.")
    return redirect("tenancy:user_list")


@owners_only
@confirmed_lately(back="tenancy:user_list")
@require_POST
def invitation_withdraw(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The link dies."""
    invitation = open_invitation_for(request.organization, public_id)
    withdraw_invitation(invitation=invitation, by=request.user)
    messages.success(request, f"The invitation of {invitation.email} was withdrawn.")
    return redirect("tenancy:user_list")


@require_http_methods(["GET", "POST"])
def invitation_accept(request: MemberRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation: open to whoever holds it, logged in or not."""
    address = invitation_address(token)
    if address is None:
        raise Http404
    with acting_for(address.organization_id):
        invitation = invitation_at(address.organization_id, address.public_id)
        if invitation is None:
            return render(request, "tenancy/invitation_closed.html", status=410)
        if request.user.is_authenticated:
            return _accept_as_known_person(request, invitation)
        if is_known_address(invitation.email):
            return render(request, "tenancy/invitation_login.html", {"invitation": invitation})
        return _accept_as_new_person(request, invitation)


def _accept_as_known_person(request: MemberRequest, invitation: Invitation) -> HttpResponse:
    context = {
        "invitation": invitation,
        "is_meant_for_me": request.user.email.lower() == invitation.email,
    }
    if request.method == "POST" and context["is_meant_for_me"]:
        try:
            accept_invitation(invitation=invitation, person=request.user)
        except InvitationClosed:
            return render(request, "tenancy/invitation_closed.html", status=410)
        request.session["organization"] = str(invitation.organization_id)
        messages.success(request, f"You now belong to {invitation.organization}.")
        return redirect("/")
    return render(request, "tenancy/invitation_accept.html", context)


def _accept_as_new_person(request: MemberRequest, invitation: Invitation) -> HttpResponse:
    form = InvitedPersonForm(request.POST or None, email=invitation.email)
    if form.is_valid():
        person = register_invited_person(invitation=invitation, **form.cleaned_data)
        response: HttpResponse = perform_login(
            request, person, email_verification="none", redirect_url="/"
        )
        return response
    context = {"form": form, "invitation": invitation}
    return render(request, "tenancy/invitation_register.html", context)


@people_only
@require_http_methods(["GET", "POST"])
def organization_switch(request: MemberRequest) -> HttpResponse:
    """Choose which of one's organizations to work in."""
    memberships = memberships_of(request.user)
    if request.method == "POST":
        chosen = request.POST.get("organization", "")
        if chosen not in {str(each.organization_id) for each in memberships}:
            raise Http404
        request.session["organization"] = chosen
        return redirect("/")
    return render(request, "tenancy/organization_switch.html", {"memberships": memberships})


@people_only
@require_http_methods(["GET", "POST"])
def organization_new(request: MemberRequest) -> HttpResponse:
    """A further organization, or the first of a person who belongs to none."""
    form = OrganizationForm(request.POST or None)
    if form.is_valid():
        organization = form.create_for(request.user)
        request.session["organization"] = str(organization.pk)
        messages.success(request, f"{organization} is ready.")
        return redirect("/")
    return render(request, "tenancy/organization_new.html", {"form": form})


@owners_only
@require_http_methods(["GET", "POST"])
def company_details(request: MemberRequest) -> HttpResponse:
    """Name, ABN, ways to reach the business, time zone."""
    organization = held_organization(organization=request.organization)
    form = CompanyDetailsForm(request.POST or None, instance=copy(organization))
    if form.is_valid() and not form.was_changed_meanwhile():
        change_company_details(organization=organization, by=request.user, **form.cleaned_data)
        back = request.htmx.current_url_abs_path or reverse("tenancy:company_details")
        return saved(request, to=back, message="Company details saved.")
    return dialog(request, "tenancy/company_details.html", {"form": form})
