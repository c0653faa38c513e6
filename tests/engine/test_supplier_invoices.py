"""Supplier invoices and credits in the simulator's double-entry books: accounts, tax, cents."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ascora.attachments.files import checked_file
from ascora.attachments.services import attach
from ascora.chart.models import TaxCode
from ascora.common.money import to_cents
from ascora.outbox.models import EntryState, Hold
from integrations import repairs
from integrations.pull import pull
from integrations.reports.tables import Period
from integrations.reports.tax import gst_cash
from integrations.selectors import destinations_of
from integrations.selectors.profit import profit_of
from inventory.models import Supplier, SupplierInvoice
from inventory.selectors import lines_of_supplier_invoice
from inventory.services import (
    NewCost,
    approve_supplier_invoice,
    change_supplier,
    change_supplier_invoice,
    create_supplier,
    draft_supplier_invoice,
    void_supplier_invoice,
)
from jobs.services import allocate_line
from tests.engine.business import ISSUED_ON
from tests.engine.connected import Connected, company, running, spark

__all__ = ["company", "running", "spark"]

PAYABLE, BANK, TAX = "2100", "1100", "2200"
DEFAULT, SUPPLIERS, CHOSEN = "5100", "5200", "5300"


@pytest.fixture
def buying(spark: Connected) -> Connected:
    """With the codes C, D and I."""
    with spark.acting():
        codes = TaxCode.objects.owned_by(spark.organization).order_by("pk")
        spark.set(
            purchase_tax_code=codes.filter(purchase_percent=10).first(),
            purchase_free_code=codes.filter(purchase_percent=0).first(),
            supplier_invoice_account=spark.accounts[DEFAULT],
        )
    return spark


@pytest.fixture
def reece(buying: Connected) -> Supplier:
    with buying.acting():
        return create_supplier(organization=buying.organization, by=None, name="Reece Plumbing")


def cost(amount: str, **values: object) -> NewCost:
    return NewCost(description="Copper pipe", unit_cost=Decimal(amount), **values)


def approved(
    business: Connected, supplier: Supplier, *costs: NewCost, **values: object
) -> SupplierInvoice:
    """One that counts, with these lines."""
    with business.acting():
        invoice = draft_supplier_invoice(
            supplier=supplier, by=None, lines=costs, **({"dated_on": ISSUED_ON} | values)
        )
        return approve_supplier_invoice(invoice=invoice, by=None)


def sent(business: Connected, invoice: SupplierInvoice) -> None:
    business.drain(3)
    entry = business.entry(invoice)
    assert (entry.state, entry.message) == (EntryState.DONE, "")


def moved(business: Connected, **amounts: str) -> None:
    """The trial balance holds exactly these, debit positive, and ours says the same."""
    wanted = {number.removeprefix("a"): Decimal(amount) for number, amount in amounts.items()}
    assert business.balances() == wanted
    assert business.differences() == []


def read(business: Connected) -> None:
    business.time_passes()
    assert pull(business.organization).bad == []


def again(business: Connected, invoice: SupplierInvoice) -> SupplierInvoice:
    with business.acting():
        invoice.refresh_from_db()
    return invoice


def test_costs_before_tax_move_their_account_the_tax_and_payables(buying, reece):
    invoice = approved(
        buying, reece, cost("33.335", quantity=Decimal(3)), cost("0.04"), number="R-1001",
        due_on=date(2026, 12, 1),
    )  # fmt: skip
    sent(buying, invoice)
    moved(buying, a5100="100.05", a2200="10.01", a2100="-110.06")
    (bill,) = buying.company.rows("Bill")
    assert (bill["DocNumber"], bill["DueDate"]) == ("R-1001", "2026-12-01")
    assert bill["VendorRef"]["name"] == "Reece Plumbing"
    details = [line["AccountBasedExpenseLineDetail"] for line in bill["Line"]]
    assert {detail["BillableStatus"] for detail in details} == {"NotBillable"}


def test_sixty_dollars_with_tax_inside_are_a_bill_of_sixty_dollars(buying, reece):
    invoice = approved(buying, reece, cost("60.00"), tax_mode="inclusive")
    sent(buying, invoice)
    moved(buying, a5100="54.55", a2200="5.45", a2100="-60.00")


@pytest.mark.parametrize(
    ("mode", "amounts"),
    [
        ("exclusive", {"a5100": "76.65", "a5300": "20.00", "a2200": "8.67", "a2100": "-105.32"}),
        ("inclusive", {"a5100": "70.59", "a5300": "18.18", "a2200": "7.88", "a2100": "-96.65"}),
    ],
)
def test_mixed_tax_goes_with_c_and_d_and_a_line_to_its_own_account(buying, reece, mode, amounts):
    with buying.acting():
        own = buying.accounts[CHOSEN]
    lines = [cost("66.65"), cost("10.00", is_taxed=False), cost("20.00", account=own)]
    invoice = approved(buying, reece, *lines, tax_mode=mode)
    sent(buying, invoice)
    moved(buying, **amounts)


def test_the_suppliers_account_goes_before_i_and_every_line_says_why(buying, reece):
    with buying.acting():
        change_supplier(supplier=reece, by=None, expense_account=buying.accounts[SUPPLIERS])
        own = buying.accounts[CHOSEN]
    invoice = approved(buying, reece, cost("10.00"), cost("20.00", account=own))
    sent(buying, invoice)
    moved(buying, a5200="10.00", a5300="20.00", a2200="3.00", a2100="-33.00")
    with buying.acting():
        whys = [destination.why for destination in destinations_of(invoice)]
    assert whys == ["Account code of supplier Reece Plumbing.", "Chosen on the line."]


def test_a_supplier_credit_takes_cost_tax_and_payables_back(buying, reece):
    credit = approved(buying, reece, cost("40.00"), type="credit", number="CR-9")
    sent(buying, credit)
    moved(buying, a5100="-40.00", a2200="-4.00", a2100="44.00")
    (there,) = buying.company.rows("VendorCredit")
    assert (there["TotalAmt"], there["DocNumber"]) == (Decimal("44.00"), "CR-9")
    assert buying.company.rows("Bill") == []


def test_a_change_travels_and_moves_exactly_the_new_amounts(buying, reece):
    invoice = approved(buying, reece, cost("100.00"))
    sent(buying, invoice)
    with buying.acting():
        (line,) = lines_of_supplier_invoice(invoice)
        wanted = [cost("80.00", existing=line), cost("5.00", is_taxed=False)]
        change_supplier_invoice(
            invoice=invoice, by=None, lines=wanted, number="R-2", tax_mode="inclusive"
        )
    sent(buying, invoice)
    moved(buying, a5100="77.73", a2200="7.27", a2100="-85.00")
    (bill,) = buying.company.rows("Bill")
    assert bill["DocNumber"] == "R-2"
    assert [way for way, _ in buying.attempts(invoice)] == ["create", "update"]


@pytest.mark.parametrize("kind", ["invoice", "credit"])
def test_a_void_one_leaves_nothing(buying, reece, kind):
    invoice = approved(buying, reece, cost("100.00"), type=kind)
    sent(buying, invoice)
    with buying.acting():
        void_supplier_invoice(invoice=invoice, by=None)
    buying.drain(2)
    assert buying.entry(invoice).state == EntryState.DONE
    moved(buying)
    assert buying.company.rows("Bill") == buying.company.rows("VendorCredit") == []


def test_paid_there_in_parts_is_marked_with_the_day_and_is_no_edit(buying, reece):
    invoice = approved(buying, reece, cost("100.00"))
    sent(buying, invoice)
    (bill,) = buying.company.rows("Bill")
    buying.company.bookkeeper(
        "pay_bill", bill_ids=[{"id": bill["Id"], "amount": 30}], date="2026-11-15"
    )
    read(buying)
    ours = again(buying, invoice)
    assert (ours.still_owed, ours.is_part_paid, ours.paid_on) == (
        Decimal("80.00"), True, date(2026, 11, 15),
    )  # fmt: skip
    buying.company.bookkeeper("pay_bill", bill_ids=[bill["Id"]], date="2026-11-20")
    read(buying)
    ours = again(buying, invoice)
    assert (ours.is_settled, ours.paid_on) == (True, date(2026, 11, 20))
    entry = buying.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.DONE, Hold.NONE)
    assert buying.balances() == {
        DEFAULT: Decimal(100), TAX: Decimal(10), BANK: Decimal(-110),
    }  # fmt: skip


OCTOBER, NOVEMBER, DECEMBER = (
    Period(date(2026, month, 1), date(2026, month, 30)) for month in (10, 11, 12)
)


def tax_of(business, *periods):
    """1B of the statement on a cash basis, period by period."""
    with business.acting():
        statements = [gst_cash(business.organization, period) for period in periods]
    return [{row[0]: row[2] for row in each.rows}["1B"] for each in statements]


@pytest.mark.parametrize("amounts", [(30, 80), (33.33, 33.33), (0.04, 0.03)])
def test_on_a_cash_basis_each_payment_there_carries_its_share_of_the_tax(buying, reece, amounts):
    invoice = approved(buying, reece, cost("100.00"))
    sent(buying, invoice)
    (bill,) = buying.company.rows("Bill")
    for amount, day in zip(amounts, ("2026-10-15", "2026-11-15"), strict=True):
        part = {"id": bill["Id"], "amount": amount}
        buying.company.bookkeeper("pay_bill", bill_ids=[part], date=day)
        read(buying)
    if sum(amounts) < 110:
        assert tax_of(buying, DECEMBER) == [0]
        buying.company.bookkeeper("pay_bill", bill_ids=[bill["Id"]], date="2026-12-15")
        read(buying)
    october, november, december = tax_of(buying, OCTOBER, NOVEMBER, DECEMBER)
    assert october + november + december == Decimal("10.00")
    assert october == to_cents(Decimal(str(amounts[0])) / 11)
    for paid in buying.company.rows("BillPayment"):
        key = {"Id": paid["Id"], "SyncToken": paid["SyncToken"]}
        buying.company.post("BillPayment", key, operation="delete")
    read(buying)
    assert tax_of(buying, OCTOBER, NOVEMBER, DECEMBER) == [0, 0, 0]


def test_a_payment_that_is_moved_to_another_day_there_moves_its_tax(buying, reece):
    sent(buying, approved(buying, reece, cost("100.00")))
    (bill,) = buying.company.rows("Bill")
    buying.company.bookkeeper("pay_bill", bill_ids=[bill["Id"]], date="2026-10-15")
    read(buying)
    assert tax_of(buying, OCTOBER, NOVEMBER) == [10, 0]
    (paid,) = buying.company.rows("BillPayment")
    buying.company.post("BillPayment", paid | {"TxnDate": "2026-11-02"})
    read(buying)
    assert tax_of(buying, OCTOBER, NOVEMBER) == [0, 10]


def test_a_credit_used_for_a_bill_takes_its_tax_back_when_it_is_used(buying, reece):
    sent(buying, approved(buying, reece, cost("100.00")))
    sent(buying, approved(buying, reece, cost("40.00"), type="credit"))
    (bill,), (there,) = buying.company.rows("Bill"), buying.company.rows("VendorCredit")
    paying = {"bill_ids": [bill["Id"]], "credit_ids": [there["Id"]], "date": "2026-11-15"}
    buying.company.bookkeeper("pay_bill", **paying)
    read(buying)
    assert tax_of(buying, OCTOBER, NOVEMBER) == [0, 6]


def test_a_payment_taken_back_there_makes_it_owed_again(buying, reece):
    invoice = approved(buying, reece, cost("100.00"))
    sent(buying, invoice)
    (bill,) = buying.company.rows("Bill")
    buying.company.bookkeeper("pay_bill", bill_ids=[bill["Id"]])
    read(buying)
    (paid,) = buying.company.rows("BillPayment")
    key = {"Id": paid["Id"], "SyncToken": paid["SyncToken"]}
    buying.company.post("BillPayment", key, operation="delete")
    read(buying)
    ours = again(buying, invoice)
    assert (ours.still_owed, ours.is_settled, ours.paid_on) == (Decimal("110.00"), False, None)


def test_a_credit_used_there_is_marked_on_both(buying, reece):
    invoice = approved(buying, reece, cost("100.00"))
    credit = approved(buying, reece, cost("40.00"), type="credit")
    sent(buying, invoice)
    sent(buying, credit)
    (bill,), (there,) = buying.company.rows("Bill"), buying.company.rows("VendorCredit")
    buying.company.bookkeeper("apply_vendor_credit", bill_id=bill["Id"], credit_id=there["Id"])
    read(buying)
    assert again(buying, invoice).still_owed == Decimal("66.00")
    assert again(buying, credit).is_settled
    moved(buying, a5100="60.00", a2200="6.00", a2100="-66.00")


def test_an_edit_there_is_told_with_what_to_do_and_nothing_is_overwritten(buying, reece):
    invoice = approved(buying, reece, cost("100.00"))
    sent(buying, invoice)
    (bill,) = buying.company.rows("Bill")
    buying.company.bookkeeper("edit_bill", id=bill["Id"], amount=50)
    read(buying)
    entry = buying.entry(invoice)
    assert entry.hold == Hold.CHANGED_THERE
    assert entry.message.startswith("It was changed in the books: 55.00 there now, 110.00 before.")
    assert again(buying, invoice).still_owed is None
    repairs.send_ours(organization=buying.organization, document=invoice)
    sent(buying, invoice)
    moved(buying, a5100="100.00", a2200="10.00", a2100="-110.00")


def test_deleted_there_is_told_and_created_again_with_one_press(buying, reece):
    invoice = approved(buying, reece, cost("100.00"))
    sent(buying, invoice)
    (bill,) = buying.company.rows("Bill")
    key = {"Id": bill["Id"], "SyncToken": bill["SyncToken"]}
    buying.company.post("Bill", key, operation="delete")
    read(buying)
    entry = buying.entry(invoice)
    assert entry.hold == Hold.REMOTE_GONE
    assert "Create it again there, or void it here." in entry.message
    with buying.acting():
        repairs.create_again(document=invoice, by=None)
    sent(buying, invoice)
    moved(buying, a5100="100.00", a2200="10.00", a2100="-110.00")


@pytest.mark.parametrize("kind", ["invoice", "credit"])
def test_a_lost_answer_leaves_one_document(buying, reece, kind):
    sent(buying, approved(buying, reece, cost("1.00")))
    invoice = approved(buying, reece, cost("100.00"), type=kind)
    buying.company.running.control("/knobs", {"drop_reply": 1})
    buying.drain()
    assert buying.entry(invoice).state == EntryState.WAITING
    buying.time_passes(timedelta(seconds=151))
    sent(buying, invoice)
    assert len(buying.company.rows("Bill")) + len(buying.company.rows("VendorCredit")) == 2
    assert buying.differences() == []


def test_the_jobs_of_a_line_stand_in_its_description_and_cost_them(buying, reece):
    invoice = approved(buying, reece, cost("100.00"), cost("5.00"))
    first, second = (buying.job(buying.customer(name)) for name in ("Ann", "Bob"))
    with buying.acting():
        line, _ = lines_of_supplier_invoice(invoice)
        allocate_line(line=line, by=None, job=first, amount=Decimal("33.34"))
        allocate_line(line=line, by=None, job=second, amount=None)
    sent(buying, invoice)
    (bill,) = buying.company.rows("Bill")
    assert [row["Description"] for row in bill["Line"]] == [
        f"{first.number}, {second.number}: Copper pipe", "Copper pipe",
    ]  # fmt: skip
    with buying.acting():
        assert profit_of(first).cost == Decimal("33.34")
        assert profit_of(second).cost == Decimal("66.66")


def test_its_paper_follows_it_to_the_books(buying, reece):
    buying.set(attaches_files=True)
    invoice = approved(buying, reece, cost("100.00"))
    with buying.acting():
        paper = checked_file("R-1001.pdf", b"%PDF-1.4 paper")
        attach(document=invoice, purpose="supplier_invoice", upload=paper, by=None)
    sent(buying, invoice)
    buying.drain(2)
    (file,) = buying.company.rows("Attachable")
    (bill,) = buying.company.rows("Bill")
    assert file["FileName"] == "R-1001.pdf"
    assert file["AttachableRef"][0]["EntityRef"] == {"value": bill["Id"], "type": "Bill"}


def test_nothing_is_sent_from_before_the_cut_off_until_somebody_asks(buying, reece):
    old = approved(buying, reece, cost("100.00"), dated_on=date(2026, 6, 30))
    buying.drain(2)
    assert buying.entry(old).hold == Hold.BEFORE_CUT_OFF
    moved(buying)
    with buying.acting():
        repairs.send_too(document=old, by=None)
    sent(buying, old)
    moved(buying, a5100="100.00", a2200="10.00", a2100="-110.00")


def test_a_closed_period_holds_it_with_a_sentence(buying, reece):
    buying.company.bookkeeper("close_books", date="2026-12-31")
    invoice = approved(buying, reece, cost("100.00"))
    buying.drain(3)
    assert buying.entry(invoice).hold == Hold.PERIOD_CLOSED
    assert buying.balances() == {}


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("supplier_invoice_account", "Supplier Invoice Account (I)"),
        ("purchase_tax_code", "Purchases Tax Code (C)"),
        ("purchase_free_code", "Purchases Tax Free Code (D)"),
    ],
)
def test_a_missing_code_is_named(buying, reece, missing, says):
    buying.set(**{missing: None})
    invoice = approved(buying, reece, cost("100.00"), cost("1.00", is_taxed=False))
    buying.drain(3)
    entry = buying.entry(invoice)
    assert entry.hold == Hold.NEEDS_MAPPING
    assert says in entry.message
    assert buying.balances() == {}
