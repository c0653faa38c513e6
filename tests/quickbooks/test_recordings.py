"""Every recorded answer about the entities that we know parses into records without an error."""

from datetime import datetime
from decimal import Decimal

import pytest

from integrations.quickbooks.faults import Answer, error_of, fault_of
from integrations.quickbooks.mapping.company import (
    account_record,
    company_record,
    custom_field_records,
    payment_method_record,
    tax_code_records,
)
from integrations.quickbooks.mapping.customers import customer_record
from integrations.quickbooks.mapping.encoding import decode, encode
from integrations.quickbooks.mapping.invoices import invoice_record
from integrations.quickbooks.mapping.items import item_record
from integrations.quickbooks.mapping.payments import payment_record
from tests.quickbooks.recordings import all_recordings, read, recording

READ = {
    "Customer": customer_record,
    "Item": item_record,
    "Invoice": invoice_record,
    "Payment": payment_record,
    "Account": account_record,
    "PaymentMethod": payment_method_record,
}


def bodies(path):
    """The answer as it was parsed, and as its text says, where the text was kept."""
    response = read(path)["response"]
    found = [response.get("body")]
    text = response.get("body_text") or ""
    if text.lstrip().startswith("{"):
        found.append(decode(text))
    return [body for body in found if isinstance(body, dict)]


def rows(value, entity):
    """Every row of an entity, wherever in the answer."""
    if isinstance(value, list):
        return [row for each in value for row in rows(each, entity)]
    if not isinstance(value, dict):
        return []
    found = value.get(entity)
    mine = [row for row in (found if isinstance(found, list) else [found]) if isinstance(row, dict)]
    return mine + [
        row for key, each in value.items() if key != entity for row in rows(each, entity)
    ]


@pytest.mark.parametrize("path", all_recordings())
def test_every_recorded_answer_parses(path):
    for body in bodies(path):
        for entity, record_of in READ.items():
            for row in rows(body, entity):
                if "Id" in row and row.get("status") != "Deleted":
                    record = record_of(row)
                    assert (record.id if hasattr(record, "id") else record.ref.id) == row["Id"]


@pytest.mark.parametrize("path", all_recordings())
def test_every_recorded_preference_and_tax_code_parses(path):
    for body in bodies(path):
        rates = rows(body, "TaxRate")
        for preferences in rows(body, "Preferences"):
            company_record("123456", {}, preferences)
            custom_field_records(preferences)
        for info in rows(body, "CompanyInfo"):
            assert company_record("123456", info, {}).name == info["CompanyName"]
        codes = rows(body, "TaxCode")
        assert len(tax_code_records(codes, rates, {}, is_us=False)) <= len(codes)


@pytest.mark.parametrize("path", all_recordings())
def test_every_recorded_failure_has_a_name(path):
    exchange = read(path)
    for body in bodies(path):
        if fault_of(body) is not None:
            answer = Answer(exchange["response"].get("status") or 400, encode(body).decode())
            assert error_of(answer, is_write=True).message


def test_a_recorded_inclusive_invoice_keeps_its_net_lines():
    body = recording("au-sandbox-2021/invoice-taxinclusive-rounding.json")["response"]["body"]
    record = invoice_record(body.get("Invoice", body))
    assert (record.total, record.tax) == (Decimal("450.00"), Decimal("40.91"))
    assert sum(line.amount for line in record.lines) == Decimal("409.09")
    assert not record.is_void


def test_a_recorded_void_is_void_and_keeps_its_number():
    body = recording("minimul-qbo_api/void__invoice__2.json")["response"]["body"]["Invoice"]
    before = recording("minimul-qbo_api/void__invoice__1.json")["response"]["body"]["Invoice"]
    voided, stood = invoice_record(body), invoice_record(before)
    assert (voided.is_void, stood.is_void) == (True, False)
    assert (voided.number, voided.total, voided.balance) == (stood.number, 0, 0)


def test_the_recorded_payment_of_nothing_that_applies_a_credit_is_not_void():
    body = recording("nango-2026/payments.json")["response"]["body"]
    payment = next(payment_record(row) for row in rows(body, "Payment") if row["Id"] == "74")
    assert not payment.is_void
    assert (payment.total, payment.credits) == (0, payment.settles[0].amount)
    assert [part.invoice_id for part in payment.settles] == ["71"]


def test_recorded_deposited_payments_say_so():
    body = recording("nango-2026/payments.json")["response"]["body"]
    payments = [payment_record(row) for row in rows(body, "Payment")]
    assert {payment.is_deposited for payment in payments} == {True, False}
    assert all(isinstance(payment.changed_at, datetime) for payment in payments)


def test_a_recorded_chart_knows_banks_income_and_undeposited_funds():
    body = recording("nango-2026/accounts.json")["response"]["body"]
    kinds = [account_record(row).kind for row in rows(body, "Account")]
    assert len(kinds) == 92
    assert {"bank", "income", "undeposited", "receivable", "payable"} <= set(kinds)
