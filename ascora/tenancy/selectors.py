"""Reading people and organizations."""

from ascora.tenancy.models import Membership, User
from ascora.tenancy.owned import OwnedQuerySet
from ascora.tenancy.rls import acting_as


def memberships_of(person: User) -> list[Membership]:
    """A person's memberships with their organizations, oldest first. Opens its own transaction."""
    with acting_as(person):
        found: OwnedQuerySet[Membership] = person.memberships.select_related("organization", "user")
        return list(found.order_by("joined_at", "pk"))


def current_membership_for(person: User, *, chosen: str | None) -> Membership | None:
    """The membership that the person works in now: the chosen organization's, else the oldest one."""
    memberships = memberships_of(person)
    for membership in memberships:
        if str(membership.organization_id) == chosen:
            return membership
    return memberships[0] if memberships else None
