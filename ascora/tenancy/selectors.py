"""Reading people and organizations."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from django.utils import timezone

from ascora.tenancy.models import AuditEvent, Invitation, Membership, Organization, User
from ascora.tenancy.owned import OwnedQuerySet
from ascora.tenancy.rls import acting_as


def memberships_of(person: User) -> list[Membership]:
    """A person's memberships with their organizations, oldest first. Opens its own transaction."""
    with acting_as(person):
        found: OwnedQuerySet[Membership] = person.memberships.select_related("organization", "user")
        return list(found.order_by("joined_at", "pk"))


def current_membership_for(person: User, *, chosen: str | None) -> Membership | None:
    """The membership that the person works in now: the chosen organization's, else the oldest."""
    memberships = memberships_of(person)
    for membership in memberships:
        if str(membership.organization_id) == chosen:
            return membership
    return memberships[0] if memberships else None


def members_of(organization: Organization) -> OwnedQuerySet[Membership]:
    """The organization's memberships with their people, owners first as they joined."""
    found = Membership.objects.owned_by(organization).select_related("user", "organization")
    return found.order_by("joined_at", "pk")


def membership_for(organization: Organization, public_id: UUID) -> Membership:
    """One membership; a stranger's is not found."""
    return get_object_or_404(members_of(organization), public_id=public_id)


def open_invitations_for(organization: Organization) -> OwnedQuerySet[Invitation]:
    """Invitations that nobody used or withdrew; too old ones among them, to be sent again."""
    found = Invitation.objects.owned_by(organization).select_related("organization", "invited_by")
    return found.filter(accepted_at=None, withdrawn_at=None).order_by("created_at", "pk")


def open_invitation_for(organization: Organization, public_id: UUID) -> Invitation:
    """One of them; a stranger's is not found."""
    return get_object_or_404(open_invitations_for(organization), public_id=public_id)


def invitation_at(organization_id: UUID, public_id: UUID) -> Invitation | None:
    """The invitation that a signed link leads to, if it is open. Needs its own wall open."""
    found = Invitation.objects.filter(organization=organization_id, public_id=public_id)
    invitation = found.select_related("organization", "invited_by").first()
    return invitation if invitation is not None and invitation.is_open else None


def is_known_address(email: str) -> bool:
    """Whether a person with this address can log in."""
    return User.objects.filter(email__iexact=email).exists()


def audit_events_for(organization: Organization) -> OwnedQuerySet[AuditEvent]:
    """The change log."""
    found: OwnedQuerySet[AuditEvent] = AuditEvent.objects.owned_by(organization)
    return found.select_related("by")


def of_area(events: OwnedQuerySet[AuditEvent], area: str) -> OwnedQuerySet[AuditEvent]:
    """Those about users, settings, or the connection."""
    return events.filter(area=area)


def today_for(organization: Organization) -> date:
    """The date on the wall of the business: documents are dated in its own time zone."""
    return timezone.now().astimezone(ZoneInfo(organization.time_zone)).date()
