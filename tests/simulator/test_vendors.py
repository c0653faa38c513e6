"""Vendors: names that three lists share, tax numbers, merges."""

import json
from decimal import Decimal

import pytest

from tests.simulator.client import Company
from tests.simulator.test_bill_payments import laid
from tests.simulator.test_purchases import spent
from tests.simulator.test_webhooks import Listener


@pytest.fixture
def listener():
    started = Listener()
    yield started
    started.stop()


def test_a_name_is_unique_over_all_three_lists(sydney):
    sydney.post("Customer", {"DisplayName": "Bright Co"})
    sydney.bookkeeper("add_employee", name="Emily Platt")
    for name in ("BRIGHT CO", "emily platt"):
        answer = sydney.call("POST", "vendor", {"DisplayName": name})
        assert answer.codes == ["6240"]
    assert sydney.rows("Vendor") == []
    assert [each["DisplayName"] for each in sydney.rows("Employee")] == ["Emily Platt"]


def test_a_tax_number_is_answered_masked_and_kept_by_a_sparse_update(sydney):
    body = {"DisplayName": "Reece", "TaxIdentifier": "51 824 753 556", "AcctNum": "C-9"}
    made = sydney.post("Vendor", body)
    assert made["TaxIdentifier"] == "XXXXXXXXX3 556"
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    changed = sydney.post("Vendor", {**key, "CompanyName": "Reece Pty Ltd"})
    assert (changed["TaxIdentifier"], changed["AcctNum"]) == ("XXXXXXXXX3 556", "C-9")
    assert sydney.call("POST", "vendor", {**body, "TaxIdentifier": "1" * 21}).codes == ["2050"]


def test_vendors_are_queried_and_told_of_by_cdc(sydney):
    made = sydney.post("Vendor", {"DisplayName": "O'Neil Timber", "CompanyName": "O'Neil"})
    found = sydney.rows("Vendor", "where DisplayName = 'O\\'Neil Timber'")
    assert [each["Id"] for each in found] == [made["Id"]]
    since = made["MetaData"]["LastUpdatedTime"]
    answer = sydney.call("GET", "cdc", entities="Vendor,Bill", changedSince=since)
    [told] = answer.body["CDCResponse"]
    assert [each["Id"] for each in told["QueryResponse"][0]["Vendor"]] == [made["Id"]]
    assert told["QueryResponse"][1] == {}
    sydney.bookkeeper("deactivate_vendor", id=made["Id"])
    assert sydney.rows("Vendor") == []
    sydney.post("Vendor", {"DisplayName": "O'Neil Timber"})


def test_a_merged_vendor_hands_everything_to_the_other(sydney):
    first = sydney.post("Vendor", {"DisplayName": "Reece"})["Id"]
    second = sydney.post("Vendor", {"DisplayName": "Reece Plumbing"})["Id"]
    body = {"VendorRef": {"value": first}, "Line": [spent(sydney, "5200", 100)]}
    bill = sydney.post("Bill", body)
    kept = sydney.bookkeeper("merge_vendors", id=first, into=second)
    assert (kept["Id"], kept["Balance"]) == (second, Decimal("110.00"))
    moved = sydney.read("Bill", bill["Id"])
    assert moved["VendorRef"] == {"value": second, "name": "Reece Plumbing"}
    assert moved["SyncToken"] == "1"
    assert sydney.call("GET", f"vendor/{first}").codes == ["610"]
    assert sydney.call("POST", "bill", body).codes == ["2500"]
    bank = {"BankAccountRef": {"value": sydney.account("1100")}}
    paid = {"VendorRef": {"value": second}, "PayType": "Check", "CheckPayment": bank}
    sydney.post("BillPayment", {**paid, "TotalAmt": 110, "Line": [laid(110, "Bill", bill["Id"])]})
    assert sydney.read("Vendor", second)["Balance"] == 0


def test_a_merged_customer_hands_its_invoices_to_the_other(sydney, customer, invoice):
    other = sydney.post("Customer", {"DisplayName": "Zoe O'Brien"})["Id"]
    sydney.bookkeeper("merge_customers", id=customer, into=other)
    assert sydney.read("Invoice", invoice)["CustomerRef"]["value"] == other
    assert sydney.read("Customer", other)["Balance"] == Decimal("550.00")


@pytest.mark.parametrize("form", ["cloudevents", "legacy"])
def test_webhooks_tell_which_vendor_went_into_which(running, listener, form):
    app = {"client_id": f"buyer-{form}", "client_secret": "s", "webhook_url": listener.url}
    running.control("/apps", {**app, "webhook_verifier": "v", "webhook_format": form})
    company = Company(running, country="AU")
    running.control("/tokens", {"realm": company.realm, "client_id": f"buyer-{form}"})
    one = company.bookkeeper("add_vendor", name="One")["Id"]
    two = company.bookkeeper("add_vendor", name="Two")["Id"]
    line = spent(company, "5200", 10)
    bill = company.post("Bill", {"VendorRef": {"value": two}, "Line": [line]})["Id"]
    company.bookkeeper("pay_bill", bill_ids=[bill])
    company.bookkeeper("merge_vendors", id=one, into=two)
    assert {"Bill", "BillPayment", "Vendor"} <= told(listener)
    [merged] = [each for each in events(listener) if merge_of(each)]
    assert merge_of(merged) == (two, one)


def events(listener):
    """All entries delivered so far, of either form."""
    found = []
    for body, _headers in listener.seen:
        content = json.loads(body)
        if isinstance(content, list):
            found += content
        else:
            for notice in content["eventNotifications"]:
                found += notice["dataChangeEvent"]["entities"]
    return found


def merge_of(event):
    """Who stays and who goes, where the event tells of a merge."""
    if event.get("operation") == "Merge":
        return event["id"], event["deletedId"]
    if event.get("type") == "qbo.vendor.merged.v1":
        return event["intuitentityid"], event["data"]["deletedid"]
    return None


def told(listener):
    """The kinds told of, once the last event has come."""
    names = {"bill": "Bill", "billpayment": "BillPayment", "vendor": "Vendor"}
    for count in range(1, 20):
        listener.wait(count, 3)
        if any(merge_of(each) for each in events(listener)):
            break
    kinds = [each.get("name") or names[each["type"].split(".")[1]] for each in events(listener)]
    return set(kinds)
