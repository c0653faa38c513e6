"""Documents reach the books once, in the right order, with the right accounts."""

from decimal import Decimal

from ascora.outbox.models import EntryState, Hold
from integrations.contracts import Kind
from payments.models import LineKind
from tests.engine.business import Business


def test_an_issued_invoice_reaches_the_books_after_its_customer_and_its_item(
    spark: Business,
) -> None:
    invoice = spark.invoice()
    spark.drain()
    assert [call for call, _ in spark.ledger.calls] == [
        "create item",
        "create customer",
        "create invoice",
    ]
    assert spark.ledger.invoice(invoice.number).total == Decimal("110.00")
    assert spark.entry(invoice).state == EntryState.DONE
    assert spark.link(invoice).total == Decimal("110.00")
    assert spark.attempts(invoice) == [("create", "done")]


def test_a_customer_without_an_invoice_stays_here(spark: Business) -> None:
    from ascora.outbox.services import record_change

    customer = spark.customer()
    with spark.acting():
        record_change(customer, by=None)
    spark.drain()
    assert spark.ledger.calls == []
    assert spark.entry(customer).message == "Goes to the books before its first invoice."


def test_income_follows_the_codes_of_job_type_and_settings(spark: Business) -> None:
    customer = spark.customer()
    job = spark.job(customer, labour_account="4110")
    lines = ((LineKind.LABOUR, "350.00", True), (LineKind.SUPPLY, "80.00", True))
    invoice = spark.invoice(customer, lines=lines, job=job)
    spark.drain()
    record = spark.ledger.invoice(invoice.number)
    assert [line.income_account_id for line in record.lines] == ["acc-4110", "acc-4200"]
    names = sorted(item.name for item in spark.ledger.of(Kind.ITEM))
    assert names == ["Ascora 4110 Domestic Labour", "Ascora 4200 Materials Income"]


def test_a_payment_follows_its_invoice_into_the_right_account(spark: Business) -> None:
    invoice = spark.invoice()
    payment = spark.payment({invoice: "60.00"}, method="Mastercard")
    spark.drain()
    (record,) = spark.ledger.of(Kind.PAYMENT)
    assert record.total == Decimal("60.00")
    assert record.deposit_account_id == "acc-1150"
    assert record.method_id == "pm-1"
    assert spark.ledger.invoice(invoice.number).balance == Decimal("50.00")
    assert spark.entry(payment).state == EntryState.DONE


def test_an_amended_invoice_is_updated_and_a_voided_one_voided(spark: Business) -> None:
    invoice = spark.invoice()
    spark.drain()
    spark.amend(invoice, price="200.00")
    spark.drain()
    assert spark.ledger.invoice(invoice.number).total == Decimal("220.00")
    spark.void(invoice)
    spark.drain(2)
    assert spark.ledger.invoice(invoice.number).is_void
    assert spark.attempts(invoice) == [("create", "done"), ("update", "done"), ("void", "done")]


def test_a_missing_code_holds_the_invoice_and_names_it(spark: Business) -> None:
    spark.set(labour_account=None)
    invoice = spark.invoice()
    other = spark.invoice(lines=((LineKind.SUPPLY, "10.00", True),))
    spark.drain()
    entry = spark.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.NEEDS_MAPPING)
    assert "Labour Income Account (K)" in entry.message
    assert spark.entry(other).state == EntryState.DONE
