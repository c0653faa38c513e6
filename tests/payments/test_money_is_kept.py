"""Whatever happens in whatever order: no cent is lost or invented."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascora.common.money import total_of
from payments.models import Allocation, Invoice, Payment
from payments.services import (
    NewLine,
    Refused,
    amend_invoice,
    record_external_payment,
    record_payment,
    reverse_external_payment,
    reverse_payment,
    void_invoice,
)
from payments.totals import invoice_totals
from tests.builders import A_DAY, a_customer, a_line, a_method, an_invoice, mastercard

cents = st.integers(min_value=1, max_value=40_000).map(lambda n: Decimal(n) / 100)
mixed_lines = st.lists(st.tuples(cents, st.booleans()), min_size=1, max_size=3)
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["issue", "pay", "card", "several", "reverse", "keep", "amend", "void", "books", "gone"]
        ),
        st.integers(min_value=0, max_value=9),
        cents,
        mixed_lines,
        st.sampled_from(["exclusive", "inclusive"]),
    ),
    max_size=14,
)


class Business:
    """What people and the books do to one customer's invoices."""

    def __init__(self, organization):
        self.organization = organization
        self.customer = a_customer(organization)
        self.card = mastercard(organization)
        self.cash = a_method(organization)

    def invoices(self):
        return list(Invoice.objects.owned_by(self.organization).order_by("pk"))

    def payments(self):
        return list(Payment.objects.owned_by(self.organization).order_by("pk"))

    def do(self, what, which, amount, lines, mode):
        if what == "issue":
            new = [a_line(str(price), is_taxed=taxed) for price, taxed in lines]
            an_invoice(self.organization, customer=self.customer, lines=new, tax_mode=mode)
            return
        rows = self.payments() if what in {"reverse", "keep", "gone"} else self.invoices()
        if rows:
            getattr(self, f"_{what}")(rows[which % len(rows)], amount, lines)

    def _take(self, method, allocations, **more):
        record_payment(
            customer=self.customer,
            method=method,
            received_on=A_DAY,
            allocations=allocations,
            by=None,
            **more,
        )

    def _pay(self, invoice, amount, _):
        part = min(amount, invoice.balance)
        self._take(self.cash, {invoice: part}, credit=amount - part)

    def _card(self, invoice, amount, _):
        self._take(self.card, {invoice: min(amount, invoice.balance)})

    def _several(self, _, amount, lines):
        parts = {i: min(amount, i.balance) for i in self.invoices() if i.is_open}
        own = True if len(lines) == 3 else None
        self._take(self.card, parts, surcharge_invoice=own)

    def _reverse(self, payment, _, __):
        reverse_payment(payment=payment, reason="Bounced", by=None)

    def _keep(self, payment, _, __):
        reverse_payment(payment=payment, reason="Bounced", by=None, keep_surcharge=True)

    def _amend(self, invoice, _, lines):
        new = [
            NewLine(description="Amended", unit_price=price, is_taxed=taxed)
            for price, taxed in lines
        ]
        amend_invoice(invoice=invoice, reason="Because", by=None, lines=new)

    def _void(self, invoice, _, __):
        void_invoice(invoice=invoice, reason="Because", by=None)

    def _books(self, invoice, amount, lines):
        payments = self.payments()
        known = payments[-1] if payments and len(lines) > 1 else None
        record_external_payment(
            organization=self.organization,
            customer=self.customer,
            received_on=A_DAY,
            amount=amount,
            allocations={invoice: lines[0][0]},
            method=self.cash,
            reference="",
            origin="books",
            payment=known,
        )

    def _gone(self, payment, _, __):
        reverse_external_payment(payment=payment, reason="Deleted", origin="books")

    def prove(self):
        standing = Allocation.objects.owned_by(self.organization).filter(released_at=None)
        for invoice in self.invoices():
            settled = total_of(a.amount for a in standing.filter(invoice=invoice))
            assert invoice.amount_paid == settled
            assert invoice.balance == invoice.total - settled >= 0
            lines = invoice.lines.filter(released_at=None)
            again = invoice_totals(lines, percent=invoice.tax_percent, mode=invoice.tax_mode)
            assert (again.subtotal, again.tax, again.total) == (
                invoice.subtotal,
                invoice.tax,
                invoice.total,
            )
            assert invoice.versions.count() == invoice.version
        for payment in self.payments():
            settled = total_of(a.amount for a in standing.filter(payment=payment))
            assert settled == 0 if payment.is_reversed else 0 <= settled <= payment.amount


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_no_cent_is_lost_or_invented_whatever_the_order(at_bright_spark, story):
    sid = transaction.savepoint()
    business = Business(at_bright_spark)
    business.do("issue", 0, Decimal(1), [(Decimal("100.02"), True)], "exclusive")
    for step in story:
        with suppress(Refused):
            business.do(*step)
        business.prove()
    transaction.savepoint_rollback(sid)
