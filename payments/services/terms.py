"""Payment terms: how long a customer may take, and which one holds where none is chosen."""

from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.tenancy.models import Organization, User
from jobs.models import PaymentTerm
from payments.selectors import payment_settings_for
from payments.services.refusals import Refused

# Name, days, counted from the end of the month; the first is every new business's default.
FIRST_TERMS = (
    ("14 days", 14, False),
    ("On receipt", 0, False),
    ("7 days", 7, False),
    ("30 days", 30, False),
    ("30 days after end of month", 30, True),
)


class TermValues(TypedDict, total=False):
    """The plain values of a payment term."""

    name: str
    days: int
    is_from_end_of_month: bool


@transaction.atomic
def create_term(
    *, organization: Organization, by: User | None, **values: Unpack[TermValues]
) -> PaymentTerm:
    """Add a term. Raises ValidationError when the name is taken or the days are too many."""
    return _keep(PaymentTerm(organization=organization, **values))


@transaction.atomic
def change_term(*, term: PaymentTerm, by: User | None, **values: Unpack[TermValues]) -> PaymentTerm:
    """Change a term; invoices keep the due date that they have."""
    term = _locked(term)
    for name, value in values.items():
        setattr(term, name, value)
    return _keep(term)


@transaction.atomic
def archive_term(*, term: PaymentTerm, by: User | None) -> PaymentTerm:
    """No longer offer it. Refused for the default; customers who have it keep it."""
    term = _locked(term)
    if payment_settings_for(term.organization).default_term_id == term.pk:
        raise Refused(f"{term} is the default. Choose another default first, then archive it.")
    term.archived_at = term.archived_at or timezone.now()
    return _keep(term)


@transaction.atomic
def restore_term(*, term: PaymentTerm, by: User | None) -> PaymentTerm:
    """Offer it again."""
    term = _locked(term)
    term.archived_at = None
    return _keep(term)


def prepare_terms(organization: Organization) -> PaymentTerm:
    """The terms that a new business begins with; gives the default. May be called again."""
    rows = PaymentTerm.objects.owned_by(organization)
    made = [
        rows.get_or_create(
            organization=organization,
            name=name,
            defaults={"days": days, "is_from_end_of_month": from_end},
        )[0]
        for name, days, from_end in FIRST_TERMS
    ]
    return made[0]


def _locked(term: PaymentTerm) -> PaymentTerm:
    rows = PaymentTerm.objects.owned_by(term.organization)
    return rows.select_for_update().select_related("organization").get(pk=term.pk)


def _keep(term: PaymentTerm) -> PaymentTerm:
    term.full_clean()
    term.save()
    return term
