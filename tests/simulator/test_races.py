"""A bookkeeper who is quicker than the request, or right behind it."""

import pytest


@pytest.fixture(autouse=True)
def _no_rules(running):
    yield
    running.control("/rules", {"rules": []})
    running.control("/knobs", {"keep_bodies": False})


@pytest.fixture
def raced(running, sydney):
    """Put one race in force for this company."""

    def put(effect, action, wish, **matching):
        matching["realm"] = sydney.realm
        rule = {"effect": effect, "action": action, "wish": wish, "next": 1, "matching": matching}
        running.control("/rules", {"rules": [rule]})

    return put


def change(company, invoice):
    body = {"Id": invoice, "SyncToken": "0", "sparse": True, "PrivateNote": "Ours"}
    return company.call("POST", "invoice", body)


def pay(company, customer, invoice):
    link = {"Amount": 50, "LinkedTxn": [{"TxnId": invoice, "TxnType": "Invoice"}]}
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 50, "Line": [link]}
    return company.call("POST", "payment", body)


def rule(running):
    [found] = running.control("/rules")
    return found["hits"], found["failed"]


def test_an_edit_right_before_an_update_makes_it_stale(running, sydney, invoice, raced):
    wish = {"id": "{id}", "PrivateNote": "Theirs"}
    raced("interfere", "edit_invoice", wish, entity="invoice", operation="update")
    assert change(sydney, invoice).codes == ["5010"]
    assert sydney.read("Invoice", invoice)["PrivateNote"] == "Theirs"
    assert rule(running) == (1, 0)


@pytest.mark.parametrize(("action", "code"), [("void", "5010"), ("delete", "610")])
def test_a_void_or_delete_right_before_an_update_is_noticed(sydney, invoice, raced, action, code):
    raced("interfere", action, {"kind": "Invoice", "id": "{id}"}, entity="invoice")
    assert change(sydney, invoice).codes == [code]


def test_a_payment_there_right_before_an_update_makes_it_stale(sydney, invoice, raced):
    raced("interfere", "receive_payment", {"invoice_ids": ["{id}"]}, entity="invoice")
    assert change(sydney, invoice).codes == ["5010"]
    assert sydney.read("Invoice", invoice)["Balance"] == 0


def test_an_invoice_can_go_just_before_it_is_paid(sydney, customer, invoice, raced):
    raced("interfere", "delete", {"kind": "Invoice", "id": "{invoice}"}, entity="payment")
    assert pay(sydney, customer, invoice).status == 400
    assert sydney.rows("Payment") == []
    assert sydney.control("trial-balance")["total"] == "0.00"


def test_a_customer_can_be_merged_away_under_a_payment(sydney, customer, invoice, raced):
    other = sydney.post("Customer", {"DisplayName": "Survivor"})["Id"]
    raced("interfere", "merge_customers", {"id": "{customer}", "into": other}, entity="payment")
    answer = pay(sydney, customer, invoice)
    assert answer.codes == ["2500"]
    assert sydney.read("Invoice", invoice)["CustomerRef"]["value"] == other


def test_right_behind_a_create_comes_an_edit_of_it(running, sydney, raced):
    wish = {"id": "{id}", "name": "Renamed at once"}
    raced("interfere_after", "rename_customer", wish, entity="customer", operation="create")
    made = sydney.post("Customer", {"DisplayName": "As we call them"})
    assert (made["DisplayName"], made["SyncToken"]) == ("As we call them", "0")
    kept = sydney.read("Customer", made["Id"])
    assert (kept["DisplayName"], kept["SyncToken"]) == ("Renamed at once", "1")
    assert rule(running) == (1, 0)


def test_what_the_books_refuse_the_bookkeeper_changes_nothing(running, sydney, raced):
    raced("interfere", "void", {"kind": "Invoice", "id": "999"}, entity="customer")
    assert sydney.call("POST", "customer", {"DisplayName": "Calm"}).status == 200
    assert rule(running) == (1, 1)


def test_an_action_nobody_knows_is_refused(running):
    body = '{"rules": [{"effect": "interfere", "action": "dance", "matching": {}}]}'
    assert running.send("POST", "/_simulator/rules", body).status == 400
    assert running.control("/rules") == []


def test_a_thousand_and_one_changes_of_one_second_are_cut_at_a_thousand(running):
    made = running.control("/companies", {"name": "Touched", "customers": 1001})
    tokens = running.control("/tokens", {"realm": made["realm"]})
    running.control("/clock", {"advance_seconds": 3000})
    begun = running.control("/clock")["text"]
    path = f"/companies/{made['realm']}/bookkeeper/touch"
    assert running.control(path, {"kind": "Customer", "number": 1001}) == {"touched": 1001}
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
    since = begun.replace(":", "%3A")
    asked = f"/v3/company/{made['realm']}/cdc?entities=Customer&changedSince={since}"
    [answer] = running.send("GET", asked, None, headers).body["CDCResponse"]
    rows = answer["QueryResponse"][0]["Customer"]
    assert len(rows) == 1000
    assert len({row["MetaData"]["LastUpdatedTime"] for row in rows}) == 1


def test_a_canary_is_found_wherever_it_went(running, sydney, oakland):
    running.control("/knobs", {"keep_bodies": True})
    made = sydney.post("Customer", {"DisplayName": "CANARY-77"}, requestid="CANARY-78")
    assert oakland.call("POST", "customer", {"Nonsense": "CANARY-77"}).status == 400
    found = running.control("/search?text=CANARY-77")["realms"]
    assert found[sydney.realm]["objects"] == [{"kind": "Customer", "id": made["Id"]}]
    assert len(found[sydney.realm]["requests"]) == 1
    assert (found[oakland.realm]["objects"], len(found[oakland.realm]["requests"])) == ([], 1)
    assert list(running.control("/search?text=CANARY-78")["realms"]) == [sydney.realm]
