"""What the buttons on credit memos and on the settings about them do to the ledger."""

from decimal import Decimal

import pytest

from tests.simulator.person import said


@pytest.fixture
def memo(sydney, customer):
    """CN-1 over 100.00 and GST."""
    labour = sydney.item("Call-outs", "4100")
    wish = {"customer_id": customer, "item_id": labour, "amount": 100, "number": "CN-1"}
    return sydney.bookkeeper("add_credit_memo", **wish)["Id"]


def test_a_credit_memo_shows_its_accounts_its_tax_and_what_is_left(person, memo):
    text = person.see(f"creditmemos/{memo}")
    assert "4100 Labour Income" in text
    assert "GST (sales), 10 % of 100.00" in text
    assert "110.00 <small>left of 110.00</small>" in text
    assert "has no open invoice" in text
    assert "CN-1" in person.see("creditmemos")
    assert "CN-1" in person.see("creditmemos?status=open")
    assert "fits this" in person.see("creditmemos?status=used")


def test_using_it_on_an_invoice_and_freeing_it_again(person, sydney, invoice, memo):
    text = person.press(f"creditmemos/{memo}/use", invoice_id=invoice)
    assert said(text) == "The credit is used. 0.00 of it is left."
    assert ">used<" in text
    assert sydney.read("Invoice", invoice)["Balance"] == Decimal("440.00")
    [payment] = sydney.rows("Payment")
    assert "Credit memo CN-1" in person.see(f"payments/{payment['Id']}")
    text = person.press(f"creditmemos/{memo}/release", payment_id=payment["Id"])
    assert said(text) == "The credit is free again: 110.00 is left."
    assert sydney.read("Invoice", invoice)["Balance"] == Decimal("550.00")


def test_an_invoice_offers_the_credits_of_its_customer(person, sydney, invoice, memo):
    assert "CN-1, 110.00 left" in person.see(f"invoices/{invoice}")
    text = person.press(f"invoices/{invoice}/credit", credit_id=memo)
    assert said(text) == "The credit is used. 440.00 is still open."
    assert sydney.read("CreditMemo", memo)["Balance"] == 0


def test_a_changed_amount_posts_again_and_void_takes_all_of_it_back(person, sydney, memo):
    text = person.press(f"creditmemos/{memo}/edit", amount_1="80", note="agreed")
    assert said(text) == "Saved. The credit memo comes to 88.00."
    assert sydney.balance("4100") == "80.00"
    assert "The credit memo is void" in said(person.press(f"creditmemos/{memo}/void"))
    assert sydney.balance("4100") == "0.00"
    assert "deleted" in said(person.press(f"creditmemos/{memo}/delete"))
    assert ">deleted<" in person.see(f"creditmemos/{memo}")


def test_the_customer_shows_credits_and_the_deep_link_leads_to_them(person, customer, memo):
    text = person.see(f"customers/{customer}")
    assert "Credit memos" in text
    assert f"creditmemos/{memo}" in text


def test_a_company_is_told_to_use_credits_by_itself(person, sydney, invoice, customer):
    text = person.press("settings/credits", applies_credits="on")
    assert said(text) == "Using credits automatically is on."
    sydney.bookkeeper("add_credit_memo", customer_id=customer, amount=10)
    assert sydney.read("Invoice", invoice)["Balance"] == Decimal("539.00")


def test_custom_fields_are_named_and_switched_on_the_settings(person, sydney):
    assert 'value="Lead Source"' in person.see("settings")
    person.press("settings/rename", number="2", name="Crew")
    person.press("settings/switch", number="1", on="off")
    assert (
        sydney.rows("Preferences")[0]["SalesFormsPrefs"]["CustomField"][0]["CustomField"][0][
            "BooleanValue"
        ]
        is False
    )
    text = person.press("settings/rename", number="2", name="")
    assert said(text) == "Field 2 is gone."
