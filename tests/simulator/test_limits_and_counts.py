"""What other apps eat, what a plan allows, and how calls are counted by company and kind."""

import pytest

from tests.simulator.test_gate import refresh


@pytest.fixture(autouse=True)
def _usual_knobs(running):
    running.control("/calls/forget", {})
    yield
    usual = {"throttle": False, "per_minute": 500, "per_second": 10, "plan": "builder"}
    running.control("/knobs", usual | {"other_apps_per_minute": 0, "other_apps": {}})
    running.control("/knobs", {"rotation": "24h", "drop_token_reply": 0})
    running.control("/meter", {"used": 0})
    running.control("/rules", {"rules": []})


def test_another_app_eats_its_share_of_every_minute(running, sydney, oakland):
    limits = {"throttle": True, "per_minute": 5, "per_second": 100, "other_apps_per_minute": 3}
    running.control("/knobs", limits)
    assert [sydney.call("GET", "preferences").status for _each in range(3)] == [200, 200, 429]
    running.control("/knobs", {"other_apps": {oakland.realm: 4}})
    assert [oakland.call("GET", "preferences").status for _each in range(2)] == [200, 429]
    running.control("/knobs", {"other_apps_per_minute": 0})
    assert sydney.call("GET", "preferences").status == 200


def test_past_the_month_reads_stop_and_writes_go_on_even_in_a_batch(running, sydney):
    filled = running.control("/meter", {"percent": 100})
    assert (filled["used"], filled["allowance"]) == (500_000, 500_000)
    assert sydney.call("GET", "preferences").status == 429
    assert sydney.call("GET", "query", query="select * from Customer").status == 429
    items = [
        {"bId": "1", "Customer": {"DisplayName": "Goes on"}},
        {"bId": "2", "Query": "select * from Customer"},
    ]
    made, asked = sydney.call("POST", "batch", {"BatchItemRequest": items}).body[
        "BatchItemResponse"
    ]
    assert made["Customer"]["DisplayName"] == "Goes on"
    assert asked["Fault"]["Error"][0]["code"] == "3001"
    running.control("/meter", {"percent": 50})
    assert len(sydney.rows("Customer")) == 1
    assert running.control("/meter")["used"] == 250_001


def test_a_paid_plan_goes_past_its_allowance(running, sydney):
    assert running.control("/knobs", {"plan": "silver"})["monthly_reads"] == 1_000_000
    running.control("/meter", {"percent": 100})
    assert sydney.call("GET", "preferences").status == 200
    assert running.control("/meter")["used"] == 1_000_001


def test_a_plan_nobody_sells_is_refused(running):
    answer = running.send("POST", "/_simulator/knobs", '{"plan": "bronze"}')
    assert answer.status == 400
    assert running.control("/knobs")["plan"] == "builder"


def test_calls_are_counted_by_company_and_kind(running, sydney, oakland):
    sydney.call("POST", "customer", {"DisplayName": "One"}, requestid="c-1")
    sydney.call("POST", "customer", {"DisplayName": "One"}, requestid="c-1")
    sydney.call("POST", "customer", {"DisplayName": "One"})
    items = [{"bId": str(each), "Customer": {"DisplayName": f"N{each}"}} for each in range(3)]
    sydney.call("POST", "batch", {"BatchItemRequest": items})
    sydney.rows("Customer")
    running.control("/rules", {"rules": [{"effect": "throttle", "next": 1, "matching": {}}]})
    sydney.call("GET", "preferences")
    oakland.call("GET", "preferences")
    told = running.control("/calls")
    mine = told["realms"][sydney.realm]
    assert {name: mine[name] for name in ("singles", "batches", "batch_items", "reads")} == {
        "singles": 3,
        "batches": 1,
        "batch_items": 3,
        "reads": 2,
    }
    assert (mine["metered"], mine["replays"], mine["throttled"], mine["spoiled"]) == (1, 1, 1, 1)
    assert mine["answers"] == {"200": 4, "429": 1, "6240": 1}
    assert mine["most_in_flight"] == 1
    assert told["together"]["reads"] == 3
    assert running.control(f"/calls?realm={oakland.realm}")["reads"] == 1


def test_calls_for_tokens_are_counted_too(running, sydney):
    running.control("/knobs", {"rotation": "strict"})
    old = sydney.tokens["refresh_token"]
    assert refresh(running, old).status == 200
    assert refresh(running, old).status == 400
    told = running.control(f"/calls?realm={sydney.realm}")
    assert (told["refreshes"], told["invalid_grants"]) == (1, 1)


def test_a_rule_may_strike_the_token_endpoint_and_only_when_it_says_so(running, sydney):
    everything = {"effect": "fail_before", "matching": {}}
    tokens = {"effect": "fail_after", "status": 503, "next": 1, "matching": {"entity": "token"}}
    running.control("/rules", {"rules": [everything, tokens]})
    running.control("/knobs", {"rotation": "strict"})
    old = sydney.tokens["refresh_token"]
    assert refresh(running, old).status == 503
    assert refresh(running, old).body["error"] == "invalid_grant"
    assert [rule["hits"] for rule in running.control("/rules")] == [0, 1]


def test_a_refresh_can_be_refused_by_rule(running, sydney):
    rule = {"effect": "invalid_grant", "next": 1}
    running.control("/rules", {"rules": [{**rule, "matching": {"entity": "token"}}]})
    assert refresh(running, sydney.tokens["refresh_token"]).body["error"] == "invalid_grant"
    assert refresh(running, sydney.tokens["refresh_token"]).status == 200
