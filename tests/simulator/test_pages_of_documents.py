"""What the buttons on invoices, payments and deposits do to the ledger."""

import re
from decimal import Decimal

import pytest

from tests.simulator.conftest import LINE
from tests.simulator.person import field, said


def balances(company, *numbers):
    return [company.balance(number) for number in numbers]


def test_an_invoice_shows_the_account_of_each_line_its_tax_and_its_journal(person, invoice):
    text = person.see(f"invoices/{invoice}")
    lines, journal = text.split("<h2>Lines</h2>")[1].split("<h2>Journal</h2>")
    assert lines.index("4100 Labour Income") < lines.index("4200 Materials Income")
    assert "GST (sales), 10 % of 500.00" in lines
    shown = re.findall(r'accounts/\d+">([^<]+)<', journal)
    wanted = ["1200 Accounts Receivable (A/R)", "4100 Labour Income", "4200 Materials Income"]
    assert shown == [*wanted, "2200 GST Liabilities Payable"]
    assert re.findall(r'class="number">([\d.,]+)<', journal)[:4] == [
        "550.00",
        "200.00",
        "300.00",
        "50.00",
    ]


def test_receiving_a_payment_preset_to_the_balance_pays_the_invoice(person, sydney, invoice):
    page = person.see(f"invoices/{invoice}")
    assert field(page, "amount") == "550.00"
    assert "1190 Undeposited Funds</option>" in page
    fields = {"amount": field(page, "amount"), "account_id": sydney.account("1100")}
    fields |= {"date": "2026-03-09", "method_id": "", "reference": "EFT 9"}
    text = person.press(f"invoices/{invoice}/receive", **fields)
    assert said(text) == "Received 550.00 into 1100 Business Cheque Account. It is paid in full."
    assert sydney.read("Invoice", invoice)["Balance"] == 0
    assert balances(sydney, "1100", "1190", "1200") == ["550.00", "0.00", "0.00"]
    [payment] = sydney.rows("Payment")
    assert (payment["TxnDate"], payment["PaymentRefNum"]) == ("2026-03-09", "EFT 9")
    assert "EFT 9" in text
    assert 'name="amount"' not in text


def test_a_part_payment_leaves_the_rest_open(person, sydney, invoice):
    fields = {"amount": "$1,00.10", "account_id": sydney.account("1190"), "date": ""}
    text = person.press(f"invoices/{invoice}/receive", **fields)
    assert "449.90 is still open" in said(text)
    assert sydney.read("Invoice", invoice)["Balance"] == Decimal("449.90")
    assert ">part paid<" in text


def test_a_message_is_said_once(person, invoice):
    text = person.press(f"invoices/{invoice}/void")
    assert "The invoice is void" in said(text)
    person.cookies = {name: value for name, value in person.cookies.items() if value != '""'}
    assert 'class="said"' not in person.see(f"invoices/{invoice}")


def test_what_was_typed_is_kept_when_an_amount_cannot_be_read(person, sydney, invoice):
    fields = {"amount": "fifty", "account_id": sydney.account("1110"), "reference": "EFT <9>"}
    text = person.refused(f"invoices/{invoice}/receive", **fields)
    assert said(text) == "“fifty” is not an amount of money."
    assert (field(text, "amount"), field(text, "reference")) == ("fifty", "EFT <9>")
    assert f'value="{sydney.account("1110")}" selected' in text


def test_closed_books_refuse_with_the_words_and_code_of_the_fault(person, sydney, invoice):
    text = person.press("settings/close", date="2026-06-30")
    assert "They are closed up to <strong>30 Jun 2026" in text
    fields = {"amount": "550.00", "account_id": sydney.account("1100"), "date": "2026-03-09"}
    text = person.refused(f"invoices/{invoice}/receive", **fields)
    assert said(text).startswith("QuickBooks refuses: ")
    assert "(fault 6210)" in said(text)
    assert field(text, "date") == "2026-03-09"
    assert sydney.read("Invoice", invoice)["Balance"] == Decimal("550.00")
    person.press("settings/reopen")
    person.press(f"invoices/{invoice}/receive", **fields)
    assert sydney.read("Invoice", invoice)["Balance"] == 0


def test_closing_needs_a_day(person):
    assert "last day" in said(person.refused("settings/close", date=""))
    assert "not a date" in said(person.refused("settings/close", date="30/06/2026"))


def test_another_amount_on_a_line_moves_its_account_and_the_tax(person, sydney, invoice):
    page = person.see(f"invoices/{invoice}")
    fields = {name: field(page, name) for name in ("amount_1", "amount_2")}
    text = person.press(
        f"invoices/{invoice}/edit", **fields | {"amount_1": "250", "note": "two hours more"}
    )
    assert said(text) == "Saved. The invoice comes to 605.00."
    assert balances(sydney, "4100", "4200", "2200", "1200") == [
        "-250.00",
        "-300.00",
        "-55.00",
        "605.00",
    ]
    seen = sydney.read("Invoice", invoice)
    assert seen["PrivateNote"] == "two hours more"
    assert seen["Line"][1]["SalesItemLineDetail"]["Qty"] == 2
    assert "Earlier rows, replaced (4)" in text


def test_saving_an_invoice_unchanged_changes_nothing(person, sydney, invoice):
    page = person.see(f"invoices/{invoice}")
    fields = {name: field(page, name) for name in ("amount_1", "amount_2")}
    assert said(person.press(f"invoices/{invoice}/edit", **fields, note="")).startswith("Nothing")
    assert sydney.read("Invoice", invoice)["SyncToken"] == "0"


def test_an_invoice_whose_prices_include_tax_is_edited_by_its_gross_amounts(
    person, sydney, customer, invoice
):
    body = sydney.read("Invoice", invoice)
    detail = {"ItemRef": {"value": "1"}, "TaxInclusiveAmt": 110}
    detail["TaxCodeRef"] = body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]
    lines = [{**LINE, "Amount": 100, "SalesItemLineDetail": detail}]
    made = sydney.post(
        "Invoice",
        {
            "CustomerRef": {"value": customer},
            "Line": lines,
            "GlobalTaxCalculation": "TaxInclusive",
        },
    )
    assert field(person.see(f"invoices/{made['Id']}"), "amount_1") == "110.00"
    person.press(f"invoices/{made['Id']}/edit", amount_1="220.00", note="")
    seen = sydney.read("Invoice", made["Id"])
    assert (seen["TotalAmt"], seen["Line"][0]["Amount"]) == (Decimal("220.00"), Decimal("200.00"))


def test_voiding_a_paid_invoice_frees_its_payment(person, sydney, invoice):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=[invoice], account_number="1100")
    text = person.press(f"invoices/{invoice}/void")
    assert ">void<" in text
    assert "Nothing of this document is left in the ledger." in text
    assert sydney.read("Payment", paid["Id"])["UnappliedAmt"] == Decimal("550.00")
    assert balances(sydney, "4100", "1100", "1200") == ["0.00", "550.00", "-550.00"]


def test_a_deleted_invoice_can_still_be_looked_at(person, sydney, invoice):
    text = person.press(f"invoices/{invoice}/delete")
    assert said(text) == "The invoice is deleted."
    assert ">deleted<" in text
    assert 'class="danger"' not in text
    assert sydney.call("GET", f"invoice/{invoice}").codes == ["610"]
    assert balances(sydney, "4100", "1200") == ["0.00", "0.00"]
    assert "A-7" not in person.see("invoices")
    assert "A-7" in person.see("invoices?status=deleted")


def test_a_payment_shows_what_it_paid_and_can_be_lowered(person, sydney, invoice):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=[invoice], account_number="1100")["Id"]
    text = person.see(f"payments/{paid}")
    assert "1100 Business Cheque Account" in text.split("<h2>Journal</h2>")[1]
    assert ">A-7<" in text
    page = person.press(
        f"payments/{paid}/edit",
        amount="500",
        date=field(text, "date"),
        account_id=sydney.account("1110"),
    )
    assert said(page) == "Saved. The payment comes to 500.00."
    assert balances(sydney, "1100", "1110", "1200") == ["0.00", "500.00", "50.00"]


@pytest.mark.parametrize("button", ["void", "delete"])
def test_a_payment_taken_back_opens_its_invoice_again(person, sydney, invoice, button):
    paid = sydney.bookkeeper("receive_payment", invoice_ids=[invoice], account_number="1100")["Id"]
    assert "is open again" in said(person.press(f"payments/{paid}/{button}"))
    assert sydney.read("Invoice", invoice)["Balance"] == Decimal("550.00")
    assert balances(sydney, "1100", "1200") == ["0.00", "550.00"]


def test_undeposited_payments_are_taken_to_the_bank_together_and_frozen(person, sydney, invoice):
    paid = [
        sydney.bookkeeper("receive_payment", invoice_ids=[invoice], amount=amount)["Id"]
        for amount in ("100", "200", "50")
    ]
    assert person.see("deposits").count('type="checkbox"') == 3
    bank = sydney.account("1100")
    text = person.press("deposits/record", payment=paid[:2], account_id=bank, date="2026-03-10")
    assert said(text) == "Deposited 300.00 into 1100 Business Cheque Account."
    assert text.count('type="checkbox"') == 1
    assert balances(sydney, "1100", "1190") == ["300.00", "50.00"]
    assert "(fault 6540)" in said(person.refused(f"payments/{paid[0]}/void"))
    [deposit] = re.findall(r'deposits/(\d+)">Deposit', text)
    person.press(f"deposits/{deposit}/delete")
    assert balances(sydney, "1100", "1190") == ["0.00", "350.00"]


def test_a_deposit_of_nothing_is_refused(person, sydney, invoice):
    sydney.bookkeeper("receive_payment", invoice_ids=[invoice])
    text = person.refused("deposits/record", account_id=sydney.account("1110"), date="")
    assert said(text) == "Tick at least one payment."
    assert f'value="{sydney.account("1110")}" selected' in text


def test_one_payment_is_laid_on_several_invoices_of_a_customer(person, sydney, customer, invoice):
    detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "8"}}
    lines = [{**LINE, "Amount": 40, "SalesItemLineDetail": detail}]
    second = sydney.post("Invoice", {"CustomerRef": {"value": customer}, "Line": lines})["Id"]
    amounts = {f"amount_{invoice}": "500", f"amount_{second}": "40"}
    fields = {"account_id": sydney.account("1100"), "date": ""}
    text = person.press(f"customers/{customer}/receive", **amounts, **fields)
    assert said(text) == "Received 540.00 on 2 invoices."
    open_now = [sydney.read("Invoice", each)["Balance"] for each in (invoice, second)]
    assert open_now == [Decimal("50.00"), 0]
    assert len(sydney.rows("Payment")) == 1
    nothing = person.refused(f"customers/{customer}/receive", **fields)
    assert said(nothing) == "Give an amount for at least one invoice."
