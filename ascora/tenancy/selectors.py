"""Reading people and organizations."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from ascora.tenancy.models import Membership, Organization, User
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


def today_for(organization: Organization) -> date:
    """The date on the wall of the business: documents are dated in its own time zone."""
    return timezone.now().astimezone(ZoneInfo(organization.time_zone)).date()
