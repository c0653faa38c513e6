"""K and L, and what stands nearer: job type, supply, payment method."""

from datetime import date
from decimal import Decimal

import pytest

from ascora.outbox.models import EntryState, Hold
from integrations import accounting, connections
from payments.services import (
    NewLine,
    amend_invoice,
    change_method,
    draft_invoice_from_job,
    issue_invoice,
)
from tests.brief.acts import amounts, issued, paid
from tests.builders import (
    a_job,
    a_job_type,
    a_labour_entry,
    a_supply,
    a_supply_use,
    mastercard,
)
from tests.engine.connected import Connected

IN_FORCE = date(2026, 8, 3)


def a_days_work(spark: Connected, *, own_codes: bool, own_supply_code: bool = False):
    """190.00 of labour and 12.50 of a supply, issued and sent."""
    accounts = spark.accounts
    codes = {"labour_account": accounts["4110"], "materials_account": accounts["4210"]}
    with spark.acting():
        job_type = a_job_type(spark.organization, **(codes if own_codes else {}))
        job = a_job(spark.organization, job_type=job_type)
        a_labour_entry(job)
        income = accounts["4220"] if own_supply_code else None
        a_supply_use(job, supply=a_supply(spark.organization, income_account=income))
        invoice = issue_invoice(invoice=draft_invoice_from_job(job=job, by=None), by=None)
    spark.drain(2)
    return invoice


@pytest.mark.parametrize(
    ("own_codes", "own_supply_code", "labour", "materials"),
    [(False, False, "4100", "4200"), (True, False, "4110", "4210"), (True, True, "4110", "4220"),
     (False, True, "4100", "4220")],
)  # fmt: skip
def test_labour_and_supplies_go_to_the_nearest_code(
    spark: Connected, own_codes: bool, own_supply_code: bool, labour: str, materials: str
) -> None:
    a_days_work(spark, own_codes=own_codes, own_supply_code=own_supply_code)
    assert spark.balances() == {
        "1200": Decimal("222.75"), labour: Decimal("-190.00"), materials: Decimal("-12.50"),
        "2200": Decimal("-20.25"),
    }  # fmt: skip
    assert spark.differences() == []


@pytest.mark.parametrize(("own_code", "number"), [(True, "4300"), (False, "4200")])
def test_a_surcharge_goes_to_its_methods_code_or_else_to_l(
    spark: Connected, own_code: bool, number: str
) -> None:
    with spark.acting():
        method = mastercard(spark.organization)
        account = spark.accounts["4300"] if own_code else None
        change_method(method=method, surcharge_account=account, by=None)
    paid(spark, issued(spark, "1577.00"), "Mastercard", received_on=IN_FORCE)
    assert spark.balances() == {
        "1150": Decimal("1765.36"), "4100": Decimal("-1577.00"), number: Decimal("-27.87"),
        "2200": Decimal("-160.49"),
    }  # fmt: skip
    assert spark.differences() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [({"Active": False}, "is no longer active"),
     ({"AccountType": "Expense", "AccountSubType": "Auto"}, "has become another kind of account")],
)  # fmt: skip
def test_an_account_switched_off_or_retyped_there_holds_what_it_decides_with_the_remedy(
    spark: Connected, change: dict, words: str
) -> None:
    number = spark.accounts["4100"].remote_id
    standing = spark.company.read("Account", number)
    spark.company.post("Account", {**standing, **change})
    connections.take_chart(spark.connection, spark.open())
    with spark.acting():
        (trouble,) = accounting.troubles_of(spark.settings)
    assert trouble.field == "labour_account"
    assert words in trouble.message
    invoice = issued(spark)
    entry = spark.entry(invoice)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.NEEDS_MAPPING)
    assert entry.message.startswith("Labour Income Account (K) of the accounting settings: 4100")
    assert f" {words}" in entry.message
    assert "1200" not in spark.balances()
    with spark.acting():
        accounting.save_settings(
            connection=spark.connection,
            values={"labour_account": spark.accounts["4000"]},
            by=None,
        )
    spark.drain(2)
    assert spark.entry(invoice).state == EntryState.DONE
    assert spark.balances() == amounts(a1200="110.00", a4000="-100.00", a2200="-10.00")


def test_an_account_made_active_again_there_lets_what_waited_for_it_go(spark: Connected) -> None:
    number = spark.accounts["4100"].remote_id

    def switch(*, on: bool) -> None:
        standing = spark.company.read("Account", number)
        spark.company.post("Account", {**standing, "Name": "Labour Income", "Active": on})
        connections.take_chart(spark.connection, spark.open())

    switch(on=False)
    invoice = issued(spark)
    assert spark.entry(invoice).hold == Hold.NEEDS_MAPPING
    connections.take_chart(spark.connection, spark.open())
    assert spark.entry(invoice).state == EntryState.HELD, "nothing has changed"
    switch(on=True)
    assert spark.entry(invoice).state == EntryState.WAITING
    spark.drain(2)
    assert spark.entry(invoice).state == EntryState.DONE
    assert spark.balances() == amounts(a1200="110.00", a4100="-100.00", a2200="-10.00")


def test_what_was_sent_stays_where_it_was_sent_when_a_code_changes(spark: Connected) -> None:
    invoice = issued(spark, "100.00")
    spark.set(labour_account=spark.accounts["4000"])
    assert spark.differences() == []
    with spark.acting():
        lines = [NewLine(existing=line, description="The same work", unit_price=Decimal("120.00"))
                 for line in invoice.lines.all()]  # fmt: skip
        added = NewLine(description="More of it", unit_price=Decimal("30.00"))
        amend_invoice(invoice=invoice, lines=[*lines, added], reason="It was more", by=None)
    spark.drain(2)
    assert spark.entry(invoice).state == EntryState.DONE
    assert spark.balances() == amounts(
        a1200="165.00", a4100="-120.00", a4000="-30.00", a2200="-15.00"
    )
    assert spark.differences() == []
