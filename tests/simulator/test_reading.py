"""Queries, change data capture, batches, replays."""

from simulators.quickbooks.clock import stamp


def names(rows):
    return [row["DisplayName"] for row in rows]


def add(company, *labels):
    return [company.post("Customer", {"DisplayName": label})["Id"] for label in labels]


def test_a_query_filters_sorts_pages_and_counts(sydney):
    add(sydney, "Cee", "Amy's Bird Sanctuary", "bee", "R&D #1 + 50%")
    assert names(sydney.rows("Customer")) == ["Amy's Bird Sanctuary", "bee", "Cee", "R&D #1 + 50%"]
    assert names(sydney.rows("Customer", "orderby Id desc maxresults 2")) == ["R&D #1 + 50%", "bee"]
    assert names(sydney.rows("Customer", "where DisplayName = 'Amy\\'s Bird Sanctuary'")) != []
    like = names(sydney.rows("Customer", "where DisplayName like '%EE' orderby Id"))
    assert like == ["Cee", "bee"]
    assert names(sydney.rows("Customer", "where DisplayName = 'r&d #1 + 50%'")) == ["R&D #1 + 50%"]
    assert names(sydney.rows("Customer", "where Id in ('1', '3')")) == ["bee", "Cee"]
    assert sydney.query("select count(*) from Customer") == {"totalCount": 4}
    assert sydney.query("select * from Customer startposition 9") == {}
    page = sydney.query("select * from Customer order by Id maxresults 2 startposition 3")
    assert (page["startPosition"], page["maxResults"]) == (3, 2)
    assert "totalCount" not in page


def test_a_projection_gives_the_named_fields_and_the_id(sydney):
    add(sydney, "Only")
    [row] = sydney.query("select DisplayName, MetaData.LastUpdatedTime from Customer")["Customer"]
    assert set(row) == {"Id", "sparse", "DisplayName", "MetaData"}
    assert row["sparse"] is True


def test_a_query_may_come_as_a_body(sydney):
    add(sydney, "Posted")
    answer = sydney.call("POST", "query", b"select * from Customer where DisplayName = 'Posted'")
    assert names(answer.body["QueryResponse"]["Customer"]) == ["Posted"]


def test_wrong_queries_say_what_is_wrong(sydney):
    wrong = {
        "select * from Custmoer": "4001",
        "select * from Customer where Nope = '1'": "4001",
        "select * from Vendor where PrimaryEmailAddr = 'a@b'": "4001",
        "select * from Customer startposition 0": "4001",
        "select * from Customer maxresults 1001": "4001",
        "select * from Customer where Id = ''": "2030",
        "select * from Customer where DisplayName = Bob": "4000",
        "select * from Customer where A = '1' or B = '2'": "4000",
        "delete from Customer": "4000",
        "select * from Customer where DisplayName = 'it''s'": "4000",
    }
    given = {text: sydney.call("GET", "query", query=text).codes[0] for text in wrong}
    assert given == wrong


def test_changes_come_per_entity_in_the_order_asked_with_deletions(sydney, running):
    [customer] = add(sydney, "Changed")
    start = running.simulator.clock.now()
    paid = sydney.post("Payment", {"CustomerRef": {"value": customer}, "TotalAmt": 5})
    sydney.post("Payment", {"Id": paid["Id"], "SyncToken": "0"}, operation="delete")
    asked = {"entities": "Invoice,Payment,Customer", "changedSince": stamp(start)}
    [part] = sydney.call("GET", "cdc", **asked).body["CDCResponse"]
    invoices, payments, customers = part["QueryResponse"]
    assert invoices == {}
    [gone] = payments["Payment"]
    assert set(gone) == {"domain", "status", "Id", "MetaData"}
    assert gone["status"] == "Deleted"
    assert names(customers["Customer"]) == ["Changed"]


def test_changes_look_back_thirty_days_and_know_no_tax_codes(sydney, running):
    long_ago = stamp(running.simulator.clock.now() - 31 * 86_400)
    old = sydney.call("GET", "cdc", entities="Invoice", changedSince=long_ago)
    assert old.status == 400
    now = stamp(running.simulator.clock.now())
    assert sydney.call("GET", "cdc", entities="TaxCode", changedSince=now).codes == ["4001"]


def test_a_batch_runs_one_by_one_and_a_fault_spoils_nothing_else(sydney):
    items = [
        {"bId": "a", "operation": "create", "Customer": {"DisplayName": "Batched"}},
        {"bId": "b", "operation": "create", "Vendor": {"DisplayName": "Batched"}},
        {"bId": "c", "operation": "delete", "Invoice": {"Id": "129", "SyncToken": "0"}},
        {"bId": "d", "Query": "select * from Customer"},
    ]
    answer = sydney.call("POST", "batch", {"BatchItemRequest": items})
    first, second, third, fourth = answer.body["BatchItemResponse"]
    assert answer.status == 200
    assert (first["bId"], first["Customer"]["DisplayName"]) == ("a", "Batched")
    assert second["Fault"]["Error"][0]["code"] == "6240"
    assert third["Fault"]["Error"][0]["code"] == "610"
    assert names(fourth["QueryResponse"]["Customer"]) == ["Batched"]
    many = {"BatchItemRequest": [items[3]] * 31}
    assert sydney.call("POST", "batch", many).codes == ["1040"]


def test_the_same_requestid_replays_the_first_answer(sydney):
    body = {"DisplayName": "Once"}
    first = sydney.call("POST", "customer", body, requestid="r-1").body["Customer"]
    again = sydney.call("POST", "customer", body, requestid="r-1").body["Customer"]
    assert again == first
    assert len(sydney.rows("Customer")) == 1
    other = {"DisplayName": "Other"}
    assert sydney.call("POST", "customer", other, requestid="r-1").codes == ["600"]
    assert sydney.call("POST", "customer", other, requestid="").status == 200


def test_a_fault_is_not_replayed(sydney):
    add(sydney, "Taken")
    answer = sydney.call("POST", "customer", {"DisplayName": "Taken"}, requestid="r-2")
    assert answer.codes == ["6240"]
    [row] = sydney.rows("Customer")
    sydney.bookkeeper("rename_customer", id=row["Id"], name="Moved")
    assert sydney.call("POST", "customer", {"DisplayName": "Taken"}, requestid="r-2").status == 200


def test_the_last_page_of_ten_thousand_customers_is_read(running):
    from tests.simulator.client import Company

    company = Company(running, customers=10_000, seed=3)
    rows = company.rows("Customer", "orderby Id startposition 9001 maxresults 1000")
    assert len(rows) == 1000
