"""Suppliers and payments of bills: drafts to payloads and answers to records."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from integrations.contracts import Address, Kind, RemoteRef, SettledBill, SupplierDraft
from integrations.quickbooks.entities import ENTITIES
from integrations.quickbooks.mapping.billpayments import bill_payment_record
from integrations.quickbooks.mapping.suppliers import supplier_payload, supplier_record

DRAFT = SupplierDraft(
    name="Reece: Plumbing", email="shop@reece.test", tax_number="51824753556",
    address=Address(street="Unit 1\n5 High St", city="Ryde"),
)  # fmt: skip


def test_a_new_supplier_says_only_what_is_known():
    assert supplier_payload(DRAFT, existing=None) == {
        "DisplayName": "Reece - Plumbing",
        "PrimaryEmailAddr": {"Address": "shop@reece.test"},
        "BillAddr": {
            "Line1": "Unit 1", "Line2": "5 High St", "Line3": "", "Line4": "", "Line5": "",
            "City": "Ryde", "CountrySubDivisionCode": "", "PostalCode": "", "Country": "",
        },
        "TaxIdentifier": "51824753556",
    }  # fmt: skip


def test_a_changed_supplier_says_everything_but_an_unknown_tax_number():
    existing = RemoteRef(Kind.SUPPLIER, "31", "4")
    payload = supplier_payload(SupplierDraft(name="Reece", is_active=False), existing=existing)
    assert (payload["Id"], payload["SyncToken"], payload["sparse"]) == ("31", "4", True)
    assert payload["PrimaryPhone"] == {"FreeFormNumber": ""}
    assert payload["Active"] is False
    assert "TaxIdentifier" not in payload


def test_a_vendor_is_read_with_its_masked_tax_number():
    record = supplier_record(
        {
            "Id": "31", "SyncToken": "4", "DisplayName": "Reece", "Active": False,
            "Mobile": {"FreeFormNumber": "0400"}, "TaxIdentifier": "XXXXXX53556",
            "BillAddr": {"Line1": "Unit 1", "Line2": "5 High St", "City": "Ryde"},
            "MetaData": {"LastUpdatedTime": "2026-11-10T10:00:00+00:00"},
        }
    )  # fmt: skip
    assert record.ref == RemoteRef(Kind.SUPPLIER, "31", "4")
    assert (record.name, record.mobile, record.is_active) == ("Reece", "0400", False)
    assert record.address == Address(street="Unit 1\n5 High St", city="Ryde")
    assert record.changed_at == datetime(2026, 11, 10, 10, tzinfo=UTC)


def test_a_payment_of_bills_says_which_bills_and_credits_it_settles():
    def line(amount, kind, pk):
        return {"Amount": Decimal(amount), "LinkedTxn": [{"TxnId": pk, "TxnType": kind}]}

    source = {
        "Id": "7", "SyncToken": "0", "VendorRef": {"value": "31"}, "TxnDate": "2026-11-20",
        "TotalAmt": Decimal("66.00"),
        "Line": [
            line("110.00", "Bill", "5"),
            line("44.00", "VendorCredit", "6"),
            line("1.00", "JournalEntry", "9"),
        ],
    }  # fmt: skip
    record = bill_payment_record(source)
    assert (record.supplier_id, record.paid_on) == ("31", date(2026, 11, 20))
    assert record.settles == (
        SettledBill(RemoteRef(Kind.BILL, "5"), Decimal("110.00")),
        SettledBill(RemoteRef(Kind.SUPPLIER_CREDIT, "6"), Decimal("44.00")),
    )
    assert not record.is_void
    gone = source | {"TotalAmt": Decimal(0), "Line": [], "PrivateNote": "Voided"}
    assert bill_payment_record(gone).is_void


def test_a_payment_of_bills_is_never_written():
    with pytest.raises(TypeError, match="only ever read"):
        ENTITIES[Kind.BILL_PAYMENT].payload(object(), existing=None)
