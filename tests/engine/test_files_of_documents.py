"""Files in the books of the simulator: the newest PDF of an invoice and receipts, each once."""

from hashlib import sha256

import pytest

from ascora.attachments.files import checked_file
from ascora.attachments.models import Attachment, Purpose
from ascora.attachments.selectors import attachments_for
from ascora.attachments.services import attach, detach
from ascora.outbox.models import EntryState
from integrations.contracts import AttachmentDraft, Kind
from integrations.quickbooks.mapping.attachments import attachment_payload, multipart
from tests.engine.connected import Connected, company, running, spark
from tests.engine.test_expenses import buying, job, spend

__all__ = ["buying", "company", "job", "running", "spark"]


@pytest.fixture
def filing(spark: Connected) -> Connected:
    """With files attached in the books."""
    spark.set(attaches_files=True)
    return spark


def an_invoice(business):
    """Issued, and everything sent."""
    invoice = business.invoice(business.customer())
    business.drain(6)
    return invoice


def files_there(business):
    """The attachables over there."""
    return business.company.rows("Attachable")


def own_files(business, document):
    """What hangs on it here."""
    with business.acting():
        return list(attachments_for(document))


def test_the_pdf_of_an_invoice_hangs_on_it_in_the_books(filing):
    invoice = an_invoice(filing)
    (file,) = files_there(filing)
    (own,) = own_files(filing, invoice)
    assert file["FileName"] == f"{invoice.number}.pdf"
    assert file["ContentType"] == "application/pdf"
    assert file["Size"] == own.size
    assert file["Note"] == f"Ascora file {own.public_id.hex[:8]}"
    (place,) = file["AttachableRef"]
    link = filing.link(invoice)
    assert (place["EntityRef"]["type"], place["EntityRef"]["value"]) == ("Invoice", link.remote_id)
    assert filing.entry(own).state == EntryState.DONE
    assert filing.differences() == []


def test_an_amended_invoice_has_its_new_pdf_only(filing):
    invoice = an_invoice(filing)
    (before,) = files_there(filing)
    invoice.version = 2
    filing.amend(invoice, price="150")
    filing.drain(8)
    (after,) = files_there(filing)
    assert after["Id"] != before["Id"]
    (own,) = own_files(filing, invoice)
    assert own.edition == 2


def test_with_the_setting_off_nothing_is_attached(spark):
    an_invoice(spark)
    assert files_there(spark) == []


def test_a_receipt_added_later_follows_and_goes_when_it_is_removed(filing):
    invoice = an_invoice(filing)
    file = checked_file("receipt.pdf", b"%PDF-1.4 receipt")
    with filing.acting():
        receipt = attach(document=invoice, purpose=Purpose.RECEIPT, upload=file, by=None)
    filing.drain(3)
    assert {each["FileName"] for each in files_there(filing)} == {
        f"{invoice.number}.pdf", "receipt.pdf",
    }  # fmt: skip
    with filing.acting():
        detach(attachment=receipt, by=None)
    filing.drain(3)
    assert [each["FileName"] for each in files_there(filing)] == [f"{invoice.number}.pdf"]


def test_a_file_waits_for_its_document(filing):
    invoice = filing.invoice(filing.customer())
    with filing.acting():
        file = checked_file("plan.pdf", b"%PDF-1.4 plan")
        plan = attach(document=invoice, purpose=Purpose.RECEIPT, upload=file, by=None)
    filing.drain(8)
    assert filing.entry(plan).state == EntryState.DONE
    assert len(files_there(filing)) == 2


def test_a_logo_never_leaves(filing):
    invoice = an_invoice(filing)
    with filing.acting():
        attach(
            document=invoice, purpose=Purpose.LOGO, upload=checked_file("l.pdf", b"%PDF-1"), by=None
        )
    filing.drain(3)
    assert len(files_there(filing)) == 1


def test_a_lost_answer_leaves_one_file(filing):
    invoice = an_invoice(filing)
    with filing.acting():
        file = checked_file("receipt.pdf", b"%PDF-1.4 receipt")
        receipt = attach(document=invoice, purpose=Purpose.RECEIPT, upload=file, by=None)
    filing.company.running.control("/knobs", {"drop_reply": 1})
    filing.drain()
    filing.company.running.control("/knobs", {"drop_reply": 0})
    filing.time_passes()
    filing.drain(3)
    assert len(files_there(filing)) == 2
    assert filing.entry(receipt).state == EntryState.DONE
    outcomes = [outcome for _, outcome in filing.attempts(receipt)]
    assert outcomes[-1] == "adopted"


def test_a_document_that_is_gone_there_is_a_refusal_inside_an_answer_of_200(filing):
    draft = AttachmentDraft(Kind.INVOICE, "999999", "a.pdf", "application/pdf", "", "Ascora file 1")
    ledger = filing.open()
    with pytest.raises(Exception, match="business rules"):
        ledger.upload(ledger.payload(draft), b"%PDF-1.4", key="k-1", send_before=float("inf"))
    assert files_there(filing) == []


def test_the_frozen_metadata_and_the_bytes_make_the_same_upload():
    draft = AttachmentDraft(
        Kind.BILL, "7", 'Rechnung "März"\r\n.pdf', "application/pdf", "", "Ascora file 1a"
    )
    assert attachment_payload(draft) == {
        "AttachableRef": [{"EntityRef": {"type": "Bill", "value": "7"}, "IncludeOnSend": False}],
        "FileName": 'Rechnung "März" .pdf',
        "ContentType": "application/pdf",
        "Note": "Ascora file 1a",
    }
    kind, body = multipart(b'{"FileName":"\\"x\\"\\r\\n.pdf","ContentType":"a/b"}', b"bytes")
    assert (kind, body) == multipart(
        b'{"FileName":"\\"x\\"\\r\\n.pdf","ContentType":"a/b"}', b"bytes"
    )
    assert b'filename="_x___.pdf"' in body
    assert sha256(body).hexdigest()


def test_a_failing_press_never_undoes_the_invoice(filing, monkeypatch, caplog):
    def fail(**_):
        raise ZeroDivisionError

    monkeypatch.setattr("integrations.push.files.print_for_books", fail)
    invoice = an_invoice(filing)
    assert filing.entry(invoice).state == EntryState.DONE
    assert "were not recorded" in caplog.text
    with filing.acting():
        assert not Attachment.objects.owned_by(filing.organization).exists()


def test_the_receipt_of_an_expense_hangs_on_its_bill(buying, job):
    buying.set(attaches_files=True)
    expense = spend(buying, job)
    with buying.acting():
        file = checked_file("receipt.pdf", b"%PDF-1.4 receipt")
        attach(document=expense, purpose=Purpose.RECEIPT, upload=file, by=None)
    buying.drain(6)
    (there,) = files_there(buying)
    (place,) = there["AttachableRef"]
    (bill,) = buying.company.rows("Bill")
    assert place["EntityRef"] == {"value": bill["Id"], "type": "Bill"}
