"""Two people press at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from ascora.common.money import total_of
from ascora.tenancy.models import Organization
from ascora.tenancy.rls import acting_for
from payments.models import Allocation, Invoice
from payments.services import (
    Refused,
    apply_credit_note,
    draft_invoice_from_job,
    issue_invoice,
    reverse_payment,
)
from tests.builders import (
    a_credit_note,
    a_draft,
    a_job,
    a_labour_entry,
    a_payment,
    an_invoice,
)
from tests.conftest import an_organization

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy() -> Organization:
    """A business whose rows are committed; the whole database is emptied afterwards."""
    return an_organization("Busy Brothers", bob="owner")


def at_once(organization: Organization, *presses: Callable[[], object]) -> list[object]:
    """All presses in the same moment, each on a connection of its own; refusals are answers."""
    start = Barrier(len(presses), timeout=10)

    def press(action: Callable[[], object]) -> object:
        try:
            start.wait()
            with acting_for(organization):
                return action()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as threads:
        return list(threads.map(press, presses, timeout=60))


def test_issuing_at_once_gives_consecutive_numbers_without_gaps(busy):
    with acting_for(busy):
        drafts = [a_draft(busy) for _ in range(6)]
    at_once(busy, *(lambda d=draft: issue_invoice(invoice=d, by=None) for draft in drafts))
    with acting_for(busy):
        numbers = Invoice.objects.owned_by(busy).values_list("number", flat=True)
        assert sorted(numbers) == [f"INV-{number}" for number in range(1001, 1007)]


def test_invoicing_a_job_at_once_makes_one_invoice(busy):
    with acting_for(busy):
        job = a_job(busy)
        a_labour_entry(job)
    answers = at_once(busy, *([lambda: draft_invoice_from_job(job=job, by=None)] * 4))
    with acting_for(busy):
        assert Invoice.objects.owned_by(busy).get().total == Decimal("209.00")
    assert sum(isinstance(answer, Refused) for answer in answers) == 3


def test_paying_at_once_never_pays_more_than_is_owed(busy):
    with acting_for(busy):
        invoice = an_invoice(busy)
    answers = at_once(busy, *([lambda: a_payment(invoice, "60.00")] * 3))
    with acting_for(busy):
        invoice.refresh_from_db()
        settled = total_of(a.amount for a in Allocation.objects.owned_by(busy))
    assert (invoice.balance, settled) == (Decimal(50), Decimal(60))
    assert sum(isinstance(answer, Refused) for answer in answers) == 2


def test_reversing_at_once_reverses_once(busy):
    with acting_for(busy):
        invoice = an_invoice(busy)
        payment = a_payment(invoice)
    press = [lambda: reverse_payment(payment=payment, reason="Bounced", by=None)] * 2
    answers = at_once(busy, *press)
    with acting_for(busy):
        invoice.refresh_from_db()
    assert invoice.balance == Decimal(110)
    assert sum(isinstance(answer, Refused) for answer in answers) == 1


def test_applying_a_credit_at_once_uses_it_once(busy):
    with acting_for(busy):
        note = a_credit_note(busy, "40.00")
        first, second = (an_invoice(busy, customer=note.customer) for _ in range(2))
    answers = at_once(
        busy,
        *(
            lambda i=invoice: apply_credit_note(
                credit_note=note, allocations={i: Decimal(44)}, by=None
            )
            for invoice in (first, second)
        ),
    )
    with acting_for(busy):
        note.refresh_from_db(), first.refresh_from_db(), second.refresh_from_db()
    assert (note.amount_applied, note.remaining) == (Decimal(44), 0)
    assert first.balance + second.balance == Decimal(176)
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
