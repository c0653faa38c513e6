"""Reading tax rates, payment settings and payment methods."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.shortcuts import get_object_or_404

from ascora.tenancy.models import Organization
from ascora.tenancy.owned import OwnedQuerySet
from jobs.models import Customer, PaymentTerm
from payments.models import CardScheme, PaymentMethod, PaymentSettings, SurchargeRule, TaxRate
from payments.surcharge import Rule


def tax_percent_for(organization: Organization, day: date) -> Decimal:
    """The tax on taxed lines of a document of that day, in per cent: the rate begun last."""
    rates = TaxRate.objects.owned_by(organization).filter(begins_on__lte=day)
    rate = rates.order_by("-begins_on").first()
    return rate.percent if rate else Decimal(0)


def tax_rates_for(organization: Organization) -> OwnedQuerySet[TaxRate]:
    """All rates, the latest first."""
    return TaxRate.objects.owned_by(organization)


def payment_settings_for(organization: Organization) -> PaymentSettings:
    """The settings; the usual ones where nobody has saved any."""
    found = (
        PaymentSettings.objects.owned_by(organization)
        .select_related("default_method", "default_term")
        .first()
    )
    return found or PaymentSettings(organization=organization)


def books_closed_until(organization: Organization) -> date | None:
    """The last day that is closed in the books, as they said when they were last asked."""
    return payment_settings_for(organization).books_closed_until


def term_for(customer: Customer) -> PaymentTerm:
    """The customer's own term, else the default of the business."""
    chosen = customer.payment_term or payment_settings_for(customer.organization).default_term
    return chosen or PaymentTerm(organization=customer.organization, name="14 days", days=14)


def payment_methods_for(organization: Organization) -> OwnedQuerySet[PaymentMethod]:
    """All methods, archived ones too, with their rules and account codes."""
    methods = PaymentMethod.objects.owned_by(organization).select_related("surcharge_account")
    return methods.prefetch_related("surcharge_rules")


def payment_method_for(organization: Organization, public_id: UUID) -> PaymentMethod:
    """One method; Http404 when the business has no such one."""
    return get_object_or_404(payment_methods_for(organization), public_id=public_id)


def offered_methods_for(organization: Organization) -> OwnedQuerySet[PaymentMethod]:
    """What a payment may be taken by: not archived, and no cards while cards are not accepted."""
    methods = PaymentMethod.objects.owned_by(organization).filter(archived_at=None)
    accepts_cards = payment_settings_for(organization).accepts_cards
    return methods if accepts_cards else methods.filter(card_scheme="")


def rules_of(method: PaymentMethod) -> list[Rule]:
    """The surcharge rules of a method, past and coming ones too."""
    return [
        Rule(rule.percentage, rule.fixed, rule.begins_on, rule.ends_on, _meant_for(method, rule))
        for rule in method.surcharge_rules.all()
    ]


def _meant_for(method: PaymentMethod, rule: SurchargeRule) -> str:
    """The cards of a rule that was made when the method took others."""
    if rule.card_scheme == method.card_scheme:
        return ""
    is_card = rule.card_scheme != CardScheme.NONE
    return rule.get_card_scheme_display() if is_card else "payments without a card"


def latest_rule_of(method: PaymentMethod) -> SurchargeRule | None:
    """The rule begun last, coming ones too."""
    return method.surcharge_rules.order_by("-begins_on", "-pk").first()
