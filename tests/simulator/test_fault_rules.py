"""Fault rules strike the requests they name, as often as they say, the same each time."""

import http.client
import json
import threading
import time
from pathlib import Path

import pytest

import simulators.quickbooks
from simulators.quickbooks.rules import EFFECTS

LOST = (http.client.HTTPException, OSError)
A_WRITE = {"kind": "write", "entity": "customer"}


@pytest.fixture(autouse=True)
def _no_rules(running):
    yield
    running.control("/rules", {"rules": []})
    running.control("/knobs", {"time_scale": 1})


@pytest.fixture
def ruled(running, sydney):
    """Put rules in force for this company only."""

    def put(*rules):
        here = {"realm": sydney.realm}
        running.control(
            "/rules", {"rules": [{**rule, "matching": rule["matching"] | here} for rule in rules]}
        )

    return put


def make(company, name, **parameters):
    return company.call("POST", "customer", {"DisplayName": name}, **parameters)


def names(company):
    return sorted(each["DisplayName"] for each in company.rows("Customer"))


def outcome(company, name):
    try:
        return make(company, name).status
    except LOST:
        return "lost"


def hits(running):
    return [rule["hits"] for rule in running.control("/rules")]


def test_a_lost_reply_was_committed_and_its_repeat_is_replayed(running, sydney, ruled):
    ruled({"effect": "lose_reply", "next": 1, "matching": A_WRITE})
    with pytest.raises(LOST):
        make(sydney, "Lost", requestid="r-1")
    assert make(sydney, "Lost", requestid="r-1").status == 200
    assert names(sydney) == ["Lost"]
    assert hits(running) == [1]
    assert [each["effect"] for each in running.control(f"/requests?realm={sydney.realm}")][:2] == [
        "lose_reply",
        "",
    ]


def test_the_same_seed_and_order_give_the_same_faults(running, sydney, ruled):
    rule = {"effect": "fail_before", "probability": 0.4, "seed": 7, "matching": A_WRITE}
    ruled(rule)
    first = [outcome(sydney, f"A{each}") for each in range(12)]
    ruled(rule)
    again = [outcome(sydney, f"B{each}") for each in range(12)]
    assert first == again
    assert {200, 500} == set(first)
    assert hits(running) == [first.count(500)]
    assert len(names(sydney)) == 2 * first.count(200)


def test_every_third_after_the_first_two_at_most_twice(sydney, ruled):
    ruled({"effect": "fail_before", "every": 3, "after": 2, "next": 2, "matching": A_WRITE})
    statuses = [outcome(sydney, f"C{each}") for each in range(12)]
    assert statuses == [200] * 4 + [500] + [200] * 2 + [500] + [200] * 4


def test_a_rule_leaves_other_entities_companies_and_times_alone(running, sydney, oakland, ruled):
    ruled(
        {"effect": "fail_before", "matching": {"entity": "invoice"}},
        {"effect": "fail_before", "from_seconds": 60, "until_seconds": 120, "matching": A_WRITE},
    )
    assert outcome(sydney, "Now") == 200
    running.control("/clock", {"advance_seconds": 61})
    assert outcome(oakland, "Elsewhere") == 200
    assert outcome(sydney, "Later") == 500
    running.control("/clock", {"advance_seconds": 61})
    assert outcome(sydney, "Over") == 200
    assert names(sydney) == ["Now", "Over"]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failure_of_the_edge_is_a_page_before_or_after_the_commit(sydney, ruled, status):
    ruled(
        {"effect": "fail_before", "next": 1, "status": status, "matching": A_WRITE},
        {"effect": "fail_after", "next": 1, "status": status, "matching": A_WRITE},
    )
    before, after = make(sydney, "Before"), make(sydney, "After")
    assert (before.status, after.status) == (status, status)
    assert before.text.startswith("<html>")
    assert before.headers["content-type"].startswith("text/html")
    assert names(sydney) == ["After"]


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("json", '{"warnings"'), ("xml", "<?xml"), ("html", "<html"), ("empty", "")],
)
def test_a_storm_of_429_comes_in_any_form_and_without_retry_after(sydney, ruled, form, beginning):
    ruled({"effect": "throttle", "form": form, "next": 2, "matching": {}})
    for answer in (make(sydney, "Storm"), sydney.call("GET", "preferences")):
        assert answer.status == 429
        assert answer.text.startswith(beginning)
        assert "retry-after" not in answer.headers
    assert names(sydney) == []


def test_retry_after_is_there_when_a_rule_names_it(sydney, ruled):
    ruled({"effect": "throttle", "retry_after": 30, "next": 1, "matching": {}})
    assert make(sydney, "Wait").headers["retry-after"] == "30"


def test_a_held_write_is_committed_though_the_client_has_gone(running, sydney, ruled):
    running.control("/knobs", {"time_scale": 100})
    ruled({"effect": "hold", "seconds": [40, 60], "next": 1, "matching": A_WRITE})
    impatient = http.client.HTTPConnection("localhost", running.port, timeout=0.1)
    token = {
        "Authorization": f"Bearer {sydney.tokens['access_token']}",
        "Accept": "application/json",
    }
    impatient.request(
        "POST", f"/v3/company/{sydney.realm}/customer", '{"DisplayName": "Late"}', token
    )
    with pytest.raises(TimeoutError):
        impatient.getresponse()
    impatient.close()
    assert names(sydney) == []
    until = time.monotonic() + 5
    while not names(sydney) and time.monotonic() < until:
        time.sleep(0.05)
    assert names(sydney) == ["Late"]


def test_half_an_answer_is_no_json_and_the_write_stands(sydney, ruled):
    ruled({"effect": "truncate", "next": 1, "matching": A_WRITE})
    answer = make(sydney, "Half")
    assert answer.status == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        _body = answer.body
    assert names(sydney) == ["Half"]


def test_a_slow_drip_arrives_whole_in_the_end(sydney, ruled):
    ruled({"effect": "drip", "seconds": 0.4, "next": 1, "matching": A_WRITE})
    begun = time.monotonic()
    answer = make(sydney, "Slow")
    assert time.monotonic() - begun > 0.3
    assert answer.body["Customer"]["DisplayName"] == "Slow"


def test_a_reset_connection_leaves_nothing_or_the_whole_behind(sydney, ruled):
    ruled(
        {"effect": "reset", "next": 1, "matching": A_WRITE},
        {"effect": "reset_after", "next": 1, "matching": A_WRITE},
    )
    for name in ("Nothing", "Whole"):
        with pytest.raises(ConnectionResetError):
            make(sydney, name)
    assert names(sydney) == ["Whole"]


@pytest.mark.parametrize(("code", "told"), [("429", "3001"), ("6240", "6240"), ("2500", "2500")])
def test_chosen_items_of_a_batch_fail_while_the_others_succeed(sydney, ruled, code, told):
    ruled({"effect": "item_fault", "code": code, "every": 2, "matching": {"entity": "customer"}})
    items = [
        {"bId": f"b{each}", "operation": "create", "Customer": {"DisplayName": f"D{each}"}}
        for each in range(4)
    ]
    answer = sydney.call("POST", "batch", {"BatchItemRequest": items}, requestid="batch-1")
    answers = answer.body["BatchItemResponse"]
    assert [each["bId"] for each in answers] == ["b0", "b1", "b2", "b3"]
    assert [next(iter(each)) for each in answers] == ["Customer", "Fault", "Customer", "Fault"]
    assert answers[1]["Fault"]["Error"][0]["code"] == told
    assert names(sydney) == ["D0", "D2"]


def test_an_item_can_be_chosen_by_its_bid(sydney, ruled):
    ruled({"effect": "item_fault", "code": "6240", "matching": {"item": "b1"}})
    items = [{"bId": f"b{each}", "Customer": {"DisplayName": f"E{each}"}} for each in range(3)]
    sydney.call("POST", "batch", {"BatchItemRequest": items})
    assert names(sydney) == ["E0", "E2"]


def test_a_lost_batch_was_carried_out_once(sydney, ruled):
    ruled({"effect": "lose_reply", "next": 1, "matching": {"entity": "batch"}})
    items = [{"bId": f"b{each}", "Customer": {"DisplayName": f"F{each}"}} for each in range(3)]
    with pytest.raises(LOST):
        sydney.call("POST", "batch", {"BatchItemRequest": items}, requestid="batch-2")
    answer = sydney.call("POST", "batch", {"BatchItemRequest": items}, requestid="batch-2")
    assert [each["Customer"]["Id"] for each in answer.body["BatchItemResponse"]] == ["1", "2", "3"]
    assert names(sydney) == ["F0", "F1", "F2"]


def test_faults_between_threads_lose_and_double_nothing(sydney, ruled):
    ruled(
        {"effect": "lose_reply", "probability": 0.2, "seed": 1, "matching": A_WRITE},
        {"effect": "fail_after", "probability": 0.2, "seed": 2, "matching": A_WRITE},
        {"effect": "reset", "probability": 0.2, "seed": 3, "matching": A_WRITE},
    )

    def until_it_works(name):
        for _try in range(40):
            try:
                if make(sydney, name, requestid=name).status == 200:
                    return
            except LOST:
                continue

    threads = [threading.Thread(target=until_it_works, args=(f"G{each:02}",)) for each in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert names(sydney) == [f"G{each:02}" for each in range(16)]


@pytest.mark.parametrize(
    "rule",
    [
        {"effect": "explode"},
        {"next": 1},
        {"effect": "hold", "for": 3},
        {"effect": "throttle", "form": "yaml"},
        {"effect": "throttle", "matching": {"weather": "rain"}},
        {"effect": "item_fault", "code": "12"},
    ],
)
def test_a_rule_nobody_knows_is_refused_and_the_old_ones_stay(running, rule):
    running.control(
        "/rules", {"rules": [{"effect": "hold", "name": "old", "matching": {"realm": "0"}}]}
    )
    answer = running.send("POST", "/_simulator/rules", json.dumps({"rules": [rule]}))
    assert answer.status == 400
    assert [each["name"] for each in running.control("/rules")] == ["old"]


def test_rules_can_be_added_and_taken_away(running):
    nowhere = {"matching": {"realm": "0"}}
    running.control("/rules", {"rules": [{"effect": "hold", "name": "one", **nowhere}]})
    running.control("/rules", {"add": [{"effect": "hold", "name": "two", **nowhere}]})
    left = running.control("/rules", {"remove": ["one"]})
    assert [each["name"] for each in left] == ["two"]


def test_a_poisonous_document_is_known_by_what_it_holds(sydney, ruled):
    ruled({"effect": "fail_before", "matching": {"text": "POISON-1"}})
    statuses = [outcome(sydney, name) for name in ("Good", "POISON-1", "POISON-2", "POISON-1")]
    assert statuses == [200, 500, 200, 500]
    assert names(sydney) == ["Good", "POISON-2"]


def test_a_poisonous_item_of_a_batch_is_refused_alone(sydney, ruled):
    ruled({"effect": "item_fault", "code": "6000", "matching": {"text": "POISON-3"}})
    items = [{"bId": each, "Customer": {"DisplayName": f"POISON-{each}"}} for each in "234"]
    sydney.call("POST", "batch", {"BatchItemRequest": items})
    assert names(sydney) == ["POISON-2", "POISON-4"]


def test_a_single_request_is_refused_with_the_code_of_the_rule(running, sydney, ruled):
    ruled({"effect": "refuse", "code": "6240", "next": 1, "matching": A_WRITE})
    answer = make(sydney, "Taken?")
    assert (answer.status, answer.codes) == (400, ["6240"])
    assert names(sydney) == []
    [refused, _read] = running.control(f"/requests?realm={sydney.realm}")
    assert (refused["fault_code"], refused["effect"]) == ("6240", "refuse")


def test_the_example_of_the_readme_is_taken_as_it_stands(running):
    text = (Path(simulators.quickbooks.__file__).parent / "README.md").read_text()
    example = text[text.index('    {"rules": [') :].split("\n\n", 1)[0]
    assert len(running.control("/rules", json.loads(example))) == 5
    assert [effect for effect in EFFECTS if f"`{effect}`" not in text] == []
