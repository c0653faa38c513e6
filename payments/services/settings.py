"""The payment settings, the tax rates, and what a new organization begins with."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from ascora.outbox.services import record_change
from ascora.tenancy.audit import noting
from ascora.tenancy.models import Organization, User
from jobs.models import PaymentTerm
from payments.models import CardScheme, Payment, PaymentMethod, PaymentSettings, TaxRate
from payments.models.payments import PaymentQuerySet
from payments.services.refusals import Refused
from payments.services.terms import prepare_terms

# GST began on this day; nothing of ours is older.
FIRST_DAY = date(2000, 7, 1)
NO_ROUNDING = Decimal(0)
CASH = "Cash"
METHODS = (
    ("Direct Deposit", CardScheme.NONE),
    (CASH, CardScheme.NONE),
    ("Cheque", CardScheme.NONE),
    ("Visa", CardScheme.VISA),
    ("Mastercard", CardScheme.MASTERCARD),
)
NOTED = {
    "accepts_cards": "F - Accept credit card payments and push them",
    "default_method": "H - Default Payment Method",
    "default_term": "Default Payment Term",
    "cash_step": "Cash Rounding",
}
TAX_OF_COUNTRY = {"AU": ("GST", Decimal(10)), "NZ": ("GST", Decimal(15))}


@transaction.atomic
def prepare_organization(*, organization: Organization) -> PaymentSettings:
    """The first tax rate, the usual payment methods and the settings. May be called again."""
    _prepare_tax(organization)
    default_term = prepare_terms(organization)
    methods = PaymentMethod.objects.owned_by(organization)
    for name, scheme in METHODS:
        methods.get_or_create(
            organization=organization,
            name=name,
            defaults={"card_scheme": scheme, "is_cash": name == CASH},
        )
    settings, _ = PaymentSettings.objects.owned_by(organization).get_or_create(
        organization=organization,
        defaults={
            "default_method": methods.get(name="Direct Deposit"),
            "default_term": default_term,
        },
    )
    return settings


def _prepare_tax(organization: Organization) -> None:
    rates = TaxRate.objects.owned_by(organization)
    if not rates.exists():
        name, percent = TAX_OF_COUNTRY.get(organization.country, ("Tax", Decimal(0)))
        rates.create(organization=organization, name=name, percent=percent, begins_on=FIRST_DAY)


@transaction.atomic
def accept_cards(*, organization: Organization, accepts: bool, by: User | None) -> PaymentSettings:
    """Setting F: whether card methods are offered and card payments sent.

    Those that stayed here while it was off are sent when it is turned on.
    """
    settings = _locked(organization)
    is_turned_on = accepts and not settings.accepts_cards
    if is_turned_on:
        for payment in _card_payments_kept_here(organization):
            record_change(payment, by=by)
    return _keep(settings, by=by, accepts_cards=accepts)


def _card_payments_kept_here(organization: Organization) -> PaymentQuerySet:
    """Not reversed, and nowhere in the books."""
    standing: PaymentQuerySet = Payment.objects.filter(organization=organization).standing()
    return (
        standing.filter(deposit_account=None)
        .exclude(method=None)
        .exclude(method__card_scheme=CardScheme.NONE)
    )


@transaction.atomic
def choose_default_method(
    *, organization: Organization, method: PaymentMethod | None, by: User | None
) -> PaymentSettings:
    """Setting H: the method preset on a new payment, and of a pulled payment that names none."""
    settings = _locked(organization)
    if method is not None and method.archived_at is not None:
        raise Refused(f"{method.name} is archived. Choose another payment method.")
    return _keep(settings, by=by, default_method=method)


@transaction.atomic
def choose_default_term(
    *, organization: Organization, term: PaymentTerm, by: User | None
) -> PaymentSettings:
    """The term of every customer who has none of its own."""
    settings = _locked(organization)
    if term.archived_at is not None:
        raise Refused(f"{term} is archived. Choose another payment term.")
    return _keep(settings, by=by, default_term=term)


@transaction.atomic
def change_settings(
    *,
    organization: Organization,
    default_method: PaymentMethod | None,
    default_term: PaymentTerm,
    cash_step: Decimal = NO_ROUNDING,
    by: User | None,
) -> PaymentSettings:
    """The default method, the default term and the cash rounding, together."""
    choose_default_method(organization=organization, method=default_method, by=by)
    round_cash(organization=organization, step=cash_step, by=by)
    return choose_default_term(organization=organization, term=default_term, by=by)


@transaction.atomic
def round_cash(*, organization: Organization, step: Decimal, by: User | None) -> PaymentSettings:
    """What payments by methods marked as cash are rounded to; nothing: not at all."""
    return _keep(_locked(organization), by=by, cash_step=step)


@transaction.atomic
def note_closed_books(*, organization: Organization, until: date | None) -> PaymentSettings:
    """The books say until which day they are closed. Again changes nothing."""
    return _keep(_locked(organization), by=None, books_closed_until=until)


@transaction.atomic
def set_tax_rate(
    *, organization: Organization, name: str, percent: Decimal, begins_on: date, by: User | None
) -> TaxRate:
    """The tax on taxed lines from a day on. Issued invoices keep the rate they were issued with."""
    rates = TaxRate.objects.owned_by(organization)
    found = rates.filter(begins_on=begins_on).first()
    rate = found or TaxRate(organization=organization, begins_on=begins_on)
    names = {"name": "Name", "percent": "Rate"}
    subject = f"Tax from {begins_on:%-d %b %Y}"
    with noting(rate, names, organization=organization, subject=subject, by=by):
        rate.name, rate.percent = name, percent
        rate.full_clean()
        rate.save()
    return rate


def _locked(organization: Organization) -> PaymentSettings:
    prepare_organization(organization=organization)
    return PaymentSettings.objects.owned_by(organization).select_for_update().get()


def _keep(settings: PaymentSettings, *, by: User | None, **values: object) -> PaymentSettings:
    """Save what changes, and write down who changed it."""
    with noting(
        settings, NOTED, organization=settings.organization, subject="Payments & Tax", by=by
    ):
        for name, value in values.items():
            setattr(settings, name, value)
        settings.updated_at = timezone.now()
        settings.full_clean()
        settings.save()
    return settings
