"""An invoice in the books, and what its bookkeeper does: the set-up of the tests of pulling."""

from decimal import Decimal

import pytest

from payments.models import Invoice, Payment
from tests.engine.business import Business


@pytest.fixture
def invoice(spark: Business) -> Invoice:
    """An invoice of 110.00 in the books."""
    made = spark.invoice(spark.customer("Jane Bloggs"))
    spark.drain()
    spark.ledger.calls.clear()
    return made


def customer_id(business: Business, invoice: Invoice) -> str:
    return business.link(invoice.customer).remote_id


def remote(business: Business, invoice: Invoice) -> str:
    return business.link(invoice).remote_id


def receive(business: Business, parts: dict[Invoice, str], **how: object):
    """The bookkeeper receives a payment in the books."""
    return business.ledger.receive(
        {remote(business, invoice): amount for invoice, amount in parts.items()},
        customer_id=customer_id(business, next(iter(parts))),
        **how,
    )


def the_payments(business: Business) -> list[Payment]:
    with business.acting():
        return list(Payment.objects.owned_by(business.organization).order_by("pk"))


def status(business: Business, invoice: Invoice) -> tuple[str, Decimal]:
    with business.acting():
        invoice.refresh_from_db()
    return invoice.status, invoice.balance
