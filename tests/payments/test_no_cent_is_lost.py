"""Whatever the order in which payments are taken, used and taken back: no cent appears or goes."""

from decimal import Decimal

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascora.common.money import ZERO, total_of
from payments.models import Allocation, Invoice, Payment
from payments.selectors import credit_left_of
from payments.services import (
    Refused,
    allocate_credit,
    record_payment,
    reverse_payment,
    round_cash,
)
from payments.services.lines import lines_of
from payments.totals import invoice_totals
from tests.builders import A_DAY, a_customer, a_line, a_method, an_invoice, mastercard

METHODS = ("Cash", "Cheque", "Mastercard")
cents = st.integers(1, 30_000).map(lambda n: Decimal(n) / 100)
lines = st.lists(st.tuples(cents, st.booleans()), min_size=1, max_size=3)
documents = st.lists(
    st.tuples(lines, st.sampled_from(["exclusive", "inclusive"])), min_size=1, max_size=3
)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("full"), st.integers(0, 7), st.sampled_from(METHODS)),
        st.tuples(st.just("part"), st.integers(0, 7), st.sampled_from(METHODS), cents),
        st.tuples(st.just("use"), st.integers(0, 7), cents),
        st.tuples(st.just("reverse"), st.integers(0, 7), st.booleans()),
    ),
    max_size=6,
)


def standing(organization) -> list[Payment]:
    """Payments that are not taken back, in order."""
    return list(Payment.objects.owned_by(organization).standing().order_by("pk"))


def carry_out(organization, customer, act) -> None:
    """One thing that a person presses; what is refused changes nothing, which is checked too."""
    kind, place, *more = act
    invoices = list(Invoice.objects.owned_by(organization).order_by("pk"))
    taken = standing(organization)
    open_ones = [invoice for invoice in invoices if invoice.is_open]
    if kind == "full" and open_ones:
        chosen = {invoice: invoice.balance for invoice in open_ones[: place + 1]}
        take(organization, customer, chosen, more[0], ZERO)
    elif kind == "part" and open_ones:
        invoice = open_ones[place % len(open_ones)]
        part = min(more[1], invoice.balance)
        take(organization, customer, {invoice: part}, more[0], more[1] - part)
    elif kind == "use" and open_ones and taken:
        invoice, payment = open_ones[place % len(open_ones)], taken[place % len(taken)]
        if amount := min(more[0], invoice.balance, credit_left_of(payment)):
            allocate_credit(payment=payment, allocations={invoice: amount}, by=None)
    elif kind == "reverse" and taken:
        payment = taken[place % len(taken)]
        reverse_payment(payment=payment, reason="As it comes", by=None, keep_surcharge=more[0])


def take(organization, customer, allocations, method, credit) -> None:
    record_payment(
        customer=customer,
        method=a_method(organization, method),
        received_on=A_DAY,
        allocations=allocations,
        credit=credit,
        by=None,
    )


def check(organization) -> None:
    """Every document adds up, and all money is either on an invoice or credit."""
    for invoice in Invoice.objects.owned_by(organization):
        worked_out = invoice_totals(
            lines_of(invoice), percent=invoice.tax_percent, mode=invoice.tax_mode
        )
        parts = invoice.allocations.filter(released_at=None).values_list("amount", flat=True)
        assert (invoice.total, invoice.tax) == (worked_out.total, worked_out.tax)
        assert invoice.amount_paid == total_of(parts)
        assert invoice.balance == invoice.total - invoice.amount_paid >= 0
    settled = Allocation.objects.owned_by(organization).filter(released_at=None)
    used = total_of(settled.values_list("amount", flat=True))
    payments = standing(organization)
    credit = total_of(credit_left_of(payment) for payment in payments)
    assert total_of(payment.amount for payment in payments) == used + credit
    assert all(credit_left_of(payment) >= 0 for payment in payments)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(documents=documents, acts=acts)
def test_no_cent_appears_or_disappears_whatever_the_order(at_bright_spark, documents, acts):
    with transaction.atomic():
        mastercard(at_bright_spark)
        round_cash(organization=at_bright_spark, step=Decimal("0.05"), by=None)
        customer = a_customer(at_bright_spark)
        for entries, mode in documents:
            wanted = [a_line(str(amount), is_taxed=is_taxed) for amount, is_taxed in entries]
            an_invoice(at_bright_spark, customer=customer, lines=wanted, tax_mode=mode)
        totals = dict(Invoice.objects.owned_by(at_bright_spark).values_list("pk", "total"))
        for act in acts:
            try:
                with transaction.atomic():
                    carry_out(at_bright_spark, customer, act)
            except Refused:
                pass
            check(at_bright_spark)
        if not any(act[0] == "reverse" and act[2] for act in acts):
            for payment in reversed(standing(at_bright_spark)):
                reverse_payment(payment=payment, reason="All of it", by=None)
            check(at_bright_spark)
            now = dict(Invoice.objects.owned_by(at_bright_spark).values_list("pk", "total"))
            assert now == totals
        transaction.set_rollback(True)
