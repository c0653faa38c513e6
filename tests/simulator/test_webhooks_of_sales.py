"""What connected apps hear of credits, payments that link them, accounts and merges."""

import json
import time

from tests.simulator.test_webhooks import heard, listener

__all__ = ["heard", "listener"]
PATIENCE = 5


def told(listener, wanted):
    """The events heard so far, as soon as the wanted ones are among them."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        events = [event for body, _headers in list(listener.seen) for event in json.loads(body)]
        found = {(event["type"], event["intuitentityid"]) for event in events}
        if wanted <= found:
            return events
        time.sleep(0.02)
    raise AssertionError(f"not heard: {wanted - found}")


def sale(company):
    return company.post("Customer", {"DisplayName": "Mei"})["Id"]


def test_a_credit_and_the_payment_the_company_made_for_it_are_told(heard, listener):
    customer = sale(heard)
    detail = {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "10"}}
    sold = {"Amount": 50, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    body = {"CustomerRef": {"value": customer}, "DocNumber": "1", "Line": [sold]}
    invoice = heard.post("Invoice", body)["Id"]
    heard.bookkeeper("apply_credits", applies_credits=True)
    memo = heard.bookkeeper("add_credit_memo", customer_id=customer, amount=20)["Id"]
    [payment] = heard.rows("Payment")
    wanted = {
        ("qbo.creditmemo.created.v1", memo),
        ("qbo.payment.created.v1", payment["Id"]),
        ("qbo.invoice.updated.v1", invoice),
    }
    told(listener, wanted)
    heard.bookkeeper("void", kind="CreditMemo", id=memo)
    wanted = {("qbo.creditmemo.voided.v1", memo), ("qbo.payment.deleted.v1", payment["Id"])}
    told(listener, wanted)


def test_a_changed_account_is_told(heard, listener):
    account = heard.bookkeeper("edit_account", account_number="4100", name="Labour")["Id"]
    told(listener, {("qbo.account.updated.v1", account)})
    heard.bookkeeper("deactivate_account", account_number="6500")
    added = heard.bookkeeper("add_account", name="Solar", type="Income", number="4150")["Id"]
    told(listener, {("qbo.account.created.v1", added)})


def test_merged_customers_are_told_with_the_one_that_went(heard, listener):
    gone, kept = sale(heard), heard.post("Customer", {"DisplayName": "Mei & Co"})["Id"]
    memo = heard.bookkeeper("add_credit_memo", customer_id=gone, amount=20)
    heard.bookkeeper("merge_customers", id=gone, into=kept)
    events = told(listener, {("qbo.customer.merged.v1", kept)})
    assert {"deletedid": gone} in [event["data"] for event in events]
    moved = heard.read("CreditMemo", memo["Id"])
    assert moved["CustomerRef"] == {"value": kept, "name": "Mei & Co"}
    assert str(heard.read("Customer", kept)["Balance"]) == "-22.00"
