"""Credit notes, and the files that hang on documents: drafts to payloads, answers to records."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from integrations.contracts import (
    AttachmentDraft,
    AttachmentRecord,
    CreditNoteDraft,
    Kind,
    LineDraft,
    PaidOut,
    PaymentDraft,
    PostedLine,
    RemoteRef,
    SettledInvoice,
    UsedCredit,
)
from integrations.quickbooks.mapping.attachments import (
    attachment_payload,
    attachment_record,
    multipart,
)
from integrations.quickbooks.mapping.creditnotes import credit_note_payload, credit_note_record
from integrations.quickbooks.mapping.invoices import Unbalanced
from integrations.quickbooks.mapping.payments import payment_payload

D = Decimal
DAY = date(2026, 11, 23)
NOTE = CreditNoteDraft(
    number="CN-1", customer_id="5", issued_on=DAY, is_tax_inclusive=False,
    lines=(LineDraft("Returned", D("100.00"), "7", "10", "41"),),
    subtotal=D("100.00"), tax=D("10.00"), total=D("110.00"),
    memo="Sorry", marker="Ascora CN-1", email="j@x.test",
)  # fmt: skip
FILE = AttachmentDraft(
    target_kind=Kind.BILL, target_id="126", file_name="Receipt\n1.pdf",
    content_type="application/pdf", sha256="00", marker="Ascora file 9",
)  # fmt: skip


# Credit notes.


def test_a_credit_note_is_sent_as_an_invoice_that_is_never_due():
    assert credit_note_payload(NOTE, existing=None) == {
        "DocNumber": "CN-1", "CustomerRef": {"value": "5"}, "TxnDate": DAY,
        "PrivateNote": "Ascora CN-1", "CustomerMemo": {"value": "Sorry"}, "EmailStatus": "NotSet",
        "BillEmail": {"Address": "j@x.test"}, "GlobalTaxCalculation": "TaxExcluded",
        "Line": [{
            "DetailType": "SalesItemLineDetail", "Description": "Returned", "Amount": D("100.00"),
            "SalesItemLineDetail": {"ItemRef": {"value": "7"}, "TaxCodeRef": {"value": "10"}},
        }],
    }  # fmt: skip


def test_a_changed_credit_note_says_which_and_what_it_was():
    payload = credit_note_payload(NOTE, existing=RemoteRef(Kind.CREDIT_NOTE, "184", "2"))
    assert (payload["Id"], payload["SyncToken"], payload["sparse"]) == ("184", "2", True)


def test_a_credit_note_that_does_not_add_up_is_not_sent():
    with pytest.raises(Unbalanced, match=r"CN-1 is not 100\.00 and 10\.00 of tax"):
        credit_note_payload(replace(NOTE, total=D("110.01")), existing=None)


def test_a_credit_note_is_read_with_what_is_not_used_yet():
    detail = {"ItemRef": {"value": "1"}, "ItemAccountRef": {"value": "41"}}
    record = credit_note_record(
        {
            "Id": "184", "SyncToken": "2", "DocNumber": "CN-1", "TxnDate": "2026-11-23",
            "CustomerRef": {"value": "5"}, "TotalAmt": D("110.00"), "Balance": D("30.00"),
            "RemainingCredit": D("30.00"), "TxnTaxDetail": {"TotalTax": D("10.00")},
            "PrivateNote": "Ascora CN-1", "LinkedTxn": [{"TxnId": "74", "TxnType": "Payment"}],
            "Line": [
                {"Description": "Returned", "Amount": D("100.00"),
                 "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail},
                {"Amount": D("100.00"), "DetailType": "SubTotalLineDetail"},
            ],
            "MetaData": {"LastUpdatedTime": "2026-11-23T10:00:00+00:00"},
        }
    )  # fmt: skip
    assert record.ref == RemoteRef(Kind.CREDIT_NOTE, "184", "2")
    assert (record.number, record.customer_id, record.issued_on) == ("CN-1", "5", DAY)
    assert (record.total, record.tax, record.balance) == (D("110.00"), D("10.00"), D("30.00"))
    assert record.lines == (PostedLine("Returned", D("100.00"), "1", "41"),)
    assert (record.payment_ids, record.marker, record.is_void) == (("74",), "Ascora CN-1", False)
    assert record.changed_at == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_credit_put_to_an_invoice_is_a_payment_of_nothing_to_no_account():
    draft = PaymentDraft(
        "5", DAY, D(0), "", (SettledInvoice("9", D("80.00")),),
        credits=(UsedCredit("184", D("110.00")),), paid_out=(PaidOut("144", D("30.00")),),
    )  # fmt: skip
    payload = payment_payload(draft, existing=None)
    assert (payload["TotalAmt"], "DepositToAccountRef" in payload) == (0, False)
    assert payload["Line"] == [
        {"Amount": D("80.00"), "LinkedTxn": [{"TxnId": "9", "TxnType": "Invoice"}]},
        {"Amount": D("30.00"), "LinkedTxn": [{"TxnId": "144", "TxnType": "Expense"}]},
        {"Amount": D("110.00"), "LinkedTxn": [{"TxnId": "184", "TxnType": "CreditMemo"}]},
    ]


# Files.


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.INVOICE, "Invoice"), (Kind.CREDIT_NOTE, "CreditMemo"), (Kind.PAYMENT, "Payment"),
        (Kind.BILL, "Bill"), (Kind.SUPPLIER_CREDIT, "VendorCredit"), (Kind.PURCHASE, "Purchase"),
    ],
)  # fmt: skip
def test_a_file_names_its_document_and_is_never_mailed_by_the_books(kind, name):
    assert attachment_payload(replace(FILE, target_kind=kind)) == {
        "AttachableRef": [{"EntityRef": {"type": name, "value": "126"}, "IncludeOnSend": False}],
        "FileName": "Receipt 1.pdf",
        "ContentType": "application/pdf",
        "Note": "Ascora file 9",
    }


def test_a_changed_file_says_which_and_one_without_a_name_gets_one():
    existing = RemoteRef(Kind.ATTACHMENT, "503624", "1")
    payload = attachment_payload(replace(FILE, file_name="\n"), existing=existing)
    assert (payload["Id"], payload["SyncToken"], payload["sparse"]) == ("503624", "1", True)
    assert payload["FileName"] == "file"


def test_a_file_is_read_with_its_size_and_every_document_it_hangs_on():
    source = {
        "Id": "503624", "SyncToken": "0", "FileName": "r.pdf", "ContentType": "application/pdf",
        "Size": 538, "Note": "Ascora file 9",
        "AttachableRef": [{"EntityRef": {"value": "75", "type": "Invoice"}},
                          {"EntityRef": {"value": "76", "type": "Bill"}}],
        "MetaData": {"LastUpdatedTime": "2020-09-29T06:33:46-07:00"},
    }  # fmt: skip
    read = AttachmentRecord(
        ref=RemoteRef(Kind.ATTACHMENT, "503624", "0"),
        file_name="r.pdf",
        content_type="application/pdf",
        size=538,
        target_ids=("75", "76"),
        marker="Ascora file 9",
        changed_at=datetime(2020, 9, 29, 13, 33, 46, tzinfo=UTC),
    )
    assert attachment_record(source) == read
    assert attachment_record(source | {"Size": None}) == replace(read, size=0)


def parts_of(content_type, body):
    """The head and the inside of each part."""
    boundary = content_type.removeprefix("multipart/form-data; boundary=").encode()
    nothing, *parts, end = body.split(b"--" + boundary)
    assert (nothing, end) == (b"", b"--\r\n")
    return [tuple(part[2:-2].split(b"\r\n\r\n", 1)) for part in parts]


def test_an_upload_has_the_metadata_and_the_bytes_exactly():
    metadata = json.dumps({"FileName": 'Zoë "1".pdf', "ContentType": "application/pdf"}).encode()
    content = b"%PDF\r\n\r\n\x00\xff--"
    (about, described), (head, inside) = parts_of(*multipart(metadata, content))
    assert (described, inside) == (metadata, content)
    assert about.decode().splitlines() == [
        'Content-Disposition: form-data; name="file_metadata_01"; filename="attachment.json"',
        "Content-Type: application/json",
        "Content-Transfer-Encoding: binary",
    ]
    assert head.decode().splitlines() == [
        'Content-Disposition: form-data; name="file_content_01"; filename="Zo_ _1_.pdf"',
        "Content-Type: application/pdf",
        "Content-Transfer-Encoding: binary",
    ]


def test_the_same_upload_has_the_same_bytes_and_another_file_another_boundary():
    assert multipart(b"{}", b"a") == multipart(b"{}", b"a")
    assert multipart(b"{}", b"a")[0] != multipart(b"{}", b"b")[0]


def test_an_upload_whose_metadata_names_nothing_is_a_file():
    _, (head, _) = parts_of(*multipart(b"[]", b"a"))
    assert b'name="file_content_01"; filename="file"' in head
