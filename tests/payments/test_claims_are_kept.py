"""Whatever the split and the order: all claims together are the fixed price to the cent."""

from contextlib import suppress
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascora.common.money import total_of
from jobs.services import change_job
from payments.claims import Claim, left_of, share_of, with_tax
from payments.models import Invoice
from payments.selectors import editable_lines_of, fixed_price_of
from payments.services import (
    NewLine,
    Share,
    amend_invoice,
    change_draft,
    claim_fixed_price,
    delete_draft,
    draft_invoice_from_job,
    issue_invoice,
    void_invoice,
)
from payments.totals import PricedLine, invoice_totals
from tests.builders import a_job

prices = st.integers(min_value=1, max_value=1_000_000).map(lambda cents: Decimal(cents) / 100)
percents = st.integers(min_value=1, max_value=1_000_000).map(lambda parts: Decimal(parts) / 10_000)


@st.composite
def splits_of_a_hundred(draw):
    """Percentages that make up a hundred, in whole ten-thousandths."""
    cuts = sorted(draw(st.lists(st.integers(1, 999_999), max_size=9, unique=True)))
    edges = [0, *cuts, 1_000_000]
    return [Decimal(b - a) / 10_000 for a, b in pairwise(edges)]


@given(price=prices, split=splits_of_a_hundred())
def test_percentages_that_make_up_a_hundred_make_up_the_price(price, split):
    claims = []
    for percent in split:
        claims.append(Claim(share_of(price, percent, claims), percent))
    assert total_of(claim.net for claim in claims) == price
    assert left_of(price, claims) == 0


@given(
    net=prices, percent=st.sampled_from([Decimal(0), Decimal(10), Decimal(15), Decimal("8.875")])
)
def test_what_a_claim_comes_to_with_tax_contains_it_exactly(net, percent):
    line = PricedLine(with_tax(net, percent))
    assert invoice_totals([line], percent=percent, mode="inclusive").subtotal == net


WHAT = [
    "percent",
    "amount",
    "inclusive",
    "issue",
    "void",
    "delete",
    "amend",
    "edit",
    "lower",
    "raise",
]
steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "percent",
                "amount",
                "inclusive",
                "issue",
                "void",
                "delete",
                "amend",
                "edit",
                "lower",
                "raise",
            ]
        ),
        st.integers(min_value=0, max_value=9),
        percents,
        prices,
    ),
    max_size=12,
)


class Office:
    """What people do to one fixed-price job."""

    def __init__(self, organization, price):
        self.organization = organization
        self.job = a_job(organization, pricing="fixed_price", fixed_price=price)

    def do(self, what, which, percent, amount):
        if what in {"percent", "amount"}:
            share = Share(percent=percent) if what == "percent" else Share(amount=amount)
            claim_fixed_price(job=self.job, name="Claim", share=share, by=None)
        elif what in {"lower", "raise"}:
            price = self.price.price + (amount if what == "raise" else -amount)
            self.job = change_job(job=self.job, by=None, fixed_price=price)
        else:
            rows = list(Invoice.objects.owned_by(self.organization).order_by("pk"))
            if rows:
                getattr(self, f"_{what}")(rows[which % len(rows)], amount)

    def _inclusive(self, invoice, _amount):
        lines = [
            NewLine(
                existing=line,
                description=line.description,
                kind=line.kind,
                unit_price=with_tax(line.amount, invoice.tax_percent),
            )
            for line in editable_lines_of(invoice)
        ]
        if invoice.tax_mode == "exclusive":
            change_draft(invoice=invoice, by=None, lines=lines, tax_mode="inclusive")

    def _at(self, invoice, amount):
        (line,) = editable_lines_of(invoice)
        return [
            NewLine(existing=line, description=line.description, kind=line.kind, unit_price=amount)
        ]

    def _edit(self, invoice, amount):
        change_draft(invoice=invoice, by=None, lines=self._at(invoice, amount))

    def _amend(self, invoice, amount):
        amend_invoice(invoice=invoice, reason="So", by=None, lines=self._at(invoice, amount))

    def _issue(self, invoice, _amount):
        issue_invoice(invoice=invoice, by=None)

    def _void(self, invoice, _amount):
        void_invoice(invoice=invoice, reason="So", by=None)

    def _delete(self, invoice, _amount):
        delete_draft(invoice=invoice, by=None)

    @property
    def price(self):
        self.job.refresh_from_db()
        return fixed_price_of(self.job)

    def standing(self):
        rows = Invoice.objects.owned_by(self.organization)
        return [invoice for invoice in rows if not invoice.is_void]


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(price=prices, story=steps)
def test_in_any_order_claims_stay_within_the_price_and_the_last_takes_the_rest(
    at_bright_spark, price, story
):
    with transaction.atomic():
        office = Office(at_bright_spark, price)
        for step in story:
            with suppress(ValidationError), transaction.atomic():
                office.do(*step)
            assert office.price.left >= 0
            assert office.price.claimed == total_of(row.subtotal for row in office.standing())
        if office.price.left:
            draft_invoice_from_job(job=office.job, by=None)
        assert office.price.left == 0
        assert total_of(row.subtotal for row in office.standing()) == office.price.price
        transaction.set_rollback(True)
