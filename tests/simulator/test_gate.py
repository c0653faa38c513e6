"""Tokens, throttle, meter, knobs and the list of requests."""

import http.client
import threading
import time

import pytest


@pytest.fixture(autouse=True)
def _usual_knobs(running):
    yield
    running.control("/knobs", {"throttle": False, "drop_reply": 0, "fail_before": 0})
    running.control("/knobs", {"matching": {}, "query_lag_seconds": 0, "rotation": "24h"})
    running.control("/knobs", {"replay_retention_seconds": 86_400, "monthly_reads": 500_000})


def refresh(running, token):
    form = {"grant_type": "refresh_token", "refresh_token": token}
    secrets = {"client_id": "simulator-test", "client_secret": "simulator-secret"}
    return running.form("/oauth2/v1/tokens/bearer", form | secrets)


def test_a_token_of_another_company_is_forbidden(sydney, oakland):
    sydney.tokens = oakland.tokens
    answer = sydney.call("GET", "customer/1")
    assert (answer.status, answer.codes) == (403, ["3100"])
    assert "intuit_tid" in answer.headers


def test_an_access_token_dies_after_an_hour(sydney, running):
    running.control("/clock", {"advance_seconds": 3601})
    assert sydney.call("GET", "companyinfo/1").codes == ["3200"]
    answer = refresh(running, sydney.tokens["refresh_token"])
    sydney.tokens = answer.body
    assert sydney.call("GET", f"companyinfo/{sydney.realm}").status == 200


def test_a_refresh_token_stays_the_same_for_a_day_and_the_old_one_then_dies(sydney, running):
    old = sydney.tokens["refresh_token"]
    assert refresh(running, old).body["refresh_token"] == old
    running.control("/clock", {"advance_seconds": 86_400})
    new = refresh(running, old).body["refresh_token"]
    assert new != old
    refused = refresh(running, old)
    assert (refused.status, refused.body["error"]) == (400, "invalid_grant")
    assert refresh(running, new).status == 200


def test_strict_rotation_changes_it_every_time(sydney, running):
    running.control("/knobs", {"rotation": "strict"})
    old = sydney.tokens["refresh_token"]
    assert refresh(running, old).status == 200
    assert refresh(running, old).status == 400


def test_disconnecting_inside_quickbooks_ends_everything(sydney, running):
    running.control("/knobs", {"revoke_tokens": {"realm": sydney.realm}})
    assert sydney.call("GET", "customer/1").status == 401
    assert refresh(running, sydney.tokens["refresh_token"]).status == 400


def test_the_eleventh_request_in_a_second_is_throttled(sydney, running):
    running.control("/knobs", {"throttle": True})
    answers = [sydney.call("GET", "preferences") for _each in range(14)]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert refused[0].codes == ["3001"]


def test_reads_are_metered_and_blocked_past_the_allowance(sydney, running):
    before = running.control("/meter")["reads"]
    sydney.call("GET", "preferences")
    sydney.post("Customer", {"DisplayName": "Free of charge"})
    [mine] = [row for row in running.control("/meter")["reads"] if row["realm"] == sydney.realm]
    assert mine["reads"] == 1
    assert len(running.control("/meter")["reads"]) == len(before) + 1
    running.control("/knobs", {"monthly_reads": 1})
    assert sydney.call("GET", "preferences").status == 429
    assert sydney.post("Customer", {"DisplayName": "Still free"})["Id"] == "2"


def test_a_lost_reply_leaves_the_document_behind(sydney, running):
    running.control("/knobs", {"drop_reply": 1, "matching": {"entity": "customer"}})
    with pytest.raises((http.client.HTTPException, OSError)):
        sydney.call("POST", "customer", {"DisplayName": "Lost"}, requestid="lost-1")
    again = sydney.call("POST", "customer", {"DisplayName": "Lost"}, requestid="lost-1")
    assert again.status == 200
    assert len(sydney.rows("Customer")) == 1


def test_a_failure_before_the_commit_leaves_nothing_behind(sydney, running):
    running.control("/knobs", {"fail_before": 1})
    answer = sydney.call("POST", "customer", {"DisplayName": "Failed"})
    assert answer.status == 500
    assert answer.text.startswith("<html>")
    assert sydney.rows("Customer") == []


def test_a_held_write_is_carried_out_late_and_its_retry_comes_first(sydney, running):
    running.control("/knobs", {"hold_seconds": 0.4})
    body = {"DisplayName": "Held"}
    answers = []
    late = threading.Thread(
        target=lambda: answers.append(sydney.call("POST", "customer", body, requestid="h-1"))
    )
    late.start()
    time.sleep(0.1)
    assert sydney.rows("Customer") == []
    retry = sydney.call("POST", "customer", body, requestid="h-1")
    late.join(5)
    assert answers[0].body["Customer"] == retry.body["Customer"]
    assert len(sydney.rows("Customer")) == 1


def test_a_new_document_may_stay_out_of_queries_for_a_while(sydney, running):
    running.control("/knobs", {"query_lag_seconds": 60})
    sydney.post("Customer", {"DisplayName": "Shy"})
    assert sydney.rows("Customer") == []
    assert sydney.read("Customer", "1")["DisplayName"] == "Shy"
    running.control("/clock", {"advance_seconds": 61})
    assert len(sydney.rows("Customer")) == 1


def test_a_forgotten_requestid_makes_a_second_document(sydney, running):
    running.control("/knobs", {"replay_retention_seconds": 10})
    body = {"CustomerRef": {"value": sydney.post("Customer", {"DisplayName": "A"})["Id"]}}
    sydney.post("Payment", {**body, "TotalAmt": 1}, requestid="p")
    running.control("/clock", {"advance_seconds": 11})
    sydney.post("Payment", {**body, "TotalAmt": 1}, requestid="p")
    assert len(sydney.rows("Payment")) == 2


def test_every_request_is_on_record(sydney, running):
    sydney.call("GET", "customer/1", minorversion="75")
    sydney.post("Customer", {"DisplayName": "Seen"}, requestid="seen-1")
    read, made = running.control(f"/requests?realm={sydney.realm}")
    assert (read["method"], read["path"], read["query"]) == (
        "GET",
        "/customer/1",
        "minorversion=75",
    )
    assert (read["status"], read["fault_code"], read["metered"]) == (400, "610", 1)
    assert (made["requestid"], made["status"], made["metered"]) == ("seen-1", 200, 0)
    assert made["intuit_tid"].startswith("1-")


def test_a_changed_cent_shows_in_the_trial_balance(sydney):
    customer = sydney.post("Customer", {"DisplayName": "Proof"})["Id"]
    sydney.post("Payment", {"CustomerRef": {"value": customer}, "TotalAmt": 5})
    sydney.control("tamper", {"account_number": "1190", "cents": 1})
    assert sydney.balance("1190") == "5.01"
    assert sydney.control("trial-balance")["total"] == "0.01"


def test_an_unknown_knob_is_a_mistake(running):
    answer = running.send("POST", "/_simulator/knobs", '{"latensy": 1}')
    assert answer.status == 400
