"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from ascora.tenancy.sealing import Sealed, seal, unseal

FACTOR_BINDING = "mfa_authenticator|data"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Mail goes out from the site's own address; its subjects carry no prefix."""

    def format_email_subject(self, subject: str) -> str:
        """In one line and as it is written."""
        return " ".join(subject.split())

    def get_logout_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """To the log-in."""
        return "/accounts/login/"


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are sealed at rest, like the tokens of the books."""

    def encrypt(self, text: str) -> str:
        """Under the newest key."""
        return str(seal(text, bound_to=FACTOR_BINDING))

    def decrypt(self, encrypted_text: str) -> str:
        """Or raise BrokenSeal."""
        return unseal(Sealed(encrypted_text), bound_to=FACTOR_BINDING)
