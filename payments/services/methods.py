"""Payment methods and their surcharge rules: a changed rule ends the old one and begins a new
one.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from ascora.chart.models import LedgerAccount
from ascora.tenancy.audit import note_event, noting
from ascora.tenancy.models import Area, Organization, User
from ascora.tenancy.selectors import today_for
from payments.models import Payment, PaymentMethod, PaymentSettings, SurchargeRule
from payments.services.refusals import Refused

NOTED = {
    "name": "Name",
    "card_scheme": "Card scheme",
    "is_cash": "Cash",
    "surcharge_account": "Surcharge Income Account Code",
}


class MethodValues(TypedDict, total=False):
    """The plain values of a payment method; the surcharge is in per cent plus a sum, tax
    included.
    """

    name: str
    card_scheme: str
    is_cash: bool
    surcharge_account: LedgerAccount | None


class RuleValues(TypedDict, total=False):
    """A surcharge and its days, both included; without a first day it begins today."""

    percentage: Decimal
    fixed: Decimal
    begins_on: date | None
    ends_on: date | None


@transaction.atomic
def create_method(
    *,
    organization: Organization,
    by: User | None,
    rule: RuleValues | None = None,
    **values: Unpack[MethodValues],
) -> PaymentMethod:
    """A new way of paying. Raises ValidationError when the name is taken or the dates make no
    sense.
    """
    method = PaymentMethod(organization=organization, **values)
    method.full_clean()
    method.save()
    _note(method, "Added", by)
    if rule:
        set_surcharge(method=method, by=by, **rule)
    return method


@transaction.atomic
def change_method(
    *,
    method: PaymentMethod,
    by: User | None,
    rule: RuleValues | None = None,
    **values: Unpack[MethodValues],
) -> PaymentMethod:
    """Change a method; with a rule, its surcharge as `set_surcharge` does."""
    method = _locked(method)
    subject = f"Payment method {method.name}"
    with noting(method, NOTED, organization=method.organization, subject=subject, by=by):
        for name, value in values.items():
            setattr(method, name, value)
        method.full_clean()
        method.save()
    if rule is not None:
        set_surcharge(method=method, by=by, **rule)
    return method


@transaction.atomic
def archive_method(*, method: PaymentMethod, by: User | None) -> PaymentMethod:
    """No longer offered; payments made by it keep it."""
    method = _locked(method)
    settings = PaymentSettings.objects.owned_by(method.organization).first()
    if settings and settings.default_method_id == method.pk:
        raise Refused(f"{method.name} is the default payment method. Choose another one first.")
    if method.archived_at is None:
        method.archived_at = timezone.now()
        method.save(update_fields=["archived_at"])
        _note(method, "Archived", by)
    return method


@transaction.atomic
def restore_method(*, method: PaymentMethod, by: User | None) -> PaymentMethod:
    """Offered again."""
    method = _locked(method)
    if method.archived_at is not None:
        method.archived_at = None
        method.save(update_fields=["archived_at"])
        _note(method, "Restored", by)
    return method


@transaction.atomic
def set_surcharge(
    *, method: PaymentMethod, by: User | None, **terms: Unpack[RuleValues]
) -> SurchargeRule | None:
    """The method's surcharge from a day on. The rule before it ends the day before and stays
    readable.

    Again with the same terms changes nothing; with another last day only that moves. Refused when
    it would
    rewrite days on which payments were taken.
    """
    method = _locked(method)
    wanted = _rule(method, terms)
    last = method.surcharge_rules.order_by("-begins_on", "-pk").first()
    if last is not None and _same_terms(last, wanted):
        return _move_end(last, wanted.ends_on)
    is_something = bool(wanted.percentage or wanted.fixed)
    if last is not None:
        _end_before(last, wanted.begins_on)
    _note_surcharge(method, by, last, wanted if is_something else None)
    if not is_something:
        return None
    wanted.full_clean()
    wanted.save()
    return wanted


def _note_surcharge(
    method: PaymentMethod, by: User | None, last: SurchargeRule | None, rule: SurchargeRule | None
) -> None:
    words = (str(last) if last else "", f"{rule} from {rule.begins_on:%-d %b %Y}" if rule else "")
    if any(words):
        _note(method, "Surcharge", by, words)


def _note(
    method: PaymentMethod, what: str, by: User | None, words: tuple[str, str] = ("", "")
) -> None:
    subject = f"Payment method {method.name}"
    note_event(
        method.organization, area=Area.SETTINGS, subject=subject, what=what, by=by, words=words
    )


def _locked(method: PaymentMethod) -> PaymentMethod:
    rows = PaymentMethod.objects.owned_by(method.organization).select_related("organization")
    return rows.select_for_update(of=("self",)).get(pk=method.pk)


def _rule(method: PaymentMethod, terms: RuleValues) -> SurchargeRule:
    return SurchargeRule(
        organization=method.organization,
        method=method,
        card_scheme=method.card_scheme,
        percentage=terms.get("percentage") or Decimal(0),
        fixed=terms.get("fixed") or Decimal(0),
        begins_on=terms.get("begins_on") or today_for(method.organization),
        ends_on=terms.get("ends_on"),
    )


def _same_terms(last: SurchargeRule, wanted: SurchargeRule) -> bool:
    terms = ("percentage", "fixed", "card_scheme", "begins_on")
    return all(getattr(last, name) == getattr(wanted, name) for name in terms)


def _move_end(rule: SurchargeRule, ends_on: date | None) -> SurchargeRule:
    rule.ends_on = ends_on
    rule.full_clean()
    rule.save(update_fields=["ends_on"])
    return rule


def _end_before(rule: SurchargeRule, day: date) -> None:
    if rule.begins_on < day:
        if rule.ends_on is None or rule.ends_on >= day:
            _move_end(rule, day - timedelta(days=1))
        return
    taken = Payment.objects.owned_by(rule.organization).standing()
    if taken.filter(
        method=rule.method_id, received_on__gte=rule.begins_on, surcharge__gt=0
    ).exists():
        raise Refused(
            f"Payments were taken under the surcharge that began on {rule.begins_on:%-d %b %Y}."
            " Let the new one begin on a later day."
        )
    rule.delete()
