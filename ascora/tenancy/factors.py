"""The second factor: who has one, who must have one, and what a change of it ends."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from ascora.tenancy.models import Membership, User

_REAL_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def must_set_up_a_factor(membership: Membership) -> bool:
    """Owners need a second factor where the installation asks for it; recovery codes are none."""
    if not (settings.REQUIRE_OWNER_MFA and membership.is_owner):
        return False
    factors = Authenticator.objects.filter(user_id=membership.user_id, type__in=_REAL_FACTORS)
    return not factors.exists()


def factors_of(person: User) -> set[tuple[int, str]]:
    """What the person could prove themselves with now."""
    return set(Authenticator.objects.filter(user_id=person.pk).values_list("pk", "type"))


def end_other_sessions(request: HttpRequest, person: User) -> None:
    """Log out the person everywhere else at the next request; the session at hand goes on."""
    person.session_salt = get_random_string(32)
    person.save(update_fields=["session_salt"])
    update_session_auth_hash(request, person)
