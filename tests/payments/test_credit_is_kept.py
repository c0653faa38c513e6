"""Whatever is done to credit in whatever order: no cent is lost or invented."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascora.chart.models import AccountKind
from ascora.common.money import total_of
from payments.models import (
    Allocation,
    CreditApplication,
    CreditNote,
    CreditPart,
    Invoice,
    Refund,
)
from payments.services import (
    Refused,
    apply_credit_note,
    record_external_application,
    refund_credit_note,
    reverse_application,
    reverse_external_application,
    reverse_refund,
    void_credit_note,
    void_invoice,
)
from tests.builders import (
    A_DAY,
    a_credit_line,
    a_credit_note,
    a_customer,
    a_payment,
    an_income_account,
    an_invoice,
)

cents = st.integers(min_value=1, max_value=20_000).map(lambda n: Decimal(n) / 100)
WHAT = (
    "invoice", "note", "apply", "unapply", "refund", "back", "void", "void_note", "pay", "books",
    "gone",
)  # fmt: skip
steps = st.lists(
    st.tuples(
        st.sampled_from(WHAT),
        st.integers(min_value=0, max_value=9),
        st.integers(min_value=0, max_value=9),
        cents,
        st.tuples(st.booleans(), st.sampled_from(["exclusive", "inclusive"])),
    ),
    max_size=16,
)


class Business:
    """What people and the books do to one customer's credit."""

    def __init__(self, organization):
        self.organization = organization
        self.customer = a_customer(organization)
        self.bank = an_income_account(organization, kind=AccountKind.BANK)
        an_invoice(organization, "60.00", customer=self.customer)
        a_credit_note(organization, "50.00", customer=self.customer)

    def rows(self, model):
        return list(model.objects.owned_by(self.organization).order_by("pk"))

    def pick(self, model, which):
        rows = self.rows(model)
        return rows[which % len(rows)] if rows else None

    def do(self, what, which, other, amount, kind):
        note, invoice = self.pick(CreditNote, which), self.pick(Invoice, other)
        if what in {"apply", "refund", "void", "void_note", "pay"}:
            getattr(self, f"_{what}")(note, invoice, amount)
        elif what in {"invoice", "note"}:
            getattr(self, f"_{what}")(amount, *kind)
        else:
            self._take_back(what, which, note, invoice, amount)

    def _invoice(self, amount, _, mode):
        an_invoice(self.organization, str(amount), customer=self.customer, tax_mode=mode)

    def _note(self, amount, is_taxed, mode):
        lines = [a_credit_line(str(amount), is_taxed=is_taxed)]
        a_credit_note(self.organization, customer=self.customer, lines=lines, tax_mode=mode)

    def _apply(self, note, invoice, amount):
        apply_credit_note(credit_note=note, allocations={invoice: amount}, by=None)

    def _refund(self, note, _, amount):
        terms = {"paid_from": self.bank, "paid_on": A_DAY, "reference": ""}
        refund_credit_note(credit_note=note, amount=amount, by=None, **terms)

    def _void(self, _, invoice, __):
        void_invoice(invoice=invoice, reason="Mistake", by=None)

    def _void_note(self, note, *_):
        void_credit_note(credit_note=note, reason="Mistake", by=None)

    def _pay(self, _, invoice, amount):
        a_payment(invoice, str(min(amount, invoice.balance)))

    def _take_back(self, what, which, note, invoice, amount):
        use, refund = self.pick(CreditApplication, which), self.pick(Refund, which)
        if what == "unapply" and use:
            reverse_application(application=use, reason="Mistake", by=None)
        elif what == "back" and refund:
            reverse_refund(refund=refund, reason="Mistake", by=None)
        elif what == "gone" and use and not use.refund_id:
            reverse_external_application(application=use, reason="Gone", origin="books")
        elif what == "books":
            self.found(use, note, invoice, amount)

    def found(self, use, note, invoice, amount):
        if use is not None and use.refund_id:
            use = None
        record_external_application(
            origin="books",
            application=use,
            customer=self.customer,
            applied_on=A_DAY,
            uses={note: amount},
            settles={invoice: amount},
            payment=None,
        )

    def prove(self):
        parts = [part for part in self.rows(CreditPart) if part.released_at is None]
        for note in self.rows(CreditNote):
            assert note.amount_applied + note.amount_refunded + note.remaining == note.total
            assert note.remaining >= 0
            own = [part for part in parts if part.credit_note_id == note.pk]
            assert note.amount_applied == total_of(p.amount for p in own if p.invoice_id)
            assert note.amount_refunded == total_of(p.amount for p in own if not p.invoice_id)
        for invoice in self.rows(Invoice):
            paid = total_of(
                a.amount
                for a in self.rows(Allocation)
                if a.invoice_id == invoice.pk and a.released_at is None
            )
            credit = total_of(p.amount for p in parts if p.invoice_id == invoice.pk)
            assert invoice.amount_paid == paid + credit
            assert invoice.balance == invoice.total - invoice.amount_paid >= 0
        refunds = [r for r in self.rows(Refund) if r.reversed_at is None]
        assert total_of(r.amount for r in refunds) == total_of(
            note.amount_refunded for note in self.rows(CreditNote)
        )


@pytest.mark.usefixtures("at_bright_spark")
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(taken=steps)
def test_applied_and_refunded_and_remaining_are_the_total(bright_spark, taken):
    with transaction.atomic():
        business = Business(bright_spark)
        for step in taken:
            with suppress(Refused), transaction.atomic():
                business.do(*step)
            business.prove()
        transaction.set_rollback(True)
