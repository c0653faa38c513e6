"""A file is looked through before anything changes, imported once, and taken back."""

import pytest

from integrations import file_imports
from integrations.file_imports import begin_import, begin_undo, choose_columns, open_file
from integrations.file_imports.kinds import KINDS
from integrations.models import FileImportRow, FileImportState, Verdict
from integrations.reports.spreadsheet import csv_of
from integrations.reports.tables import Report
from inventory.models import Supplier, Supply
from jobs.models import Customer, LeadSource
from jobs.services import change_customer
from tests.builders import a_customer, a_job, a_supply, an_income_account

CUSTOMERS = """Name,E-mail,Phone,Lead source
Jo Smith,jo@example.test,0400 000 000,Radio
New Mill,mill@example.test,,
Amy's Birds,,55,
Bad One,not-an-address,,
jo smith,other@example.test,,
,nobody@example.test,,
"""


@pytest.fixture
def jo(at_bright_spark):
    return a_customer(at_bright_spark, name="Jo Smith", email="old@example.test", phone="1")


@pytest.fixture
def amy(at_bright_spark):
    return a_customer(at_bright_spark, name="Amy's Birds", phone="55")


def opened(organization, text, *, kind="customers", by=None):
    return open_file(
        organization=organization, kind=kind, file_name="list.csv", content=text.encode(), by=by
    )


def worked(run):
    while file_imports.work(run.organization):
        pass
    run.refresh_from_db()
    return run


def looked_through(organization, text, **values):
    run = opened(organization, text, **values)
    return worked(choose_columns(run=run, mapping=run.mapping))


def imported(organization, text, **values):
    run = looked_through(organization, text, **values)
    return worked(begin_import(run=run))


def verdicts(run):
    rows = FileImportRow.objects.filter(organization=run.organization, run=run)
    return {row.number: (row.verdict, row.reason) for row in rows}


def test_looking_through_says_what_would_happen_and_changes_nothing(at_bright_spark, jo, amy):
    run = looked_through(at_bright_spark, CUSTOMERS)
    assert run.state == FileImportState.READY
    assert verdicts(run) == {
        2: (Verdict.CHANGE, ""),
        3: (Verdict.ADD, ""),
        4: (Verdict.SAME, ""),
        5: (Verdict.REFUSED, "E-mail: Enter a valid email address"),
        6: (Verdict.REFUSED, "The same one stands in row 2 already"),
        7: (Verdict.REFUSED, "Name is empty"),
    }
    first = FileImportRow.objects.get(organization=at_bright_spark, run=run, number=2)
    assert first.changes == {
        "E-mail": ["old@example.test", "jo@example.test"],
        "Phone": ["1", "0400 000 000"],
        "Lead source": ["", "Radio"],
    }
    assert Customer.objects.filter(organization=at_bright_spark).count() == 2
    jo.refresh_from_db()
    assert jo.email == "old@example.test"
    assert not LeadSource.objects.filter(organization=at_bright_spark, name="Radio").exists()


def test_importing_adds_changes_and_makes_the_lead_source(at_bright_spark, jo, amy):
    run = imported(at_bright_spark, CUSTOMERS)
    assert run.state == FileImportState.DONE
    jo.refresh_from_db()
    assert (jo.email, jo.phone, str(jo.lead_source)) == (
        "jo@example.test", "0400 000 000", "Radio",
    )  # fmt: skip
    names = Customer.objects.filter(organization=at_bright_spark).values_list("name", flat=True)
    assert set(names) == {"Jo Smith", "New Mill", "Amy's Birds"}


def test_importing_the_same_file_again_does_nothing(at_bright_spark, jo, amy):
    imported(at_bright_spark, CUSTOMERS)
    run = imported(at_bright_spark, CUSTOMERS)
    assert [verdict for verdict, _ in verdicts(run).values()][:3] == [Verdict.SAME] * 3
    assert Customer.objects.filter(organization=at_bright_spark).count() == 3


def test_pressed_twice_it_begins_once(at_bright_spark):
    run = looked_through(at_bright_spark, CUSTOMERS)
    begin_import(run=run)
    file_imports.work(at_bright_spark)
    begin_import(run=run)
    worked(run)
    assert run.state == FileImportState.DONE


def test_a_customer_added_since_the_look_through_is_not_doubled(at_bright_spark):
    run = looked_through(at_bright_spark, CUSTOMERS)
    a_customer(at_bright_spark, name="New Mill", email="other@example.test")
    worked(begin_import(run=run))
    assert verdicts(run)[3] == (Verdict.CHANGE, "")
    (mill,) = Customer.objects.filter(organization=at_bright_spark, name="New Mill")
    assert mill.email == "mill@example.test"


def test_taking_back_removes_what_was_added_and_gives_back_what_was_changed(
    at_bright_spark, jo, amy
):
    run = worked(begin_undo(run=imported(at_bright_spark, CUSTOMERS)))
    assert run.state == FileImportState.UNDONE
    jo.refresh_from_db()
    assert (jo.email, jo.phone, jo.lead_source) == ("old@example.test", "1", None)
    assert not Customer.objects.filter(organization=at_bright_spark, name="New Mill").exists()


def test_taking_back_keeps_what_is_in_use_and_what_somebody_changed_since(at_bright_spark, jo):
    run = imported(at_bright_spark, CUSTOMERS)
    mill = Customer.objects.get(organization=at_bright_spark, name="New Mill")
    a_job(at_bright_spark, customer=mill)
    change_customer(customer=jo, by=None, phone="9")
    worked(begin_undo(run=run))
    mill.refresh_from_db()
    jo.refresh_from_db()
    assert mill.is_archived
    assert verdicts(run)[3][1] == "It is in use, so it was archived."
    assert (jo.phone, jo.email) == ("9", "old@example.test")
    assert verdicts(run)[2][1] == "Changed by somebody since, kept: Phone."


SUPPLIES = """Part number,Description,Cost,Sell price,Tax applies,Account income code
T-1,Tape,"$1,000.00",12.5,no,4100
,Rope,1,2,,
T-2,Glue,abc,2,,
T-3,Nails,1,2,,9999
"""


def test_supplies_are_matched_by_part_number_or_description(at_bright_spark):
    account = an_income_account(at_bright_spark, code="4100", name="Hire")
    tape = a_supply(at_bright_spark, part_number="t-1", description="Tape")
    rope = a_supply(at_bright_spark, part_number="", description="rope")
    run = imported(at_bright_spark, SUPPLIES, kind="supplies")
    assert verdicts(run) == {
        2: (Verdict.CHANGE, ""),
        3: (Verdict.CHANGE, ""),
        4: (Verdict.REFUSED, "Cost price: “abc” is not an amount"),
        5: (Verdict.REFUSED, "Income Account Code: there is no income account “9999”"),
    }
    tape.refresh_from_db()
    rope.refresh_from_db()
    assert (tape.cost_price, tape.sell_price, tape.is_taxed) == (1000, 12.5, False)
    assert tape.income_account == account
    assert (rope.description, rope.cost_price) == ("Rope", 1)
    assert Supply.objects.filter(organization=at_bright_spark).count() == 2


def test_more_rows_than_a_slice_are_all_handled_once(at_bright_spark):
    lines = "".join(f"Customer {number:04}\n" for number in range(450))
    run = imported(at_bright_spark, f"Name\n{lines}")
    assert {verdict for verdict, _ in verdicts(run).values()} == {Verdict.ADD}
    assert Customer.objects.filter(organization=at_bright_spark).count() == 450


SUPPLIERS = """Supplier,ABN,Account,Terms
Wire & Co,51 824 753 556,5100,30 days
Pipe House,,9999,
Tape Ltd,,,soon
"""


def test_suppliers_come_with_their_account_and_days(at_bright_spark):
    account = an_income_account(at_bright_spark, code="5100", kind="cost_of_sales")
    run = imported(at_bright_spark, SUPPLIERS, kind="suppliers")
    assert verdicts(run) == {
        2: (Verdict.ADD, ""),
        3: (Verdict.REFUSED, "Account Code: there is no expense account “9999”"),
        4: (Verdict.REFUSED, "Days to pay: “soon” is not a number of days"),
    }
    (wire,) = Supplier.objects.filter(organization=at_bright_spark)
    assert (wire.name, wire.expense_account, wire.payment_days) == ("Wire & Co", account, 30)


def test_what_is_exported_can_be_imported_again_and_changes_nothing(at_bright_spark, jo):
    change_customer(customer=jo, by=None, phone="+61 400 000 000", notes="=1+1")
    a_supply(at_bright_spark, description="-Tape-", part_number="@1")
    for kind in ("customers", "supplies"):
        found = KINDS[kind]
        report = Report([field.label for field in found.fields], found.cells(at_bright_spark))
        run = imported(at_bright_spark, csv_of(report), kind=kind)
        assert verdicts(run) == {2: (Verdict.SAME, "")}
