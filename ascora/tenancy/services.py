"""Changing people and organizations. Each service keeps its promises in one transaction."""

from datetime import timedelta
from functools import partial

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from ascora.tenancy.audit import note_event, noting
from ascora.tenancy.emails import send_invitation
from ascora.tenancy.models import Area, Invitation, Membership, Organization, Role, User
from ascora.tenancy.rls import acting_for
from ascora.tenancy.selectors import open_invitations_for


class LastOwner(Exception):
    """An organization keeps at least one owner."""


class AlreadyMember(Exception):
    """The person belongs to the organization already."""


class TooManyInvitations(Exception):
    """So many letters to strangers leave no organization in a day."""


class InvitationClosed(Exception):
    """The invitation was used, withdrawn or is too old, or is meant for another address."""


DAY = timedelta(days=1)
MOST_INVITATIONS_A_DAY, MOST_TO_ONE_ADDRESS = 30, 5
COMPANY_DETAILS = {
    "name": "Name",
    "business_number": "ABN",
    "phone": "Phone",
    "email": "E-mail",
    "address": "Address",
    "time_zone": "Time zone",
}


def create_organization(
    *, name: str, owner: User, country: str, time_zone: str, home_currency: str
) -> Organization:
    """A new business with its first owner, prepared by every storey named in settings.

    Opens its own wall: the organization's id is known before its row exists.
    """
    organization = Organization(
        name=name, country=country, time_zone=time_zone, home_currency=home_currency
    )
    with acting_for(organization):
        organization.save()
        Membership.objects.create(organization=organization, user=owner, role=Role.OWNER)
        for preparer in settings.ORGANIZATION_PREPARERS:
            import_string(preparer)(organization=organization)
    return organization


def held_organization(*, organization: Organization) -> Organization:
    """The row as it is now, kept from other writers until the transaction ends: two owners who
    remove each other at once would leave none.
    """
    return Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


@transaction.atomic
def change_company_details(*, organization: Organization, by: User, **details: str) -> Organization:
    """Name, ABN, phone, e-mail, address, time zone. The home currency stays as it was chosen."""
    with noting(
        organization, COMPANY_DETAILS, organization=organization, subject="Company details", by=by
    ):
        for field, value in details.items():
            setattr(organization, field, value)
        organization.save(update_fields=[*details])
    return organization


@transaction.atomic
def invite(*, organization: Organization, email: str, role: str, by: User) -> Invitation:
    """Invite an address with a role; its earlier open invitation is withdrawn."""
    held_organization(organization=organization)
    address = email.strip().lower()
    members = Membership.objects.owned_by(organization)
    if members.filter(user__email__iexact=address).exists():
        raise AlreadyMember(address)
    _refuse_too_many(organization, address)
    earlier = open_invitations_for(organization).filter(email=address)
    earlier.update(withdrawn_at=timezone.now())
    invitation = Invitation.objects.create(
        organization=organization, email=address, role=Role(role), invited_by=by
    )
    _note(invitation, "Invited", by, after=invitation.get_role_display())
    transaction.on_commit(partial(send_invitation, invitation))
    return invitation


def _refuse_too_many(organization: Organization, address: str) -> None:
    """Counted in the table, withdrawn ones too: sending again is another letter."""
    today = Invitation.objects.owned_by(organization).filter(created_at__gt=timezone.now() - DAY)
    is_much = today.count() >= MOST_INVITATIONS_A_DAY
    if is_much or today.filter(email=address).count() >= MOST_TO_ONE_ADDRESS:
        raise TooManyInvitations(address)


def _note(
    invitation: Invitation, what: str, by: User | None, *, before: str = "", after: str = ""
) -> None:
    note_event(
        invitation.organization,
        area=Area.PEOPLE,
        subject=invitation.email,
        what=what,
        by=by,
        words=(before, after),
    )


def _note_role(membership: Membership, what: str, by: User, words: tuple[str, str]) -> None:
    person = membership.user
    subject = f"{person.name} ({person.email})" if person.name else person.email
    note_event(
        membership.organization, area=Area.PEOPLE, subject=subject, what=what, by=by, words=words
    )


def resend_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """A fresh invitation with the same role; the earlier link dies."""
    return invite(
        organization=invitation.organization, email=invitation.email, role=invitation.role, by=by
    )


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """The link dies. May be called again."""
    mine = open_invitations_for(invitation.organization).filter(pk=invitation.pk)
    if mine.update(withdrawn_at=timezone.now()):
        _note(invitation, "Invitation withdrawn", by, before=invitation.get_role_display())
    invitation.refresh_from_db()
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, person: User) -> Membership:
    """The person joins with the role of the invitation, once. Raises InvitationClosed."""
    locked = Invitation.objects.owned_by(invitation.organization).select_for_update(of=("self",))
    invitation = locked.get(pk=invitation.pk)
    if not invitation.is_open or invitation.email != person.email.lower():
        raise InvitationClosed(str(invitation.public_id))
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    membership, _ = Membership.objects.get_or_create(
        organization=invitation.organization, user=person, defaults={"role": invitation.role}
    )
    _note(invitation, "Joined", person, after=membership.get_role_display())
    return membership


@transaction.atomic
def register_invited_person(*, invitation: Invitation, name: str, password: str) -> User:
    """A new person who holds the link sent to the address, which is thereby verified."""
    person = User.objects.create_user(invitation.email, password, name=name)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    accept_invitation(invitation=invitation, person=person)
    return person


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Give a member another role. Raises LastOwner."""
    held_organization(organization=membership.organization)
    membership.refresh_from_db()
    if role != Role.OWNER:
        _keep_an_owner_besides(membership)
    before = membership.get_role_display()
    membership.role = Role(role)
    membership.save(update_fields=["role"])
    if membership.get_role_display() != before:
        _note_role(membership, "Role", by, (before, membership.get_role_display()))
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """End a membership; the person keeps the log-in. Raises LastOwner. May be called again."""
    held_organization(organization=membership.organization)
    current = Membership.objects.owned_by(membership.organization).filter(pk=membership.pk).first()
    if current is None:
        return
    _keep_an_owner_besides(current)
    _note_role(current, "Removed", by, (current.get_role_display(), ""))
    current.delete()


def _keep_an_owner_besides(membership: Membership) -> None:
    owners = Membership.objects.owned_by(membership.organization).filter(role=Role.OWNER)
    if membership.is_owner and not owners.exclude(pk=membership.pk).exists():
        raise LastOwner("An organization keeps at least one owner.")
