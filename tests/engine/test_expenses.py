"""Expenses in the simulator's double-entry books: which accounts, which tax, which cents."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from ascora.chart.models import TaxCode
from ascora.outbox.models import EntryState, Hold
from integrations.contracts import Kind
from integrations.links import link_of
from integrations.models import RemoteLink
from integrations.posting import Charge, Code, Defaults, Nature, place
from integrations.pull import pull
from integrations.reports.tables import Period
from integrations.reports.tax import gst_cash
from integrations.selectors.profit import profit_of
from jobs.models import Expense, Job
from jobs.services import approve_expense, change_expense, void_expense
from payments.models import LineKind
from tests.builders import a_supplier, an_approved_expense, an_expense
from tests.engine.business import ISSUED_ON
from tests.engine.connected import Connected, company, running, spark

__all__ = ["company", "running", "spark"]

PAYABLE, CARD, BANK, TAX = "2100", "2150", "1100", "2200"
DEFAULT, CHOSEN = "6500", "5300"


@pytest.fixture
def buying(spark: Connected) -> Connected:
    """With the codes C, D and J."""
    with spark.acting():
        codes = TaxCode.objects.owned_by(spark.organization).order_by("pk")
        spark.set(
            purchase_tax_code=codes.filter(purchase_percent=10).first(),
            purchase_free_code=codes.filter(purchase_percent=0).first(),
            expense_account=spark.accounts[DEFAULT],
        )
    return spark


@pytest.fixture
def job(buying: Connected) -> Job:
    return buying.job(buying.customer())


def spend(business: Connected, job: Job, **values: object) -> Expense:
    """An approved expense of 60.00 with tax, to be paid to a vendor of the books."""
    with business.acting():
        supplier = a_supplier(business.organization)
        vendor = business.company.post("Vendor", {"DisplayName": supplier.name})
        RemoteLink.objects.create(
            organization=business.organization, connection=business.connection,
            label="inventory.supplier", object_pk=supplier.pk, kind=Kind.SUPPLIER,
            remote_id=vendor["Id"],
        )  # fmt: skip
        given = {"supplier": supplier, "spent_on": ISSUED_ON}
        return an_approved_expense(job, **(given | values))


def moved(business: Connected, **amounts: str) -> None:
    """The trial balance holds exactly these, debit positive, and ours says the same."""
    wanted = {number.removeprefix("a"): Decimal(amount) for number, amount in amounts.items()}
    assert business.balances() == wanted
    assert business.differences() == []


def sent(business: Connected, expense: Expense) -> None:
    business.drain(2)
    entry = business.entry(expense)
    assert (entry.state, entry.message) == (EntryState.DONE, "")


def test_sixty_dollars_with_tax_inside_to_be_paid_move_cost_tax_and_payables(buying, job):
    expense = spend(buying, job, supplier_number="S-77", due_on=date(2026, 12, 1))
    sent(buying, expense)
    moved(buying, a6500="54.55", a2200="5.45", a2100="-60.00")
    (bill,) = buying.company.rows("Bill")
    assert (bill["TotalAmt"], bill["DocNumber"], bill["DueDate"]) == (
        Decimal(60), "S-77", "2026-12-01",
    )  # fmt: skip
    (line,) = [line for line in bill["Line"] if "Amount" in line]
    assert line["Description"] == f"{job.number}: Scaffold hire"
    assert line["AccountBasedExpenseLineDetail"]["BillableStatus"] == "NotBillable"


@pytest.mark.parametrize(
    ("account", "kind"), [(BANK, "Cash"), ("1120", "Cash"), (CARD, "CreditCard")]
)
def test_paid_on_the_spot_moves_the_account_that_paid(buying, job, account, kind):
    expense = spend(
        buying, job, paid_from=buying.accounts[account], account=buying.accounts[CHOSEN],
        unit_cost=Decimal("33.335"), quantity=Decimal(3), cost_includes_tax=False,
    )  # fmt: skip
    sent(buying, expense)
    moved(buying, a5300="100.01", a2200="10.00", **{f"a{account}": "-110.01"})
    (purchase,) = buying.company.rows("Purchase")
    assert purchase["PaymentType"] == kind
    assert buying.company.rows("Bill") == []


def test_paid_on_the_spot_needs_no_supplier(buying, job):
    expense = spend(buying, job, supplier=None, paid_from=buying.accounts[CARD])
    sent(buying, expense)
    moved(buying, a6500="54.55", a2200="5.45", a2150="-60.00")


@pytest.mark.parametrize("includes", [True, False])
def test_an_untaxed_expense_moves_no_tax(buying, job, includes):
    sent(buying, spend(buying, job, is_taxed=False, cost_includes_tax=includes))
    moved(buying, a6500="60.00", a2100="-60.00")


def test_an_amendment_travels(buying, job):
    expense = spend(buying, job)
    sent(buying, expense)
    with buying.acting():
        change_expense(
            expense=expense, by=None, unit_cost=Decimal("88.00"), account=buying.accounts[CHOSEN]
        )
    sent(buying, expense)
    moved(buying, a5300="80.00", a2200="8.00", a2100="-88.00")
    assert len(buying.company.rows("Bill")) == 1
    assert [operation for operation, _ in buying.attempts(expense)] == ["create", "update"]


@pytest.mark.parametrize("account", [None, BANK, CARD])
def test_a_void_one_leaves_nothing(buying, job, account):
    expense = spend(buying, job, paid_from=buying.accounts.get(account))
    sent(buying, expense)
    with buying.acting():
        void_expense(expense=expense, by=None)
    buying.drain(2)
    assert buying.entry(expense).state == EntryState.DONE
    moved(buying)
    assert buying.company.rows("Bill") == buying.company.rows("Purchase") == []


def test_what_was_to_be_paid_and_was_paid_on_the_spot_changes_its_kind_and_back(buying, job):
    expense = spend(buying, job)
    sent(buying, expense)
    for account, kind in ((CARD, "Purchase"), (None, "Bill"), (BANK, "Purchase")):
        with buying.acting():
            change_expense(expense=expense, by=None, paid_from=buying.accounts.get(account))
        sent(buying, expense)
        moved(buying, a6500="54.55", a2200="5.45", **{f"a{account or PAYABLE}": "-60.00"})
        counts = {name: len(buying.company.rows(name)) for name in ("Bill", "Purchase")}
        assert counts == {"Bill": 0, "Purchase": 0} | {kind: 1}


@pytest.mark.parametrize("account", [None, CARD])
def test_a_lost_answer_leaves_one_document(buying, job, account):
    sent(buying, spend(buying, job, unit_cost=Decimal(11)))
    expense = spend(buying, job, paid_from=buying.accounts.get(account))
    buying.company.running.control("/knobs", {"drop_reply": 1})
    buying.drain()
    assert buying.entry(expense).state == EntryState.WAITING
    buying.time_passes(timedelta(seconds=151))
    sent(buying, expense)
    assert len(buying.company.rows("Bill")) + len(buying.company.rows("Purchase")) == 2
    assert buying.differences() == []


def test_a_bill_paid_in_the_books_is_marked_and_no_edit(buying, job):
    expense = spend(buying, job)
    sent(buying, expense)
    (bill,) = buying.company.rows("Bill")
    buying.company.bookkeeper("pay_bill", bill_ids=[{"id": bill["Id"], "amount": 20}])
    read(buying)
    assert again(buying, expense).still_owed == Decimal("40.00")
    buying.company.bookkeeper("pay_bill", bill_ids=[bill["Id"]])
    read(buying)
    assert again(buying, expense).is_paid
    entry = buying.entry(expense)
    assert (entry.state, entry.hold) == (EntryState.DONE, Hold.NONE)
    assert [operation for operation, _ in buying.attempts(expense)] == ["create", "read", "read"]
    with buying.acting():
        statement = gst_cash(buying.organization, Period(date(2026, 1, 1), date(2027, 12, 31)))
    assert [row[2] for row in statement.rows if row[0] in {"G11", "1B"}] == [
        expense.total, expense.tax,
    ]  # fmt: skip


def test_an_edit_and_a_deletion_there_are_told_and_nothing_is_overwritten(buying, job):
    edited, deleted = spend(buying, job), spend(buying, job, paid_from=buying.accounts[CARD])
    sent(buying, edited)
    sent(buying, deleted)
    (bill,), (purchase,) = buying.company.rows("Bill"), buying.company.rows("Purchase")
    buying.company.bookkeeper("edit_bill", id=bill["Id"], amount=50)
    body = {"Id": purchase["Id"], "SyncToken": purchase["SyncToken"]}
    buying.company.post("Purchase", body, operation="delete")
    read(buying)
    assert buying.entry(edited).hold == Hold.CHANGED_THERE
    assert buying.entry(edited).message.startswith("It was changed in the books: 5")
    assert buying.entry(deleted).hold == Hold.REMOTE_GONE


def test_nothing_is_sent_before_it_is_approved_or_before_the_cut_off(buying, job):
    old = spend(buying, job, spent_on=date(2026, 6, 30))
    buying.drain(2)
    assert buying.entry(old).hold == Hold.BEFORE_CUT_OFF
    moved(buying)


def test_a_closed_period_holds_it_with_a_sentence(buying, job):
    buying.company.bookkeeper("close_books", date="2026-12-31")
    expense = spend(buying, job)
    buying.drain(2)
    assert buying.entry(expense).hold == Hold.PERIOD_CLOSED
    moved_nothing = buying.balances()
    assert moved_nothing == {}


def test_without_the_default_account_the_sentence_names_it(buying, job):
    buying.set(expense_account=None)
    expense = spend(buying, job)
    buying.drain(2)
    entry = buying.entry(expense)
    assert entry.hold == Hold.NEEDS_MAPPING
    assert "Default Expense Account (J)" in entry.message
    buying.set(expense_account=buying.accounts[DEFAULT])
    with buying.acting():
        change_expense(expense=expense, by=None, description="Scaffold")
        assert approve_expense(expense=expense, by=None).is_approved
    sent(buying, expense)
    with buying.acting():
        assert link_of(buying.connection, expense).kind == Kind.BILL


def read(business: Connected) -> None:
    business.time_passes()
    pulled = pull(business.organization)
    assert pulled.bad == []


def again(business: Connected, expense: Expense) -> Expense:
    with business.acting():
        expense.refresh_from_db()
    return expense


def ledger_of(business: Connected, job: Job) -> tuple[Decimal, Decimal]:
    """Income and cost of the rows in the simulator's journal that carry the job's number."""
    rows = [
        (row["number"], Decimal(row["amount"]))
        for row in business.company.control("journal")
        if job.number in row["memo"]
    ]
    income = -sum(amount for number, amount in rows if number.startswith("4"))
    return Decimal(income), Decimal(sum(amount for number, amount in rows if number[0] in "56"))


@pytest.mark.parametrize("pushes_lines", [True, False])
def test_the_profit_of_a_job_is_what_the_ledger_holds_under_its_number(buying, job, pushes_lines):
    buying.set(pushes_lines=pushes_lines)
    lines = ((LineKind.LABOUR, "300.00", True), (LineKind.EXPENSE, "60.00", True))
    invoice = buying.invoice(job.customer, lines=lines, job=job)
    other = buying.invoice(job.customer)
    spend(buying, job)
    spend(buying, job, paid_from=buying.accounts[CARD], unit_cost=Decimal("11.00"))
    gone = spend(buying, job, unit_cost=Decimal(99))
    sent(buying, gone)
    with buying.acting():
        void_expense(expense=gone, by=None)
        an_expense(job, unit_cost=Decimal(500))
    sent(buying, invoice)
    sent(buying, other)
    buying.drain(4)
    with buying.acting():
        profit = profit_of(job)
    assert (profit.charged, profit.cost) == (Decimal("360.00"), Decimal("64.55"))
    assert ledger_of(buying, job) == (profit.charged, profit.cost)
    assert (profit.margin, profit.margin_percent) == (Decimal("295.45"), Decimal("82.1"))
    assert profit.waiting == 1
    assert buying.differences() == []


def test_a_charged_expense_is_materials_income_and_says_why(buying, job):
    with buying.acting():
        job.job_type.materials_account = buying.accounts["4210"]
        job.job_type.save()
    invoice = buying.invoice(job.customer, lines=((LineKind.EXPENSE, "66.00", True),), job=job)
    sent(buying, invoice)
    moved(buying, a1200="72.60", a4210="-66.00", a2200="-6.60")
    charge = Charge(
        nature=Nature.EXPENSE, job_type="Domestic", job_type_materials=Code("7", "4210", "Parts")
    )
    placed = place(charge, Defaults(labour=None, materials=None))
    assert placed.why == "Materials code of job type Domestic"


def test_its_page_says_where_it_goes_and_why(buying, job, otto, client_of):
    expense = spend(buying, job)
    browser = client_of(otto)
    fragment = reverse(
        "integrations:document_accounts", args=["jobs.expense", expense.public_id]
    )  # fmt: skip
    assert b"6500 Office Expenses" in (said := browser.get(fragment).content)
    assert b"Default Expense Account (J) of the accounting settings." in said
    with buying.acting():
        change_expense(expense=expense, by=None, account=buying.accounts[CHOSEN])
    assert b"Chosen on the expense." in browser.get(fragment).content
    page = browser.get(reverse("jobs:expense_detail", args=[expense.public_id]))
    assert fragment.encode() in page.content
