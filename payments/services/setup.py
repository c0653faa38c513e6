"""What a new organization starts with."""

from datetime import date
from decimal import Decimal

from ascora.tenancy.models import Organization
from payments.models import CardScheme, PaymentMethod, PaymentSettings, TaxRate

FIRST_METHODS = (
    ("Direct Deposit", CardScheme.NONE),
    ("Cash", CardScheme.NONE),
    ("Cheque", CardScheme.NONE),
    ("Visa", CardScheme.VISA),
    ("Mastercard", CardScheme.MASTERCARD),
)
# Before any document: a rate must be in force on every date that a person may type.
FIRST_DAY = date(2000, 7, 1)
TAX_OF_COUNTRY = {"AU": ("GST", Decimal(10)), "NZ": ("GST", Decimal(15))}


def prepare_organization(*, organization: Organization) -> PaymentSettings:
    """Its country's tax, the usual payment methods, Direct Deposit as the default. Idempotent."""
    name, percent = TAX_OF_COUNTRY.get(organization.country, ("Tax", Decimal(0)))
    TaxRate.objects.owned_by(organization).get_or_create(
        organization=organization,
        defaults={"name": name, "percent": percent, "begins_on": FIRST_DAY},
    )
    methods = [
        PaymentMethod.objects.owned_by(organization).get_or_create(
            organization=organization, name=method, defaults={"card_scheme": scheme}
        )[0]
        for method, scheme in FIRST_METHODS
    ]
    settings, _ = PaymentSettings.objects.owned_by(organization).get_or_create(
        organization=organization, defaults={"default_method": methods[0]}
    )
    return settings
