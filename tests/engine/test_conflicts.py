"""Both sides change, names clash, documents vanish: nothing is overwritten silently."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from ascora.chart.models import TaxCode
from ascora.history.models import Verdict
from ascora.history.selectors import changes_for
from ascora.outbox.models import EntryState, Hold
from ascora.outbox.services import record_change
from integrations.contracts import CustomerRecord, InvoiceRecord, ItemRecord, Kind, RemoteRef
from integrations.errors import OutcomeUnknown
from integrations.pull import pull
from jobs.services import change_customer
from payments.models import Invoice, Payment
from tests.engine.business import Business
from tests.engine.fake_ledger import Knob


def in_books(business: Business) -> Invoice:
    invoice = business.invoice(business.customer("Jane Bloggs"))
    business.drain()
    return invoice


def test_a_payment_applied_meanwhile_does_not_stop_an_update(spark: Business) -> None:
    invoice = in_books(spark)
    spark.ledger.receive(
        {spark.link(invoice).remote_id: "10.00"}, customer_id=spark.link(invoice.customer).remote_id
    )
    spark.amend(invoice, price="200.00")
    spark.drain()
    assert spark.ledger.invoice(invoice.number).total == Decimal("220.00")
    assert spark.attempts(invoice) == [
        ("create", "done"),
        ("update", "failed"),
        ("update", "done"),
    ]


def test_an_edit_there_is_never_overwritten_by_an_edit_here(spark: Business) -> None:
    invoice = in_books(spark)
    spark.ledger.edit(spark.ledger.invoice(invoice.number), total=Decimal("150.00"))
    spark.amend(invoice, price="200.00")
    spark.drain()
    entry = spark.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.CHANGED_THERE)
    assert spark.ledger.invoice(invoice.number).total == Decimal("150.00")


def test_an_update_whose_answer_was_lost_is_recognised(spark: Business) -> None:
    invoice = in_books(spark)
    spark.amend(invoice, price="200.00")
    spark.ledger.knobs = [Knob("after", OutcomeUnknown("reset"))]
    spark.drain()
    pull(spark.organization)
    assert spark.entry(invoice).hold == Hold.NONE, "our own update is no stranger's edit"
    spark.time_passes()
    spark.drain()
    assert spark.entry(invoice).state == EntryState.DONE
    assert spark.attempts(invoice)[-1] == ("update", "adopted")


def test_both_sides_change_a_customer_and_neither_change_is_lost(spark: Business) -> None:
    invoice = in_books(spark)
    customer = invoice.customer
    record = spark.ledger.documents[Kind.CUSTOMER, spark.link(customer).remote_id]
    spark.ledger.edit(record, email="there@bloggs.test")
    with spark.acting():
        change_customer(customer=customer, by=None, phone="02 9999 0000")
    spark.drain(2)
    there = spark.ledger.documents[Kind.CUSTOMER, spark.link(customer).remote_id]
    assert isinstance(there, CustomerRecord)
    with spark.acting():
        customer.refresh_from_db()
    assert (there.email, there.phone) == ("there@bloggs.test", "02 9999 0000")
    assert (customer.email, customer.phone) == ("there@bloggs.test", "02 9999 0000")
    assert spark.entry(customer).state == EntryState.DONE


@pytest.mark.parametrize(
    ("ours_is_later", "wins", "verdict"),
    [(True, "ours@bloggs.test", Verdict.OURS), (False, "theirs@bloggs.test", Verdict.THEIRS)],
)
def test_a_field_that_both_sides_changed_is_the_newer_one_and_the_history_shows_both(
    spark: Business, ours_is_later: bool, wins: str, verdict: Verdict
) -> None:
    customer = in_books(spark).customer
    record = spark.ledger.documents[Kind.CUSTOMER, spark.link(customer).remote_id]
    with spark.acting():
        change_customer(customer=customer, by=None, email="ours@bloggs.test")
    spark.ledger.edit(record, email="theirs@bloggs.test")
    if ours_is_later:
        spark.ledger.age(timedelta(minutes=1))
    with spark.acting():
        # Another field of ours, changed later, does not make the e-mail newer.
        change_customer(customer=customer, by=None, phone="02 9999 0000")
    spark.drain(2)
    there = spark.ledger.documents[Kind.CUSTOMER, spark.link(customer).remote_id]
    with spark.acting():
        customer.refresh_from_db()
        told = changes_for(customer).exclude(verdict="").get()
    assert isinstance(there, CustomerRecord)
    assert (there.email, customer.email, there.phone) == (wins, wins, "02 9999 0000")
    assert {told.before, told.after} == {"ours@bloggs.test", "theirs@bloggs.test"}
    assert (told.field, told.after, told.verdict) == ("email", wins, verdict)


def test_the_number_of_a_bookkeepers_invoice_is_not_adopted(spark: Business) -> None:
    first = in_books(spark)
    theirs = spark.ledger.invoice(first.number)
    spark.ledger.documents[Kind.INVOICE, "888"] = replace(
        theirs, ref=RemoteRef(Kind.INVOICE, "888", "0"), number="INV-77", marker=""
    )
    invoice = spark.invoice(first.customer, number="INV-77")
    spark.drain()
    assert spark.entry(invoice).hold == Hold.REJECTED
    assert spark.attempts(invoice) == [("create", "failed")]


def test_our_item_that_exists_is_adopted_and_another_account_is_not(spark: Business) -> None:
    name = "Ascora 4100 Labour Income"
    item = ItemRecord(RemoteRef(Kind.ITEM, "5", "0"), name, "acc-4100", True, True)
    spark.ledger.documents[Kind.ITEM, "5"] = item
    invoice = spark.invoice()
    spark.drain()
    assert spark.ledger.invoice(invoice.number).lines[0].item_id == "5"
    other = ItemRecord(
        RemoteRef(Kind.ITEM, "6", "0"), "Ascora 4200 Materials Income", "acc-9", True, True
    )
    spark.ledger.documents[Kind.ITEM, "6"] = other
    blocked = spark.invoice(lines=(("supply", "10.00", True),))
    spark.drain()
    assert spark.entry(spark.accounts["4200"]).hold == Hold.DUPLICATE_NAME
    assert spark.entry(blocked).state == EntryState.WAITING
    assert "needs attention" in spark.entry(blocked).message or spark.entry(blocked).blocked_by_id


def test_a_suppliers_name_is_suffixed_once_and_kept(spark: Business) -> None:
    spark.ledger.other_names.add("Sparky")
    customer = spark.customer("Sparky")
    invoice = spark.invoice(customer)
    spark.drain()
    assert spark.entry(invoice).state == EntryState.DONE
    with spark.acting():
        change_customer(customer=customer, by=None, phone="1")
    spark.drain()
    (there,) = spark.ledger.of(Kind.CUSTOMER)
    assert isinstance(there, CustomerRecord)
    assert (there.name, there.phone) == ("Sparky (Customer)", "1")
    assert spark.entry(customer).state == EntryState.DONE


def test_a_difference_in_cents_is_shown_and_not_swallowed(spark: Business) -> None:
    spark.ledger.tax_percent = {"gst": Decimal("10.01"), "free": Decimal(0)}
    invoice = spark.invoice()
    spark.drain()
    entry = spark.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.AMOUNT_DIFFERS)
    assert entry.message == (
        "The books show 110.01, Ascora 110.00: a difference of 0.01. "
        "All of it is tax: 10.01 there, 10.00 here."
    )
    assert spark.link(invoice).total == Decimal("110.01")


def test_an_item_that_was_repointed_is_noticed(spark: Business) -> None:
    invoice = in_books(spark)
    (item,) = spark.ledger.of(Kind.ITEM)
    spark.ledger.documents[Kind.ITEM, item.ref.id] = replace(item, income_account_id="acc-9")
    second = spark.invoice(invoice.customer)
    spark.drain()
    entry = spark.entry(second)
    assert entry.hold == Hold.AMOUNT_DIFFERS
    assert "another income account" in entry.message


def test_a_reversed_payment_is_voided_there_before_its_invoice_is_voided(spark: Business) -> None:
    invoice = in_books(spark)
    payment = spark.payment({invoice: "110.00"})
    spark.drain()
    reverse(spark, payment)
    spark.void(invoice)
    spark.ledger.calls.clear()
    spark.drain(2)
    voids = [call for call, _ in spark.ledger.calls if call.startswith("void")]
    assert voids[0] == "void payment"
    assert set(voids[1:]) == {"void invoice"}
    record = spark.ledger.invoice(invoice.number)
    assert isinstance(record, InvoiceRecord)
    assert record.is_void


def reverse(business: Business, payment: Payment) -> None:
    from django.utils import timezone

    with business.acting():
        payment.reversed_at = timezone.now()
        payment.save()
        record_change(payment, by=None)


def test_a_payment_edited_there_and_reversed_here_says_both(spark: Business) -> None:
    payment = spark.payment({in_books(spark): "110.00"})
    spark.drain()
    (there,) = spark.ledger.of(Kind.PAYMENT)
    spark.ledger.edit(there, total=Decimal("90.00"), unapplied=Decimal(0))
    reverse(spark, payment)
    spark.drain(2)
    entry = spark.entry(payment)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.CHANGED_THERE)
    assert entry.message == (
        "It was changed in the books: 90.00 there now, 110.00 before; here it is reversed. Send"
        " Ascora's version to void it there, too, or enter it here once more as it is there."
    )
    assert [each.total for each in spark.ledger.of(Kind.PAYMENT)] == [Decimal("90.00")]


def test_a_payment_waits_for_its_invoices_update(spark: Business) -> None:
    invoice = in_books(spark)
    payment = spark.payment({invoice: "60.00"})
    spark.amend(invoice, price="200.00")
    with spark.acting():
        gst = TaxCode.objects.get(organization=spark.organization, remote_id="gst")
    spark.set(sales_tax_code=None)
    spark.drain()
    assert spark.entry(invoice).hold == Hold.NEEDS_MAPPING
    entry = spark.entry(payment)
    assert entry.state == EntryState.WAITING
    assert entry.message.startswith(f"Waits for Invoice {invoice.number}, which needs attention")
    spark.set(sales_tax_code=gst)
    spark.amend(invoice, price="200.00")
    spark.drain()
    assert spark.entry(payment).state == EntryState.DONE


def test_a_dependency_that_fails_stops_only_what_depends_on_it(spark: Business) -> None:
    blocked = [spark.invoice(lines=(("supply", "5.00", True),)) for _ in range(3)]
    spark.set(materials_account=None)
    free = spark.invoice()
    spark.drain()
    assert spark.entry(free).state == EntryState.DONE
    assert {spark.entry(one).hold for one in blocked} == {Hold.NEEDS_MAPPING}


def test_different_businesses_stay_apart_side_by_side(spark: Business, drain: Business) -> None:
    ours, theirs = spark.invoice(), drain.invoice()
    spark.drain()
    drain.drain()
    assert len(spark.ledger.of(Kind.INVOICE)) == len(drain.ledger.of(Kind.INVOICE)) == 1
    assert spark.ledger.invoice(ours.number).customer_id
    assert drain.ledger.invoice(theirs.number).customer_id
    assert {item.ref.id for item in spark.ledger.of(Kind.ITEM)}
