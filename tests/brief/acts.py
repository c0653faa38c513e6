"""What the tests of the brief do over and over: issue, take, read, look at the balances."""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from ascora.tenancy.models import OwnedModel
from integrations.pull import pull
from payments.models import Invoice, Payment
from tests.builders import a_method, a_payment, an_invoice
from tests.engine.connected import Connected

PAID_ON = date(2026, 11, 12)
R = TypeVar("R", bound=OwnedModel)


def amounts(**numbers: str) -> dict[str, Decimal]:
    """Account number (with an a before it) to balance, debit positive."""
    return {number[1:]: Decimal(amount) for number, amount in numbers.items()}


def issued(spark: Connected, *nets: str, **values: Any) -> Invoice:
    """Issued and sent: 100.00 of labour unless other net amounts are given."""
    with spark.acting():
        invoice = an_invoice(spark.organization, *nets, **values)
    spark.drain(2)
    return invoice


def paid(
    spark: Connected, invoice: Invoice, method: str = "Direct Deposit", **values: Any
) -> Payment:
    """Taken here, the invoice's balance unless an amount is given, and sent."""
    with spark.acting():
        invoice.refresh_from_db()
        values.setdefault("received_on", PAID_ON)
        payment = a_payment(invoice, method=a_method(spark.organization, method), **values)
    spark.drain(3)
    return payment


def received_there(spark: Connected, invoice: Invoice, account: str, **wish: Any) -> None:
    """The bookkeeper receives it in QuickBooks, and Ascora reads the books."""
    spark.company.bookkeeper(
        "receive_payment",
        invoice_ids=[spark.link(invoice).remote_id],
        account_number=account,
        **wish,
    )
    assert pull(spark.organization).bad == []


def again(spark: Connected, row: R) -> R:
    """As the database has it now."""
    with spark.acting():
        row.refresh_from_db()
    return row


def account_of(spark: Connected, payment: Payment) -> str:
    """The number of the account in which its money stands."""
    with spark.acting():
        payment.refresh_from_db()
        return payment.deposit_account.code if payment.deposit_account else ""


def there(spark: Connected, invoice: Invoice) -> dict[str, Any]:
    """The invoice as QuickBooks has it."""
    (found,) = spark.remote_invoices(invoice.number)
    return found


def sold(remote: dict[str, Any]) -> list[tuple[str, Decimal, str, str]]:
    """Description, net amount, item and tax code of each line that sells something."""
    lines = [line for line in remote["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    return [
        (
            line["Description"],
            line["Amount"],
            line["SalesItemLineDetail"]["ItemRef"]["name"],
            line["SalesItemLineDetail"]["TaxCodeRef"]["value"],
        )
        for line in lines
    ]
