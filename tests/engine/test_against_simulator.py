"""The engine and the real QuickBooks client against the simulator over HTTP, judged by the
simulator's journal.
"""

import os
import signal
import warnings
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection as database

from ascora.outbox.models import EntryState
from integrations import customer_import, push
from integrations.contracts import Tokens
from integrations.models import ImportRun
from integrations.pull import pull
from payments.models import Invoice, InvoiceStatus, LineKind, TaxMode
from tests.engine.connected import Connected, company, running, spark
from tests.simulator.client import Company, Running

__all__ = ["company", "running", "spark"]


def everything(business: Connected) -> Invoice:
    """An invoice of many kinds of lines."""
    customer = business.customer('O\'Brien: & Sons "Plumbing"', email="o@brien.test")
    job = business.job(customer, labour_account="4110", materials_account="4210")
    lines = (
        (LineKind.LABOUR, "95.50", True, "3.5"),
        (LineKind.SUPPLY, "12.3456", True, "7"),
        (LineKind.SUPPLY, "40.00", False),
        (LineKind.OTHER, "-5.00", True),
    )
    return business.invoice(customer, lines=lines, job=job)


@pytest.mark.parametrize("pushes_lines", [True, False])
def test_both_sides_agree_account_by_account(spark: Connected, pushes_lines: bool) -> None:
    spark.set(pushes_lines=pushes_lines)
    invoice = everything(spark)
    spark.payment({invoice: "100.00"}, method="Mastercard")
    spark.drain()
    assert spark.entry(invoice).message == ""
    assert spark.entry(invoice).state == EntryState.DONE
    (remote,) = spark.remote_invoices(invoice.number)
    assert remote["TotalAmt"] == invoice.total
    assert spark.differences() == []
    assert spark.balances()["1150"] == Decimal("100.00")


def test_sixty_dollars_with_tax_inside_agree_to_the_cent(spark: Connected) -> None:
    lines = (
        (LineKind.LABOUR, "20.00", True),
        (LineKind.SUPPLY, "20.00", True),
        (LineKind.OTHER, "20.00", True),
    )
    invoice = spark.invoice(lines=lines, mode=TaxMode.INCLUSIVE)
    spark.drain()
    assert spark.entry(invoice).state == EntryState.DONE
    (remote,) = spark.remote_invoices(invoice.number)
    assert remote["TotalAmt"] == Decimal("60.00")
    assert spark.differences() == []


def test_amending_and_voiding_follow(spark: Connected) -> None:
    invoice = everything(spark)
    spark.drain()
    spark.amend(invoice, price="333.33")
    spark.drain()
    assert spark.entry(invoice).state == EntryState.DONE
    assert spark.differences() == []
    spark.void(invoice)
    spark.drain()
    assert spark.entry(invoice).state == EntryState.DONE
    assert spark.balances() == {}


def test_a_payment_received_there_marks_the_invoice_paid(spark: Connected) -> None:
    invoice = everything(spark)
    spark.drain()
    spark.company.running.control(
        f"/companies/{spark.company.realm}/bookkeeper/receive_payment",
        {"invoice_ids": [spark.link(invoice).remote_id], "account_number": "1100"},
    )
    assert pull(spark.organization).bad == []
    with spark.acting():
        invoice.refresh_from_db()
    assert invoice.status == InvoiceStatus.PAID
    assert spark.differences() == []
    assert pull(spark.organization).applied == 0
    spark.drain()
    assert spark.differences() == []


def test_one_cent_of_tampering_is_found(spark: Connected) -> None:
    everything(spark)
    spark.drain()
    spark.company.running.control(
        f"/companies/{spark.company.realm}/tamper", {"account_number": "4110", "cents": 1}
    )
    assert [difference.code for difference in spark.differences()] == ["4110"]


def test_a_dropped_reply_leaves_one_invoice(spark: Connected) -> None:
    spark.invoice()
    spark.drain()
    spark.company.running.control("/knobs", {"drop_reply": 1})
    invoice = spark.invoice()
    spark.drain(2)
    spark.time_passes(timedelta(seconds=151))
    spark.drain(2)
    assert spark.entry(invoice).state == EntryState.DONE
    assert len(spark.remote_invoices(invoice.number)) == 1
    assert spark.differences() == []


def test_a_server_error_before_anything_happened_is_sent_again(spark: Connected) -> None:
    spark.invoice()
    spark.drain()
    spark.company.running.control("/knobs", {"fail_before": 1})
    invoice = spark.invoice()
    spark.drain(2)
    spark.time_passes(timedelta(seconds=151))
    spark.drain(2)
    assert len(spark.remote_invoices(invoice.number)) == 1
    assert spark.differences() == []


def test_a_name_of_a_supplier_gets_a_suffix(spark: Connected) -> None:
    spark.company.post("Vendor", {"DisplayName": "Sparky Supplies"})
    invoice = spark.invoice(spark.customer("Sparky Supplies"))
    spark.drain(2)
    assert spark.entry(invoice).state == EntryState.DONE
    (customer,) = spark.company.rows("Customer")
    assert customer["DisplayName"] == "Sparky Supplies (Customer)"


def test_a_customer_that_is_there_already_is_adopted(spark: Connected) -> None:
    spark.company.post("Customer", {"DisplayName": "Known Already"})
    invoice = spark.invoice(spark.customer("Known Already"))
    spark.drain(2)
    assert spark.entry(invoice).state == EntryState.DONE
    assert len(spark.company.rows("Customer")) == 1


def test_closed_books_hold_the_invoice_with_a_sentence(spark: Connected) -> None:
    spark.company.running.control(
        f"/companies/{spark.company.realm}/bookkeeper/close_books", {"date": "2026-12-31"}
    )
    invoice = spark.invoice()
    spark.drain()
    entry = spark.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, "period_closed")
    assert entry.message


def test_two_thousand_five_hundred_customers_are_imported(
    spark: Connected, running: Running
) -> None:
    full = Company(running, name="Many", country="AU", customers=2500, seed=7)
    spark.company = full
    spark.tokens = Tokens(full.tokens["access_token"], spark.tokens.access_expires_at, "r")
    with spark.acting():
        customer_import.start_import(connection=spark.connection, by=None)
    while customer_import.run(spark.organization):
        pass
    with spark.acting():
        (run,) = ImportRun.objects.owned_by(spark.organization)
    assert run.state == "done"
    assert run.seen == run.expected == 2500


def worker(business: Connected, *, crash_at: str = "") -> int:
    """A process of its own that drains once; how it ended (negative: the signal that killed it)."""
    _, ended = os.waitpid(forked(business, crash_at=crash_at), 0)
    return os.waitstatus_to_exitcode(ended)


def forked(business: Connected, *, crash_at: str = "") -> int:
    """The process id of such a worker."""
    with warnings.catch_warnings():
        # The simulator's thread stays behind in the parent: the child does not need it.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        # The socket to the database is the parent's: forgotten, not closed.
        database.connection = None
        settings.CRASH_AT = crash_at
        push.drain(business.organization)
        os._exit(0)
    return child


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["k3", "k4", "k7", "k8"])
def test_a_worker_killed_by_the_system_leaves_one_invoice(
    transactional_db: None, spark: Connected, point: str
) -> None:
    first = spark.invoice()
    push.drain(spark.organization)
    invoice = spark.invoice(first.customer)
    assert worker(spark, crash_at=point) == -signal.SIGKILL
    spark.time_passes(timedelta(seconds=151))
    assert worker(spark) == 0
    assert spark.entry(invoice).state == EntryState.DONE
    assert len(spark.remote_invoices(invoice.number)) == 1
    assert spark.differences() == []
