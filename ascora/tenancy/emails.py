"""The mail that invites a person. Its link carries the organization and the invitation, signed."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from ascora.tenancy.models import Invitation

_SALT = "ascora.tenancy.invitation"


@dataclass(frozen=True)
class InvitationAddress:
    """Where an invitation lies: enough to open the right wall and no other."""

    organization_id: UUID
    public_id: UUID


def invitation_token(invitation: Invitation) -> str:
    """What stands in the link."""
    return signing.dumps(
        [invitation.organization_id.hex, invitation.public_id.hex], salt=_SALT, compress=False
    )


def invitation_address(token: str) -> InvitationAddress | None:
    """The address in a link, or None where we did not sign it."""
    try:
        organization_id, public_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return InvitationAddress(UUID(organization_id), UUID(public_id))


def send_invitation(invitation: Invitation) -> None:
    """One mail. A name cannot forge a header: Django refuses line breaks in a subject."""
    path = reverse("tenancy:invitation_accept", args=[invitation_token(invitation)])
    context = {
        "invitation": invitation,
        "organization": invitation.organization,
        "link": f"{settings.SITE_URL}{path}",
        "days": Invitation.DAYS_OPEN,
    }
    subject = " ".join(f"Join {invitation.organization} on Ascora".split())
    body = render_to_string("tenancy/mail/invitation.txt", context)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [invitation.email])
