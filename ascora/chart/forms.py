"""The drop-down of account codes that job types, supplies and payment methods share."""

from typing import Any

from django import forms

from ascora.chart.models import LedgerAccount
from ascora.chart.selectors import INCOME_KINDS, income_accounts_for
from ascora.tenancy.models import Organization

NO_ACCOUNTS = "Connect your books to choose account codes."
NO_LONGER_ACTIVE = "This account is no longer active in your books. Choose another one."
ANOTHER_KIND = "This account has become another kind in your books. Choose another one."


class AccountCodeField(forms.ModelChoiceField[LedgerAccount]):
    """Offers code and name. Narrow it with `offer_income_accounts` before use."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(queryset=LedgerAccount.objects.none(), **kwargs)

    def label_from_instance(self, obj: LedgerAccount) -> str:
        """The account as a bookkeeper says it."""
        return str(obj) if obj.is_active else f"{obj} (no longer active)"


def offer_income_accounts(
    field: forms.Field, organization: Organization, *, chosen: LedgerAccount | None
) -> None:
    """Fill an AccountCodeField with the organization's income accounts.

    An account that became inactive stays visible as the chosen one, with a warning; when there is
    nothing to choose from, the help text says how to get something.
    """
    if not isinstance(field, AccountCodeField):
        raise TypeError(f"{field!r} does not offer account codes")
    field.queryset = income_accounts_for(organization, chosen=chosen.pk if chosen else None)
    if chosen is not None and not chosen.is_active:
        field.help_text = NO_LONGER_ACTIVE
    elif chosen is not None and chosen.kind not in INCOME_KINDS:
        field.help_text = ANOTHER_KIND
    elif not field.queryset.exists():
        field.help_text = NO_ACCOUNTS
