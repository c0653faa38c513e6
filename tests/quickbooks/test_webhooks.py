"""Hints from signed bodies: both forms, odd events among good ones, keys that are being changed."""

import json

import pytest

from integrations.contracts import BadSignature, Hint
from integrations.quickbooks.webhooks import hints_from, signature_of
from tests.quickbooks.recordings import recording


def signed(body, verifier="key-1"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return raw, {"Intuit-Signature": signature_of(raw, verifier)}


def hints(body, verifiers=("key-1",)):
    return hints_from(*signed(body), verifiers)


def event(**changes):
    return {
        "specversion": "1.0", "id": "e-1", "type": "qbo.payment.created.v1",
        "time": "2026-05-07T19:59:07.034359333Z", "intuitentityid": "77",
        "intuitaccountid": "310687", "data": {},
    } | changes  # fmt: skip


GOOD = Hint("e-1", "310687", "payment", "77", "created")


def test_the_recorded_signature_is_ours():
    sample = recording("webhook-samples/legacy-with-signature-test-vector.json")
    raw = sample["request"]["body_text"].encode()
    key = "00faeec4-08d0-4996-bb37-698ae19f0149"
    assert signature_of(raw, key) == "6q+xGyMirJupwKTh2/WBl2NcdxzxqdIbk3sneKTxLWM="
    assert hints_from(raw, {"intuit-signature": signature_of(raw, key)}, [key])


def test_the_recorded_events_are_read():
    sample = recording("webhook-samples/cloudevents.json")
    told = hints(sample["request"]["body"])
    assert told
    assert all(hint.realm and hint.kind and hint.remote_id and hint.operation for hint in told)


def test_one_event_says_which_document_of_which_company():
    assert hints([event()]) == (GOOD,)


def test_several_companies_may_share_a_body():
    told = hints([event(), event(id="e-2", intuitaccountid="999999")])
    assert [hint.realm for hint in told] == ["310687", "999999"]


@pytest.mark.parametrize("name", ["x" * 101, "\ud800" * 101])
def test_an_event_of_an_overlong_id_is_known_by_its_fingerprint(name):
    (first,) = hints([event(id=name)])
    (again,), (other,) = hints([event(id=name)]), hints([event(id=name + "y")])
    assert first == again
    assert len(first.event_id) == 64
    assert other.event_id != first.event_id


@pytest.mark.parametrize(
    "odd",
    [
        None, 5, "text", [], {}, event(type="qbo.payment"), event(type=None),
        event(type="other.payment.created.v1"), event(id=""), event(id="\ud800"),
        event(intuitentityid=None), event(intuitentityid="7" * 41), event(intuitaccountid=""),
        event(intuitentityid="7\x007"), event(type="qbo..created.v1"),
    ],
)  # fmt: skip
def test_one_odd_event_does_not_spoil_the_good_ones(odd):
    assert hints([odd, event()]) == (GOOD,)


def test_the_old_form_is_read_and_says_the_same_words():
    entity = {
        "name": "Payment",
        "id": "77",
        "operation": "Create",
        "lastUpdated": "2026-05-07T19:59",
    }
    odd = {"name": "Payment"}
    body = {
        "eventNotifications": [
            {"realmId": "310687", "dataChangeEvent": {"entities": [odd, "x", entity]}},
            {"realmId": "", "dataChangeEvent": {"entities": [entity]}},
        ]
    }
    assert hints(body) == (
        Hint("payment-77-created-2026-05-07T19:59", "310687", "payment", "77", "created"),
    )


def test_an_old_operation_without_a_past_form_stays_as_it_is():
    entity = {"name": "Invoice", "id": "1", "operation": "Emailed", "lastUpdated": "t"}
    body = {"eventNotifications": [{"realmId": "1", "dataChangeEvent": {"entities": [entity]}}]}
    assert [hint.operation for hint in hints(body)] == ["emailed"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"5", b'"text"', b"{}", b"[]"])
def test_a_signed_body_without_events_is_no_hint(body):
    assert hints(body) == ()


@pytest.mark.parametrize(
    "headers",
    [{}, {"intuit-signature": ""}, {"intuit-signature": "AAAA"}, {"intuit-signature": "é"}],
)
def test_a_body_that_was_not_signed_is_refused(headers):
    raw, _ = signed([event()])
    with pytest.raises(BadSignature):
        hints_from(raw, headers, ["key-1"])


def test_a_changed_body_is_refused():
    raw, headers = signed([event()])
    with pytest.raises(BadSignature):
        hints_from(raw.replace(b"77", b"78"), headers, ["key-1"])


def test_while_the_key_is_changed_both_are_accepted():
    raw, headers = signed([event()], "old")
    assert hints_from(raw, headers, ["new", "old"]) == (GOOD,)
    with pytest.raises(BadSignature):
        hints_from(raw, headers, ["new"])


@pytest.mark.parametrize("verifiers", [[], [""]])
def test_without_a_key_nothing_is_believed(verifiers):
    raw, headers = signed([event()], "")
    with pytest.raises(BadSignature):
        hints_from(raw, headers, verifiers)


@pytest.mark.parametrize("odd", ["7" * 41, "7\x007", None])
def test_both_forms_say_who_was_merged_away_under_our_name_of_its_kind(odd):
    merged = event(type="qbo.vendor.merged.v1", data={"deletedid": "12"})
    assert hints([merged]) == (Hint("e-1", "310687", "supplier", "77", "merged", "12"),)
    entity = {"name": "Vendor", "id": "77", "operation": "Merge", "deletedId": "12"}
    (told,) = hints(
        {"eventNotifications": [{"realmId": "1", "dataChangeEvent": {"entities": [entity]}}]}
    )
    assert (told.kind, told.remote_id, told.operation, told.gone_id) == (
        "supplier", "77", "merged", "12",
    )  # fmt: skip
    (left_out,) = hints([event(data={"deletedid": odd})])
    assert left_out.gone_id == ""


def test_two_merges_into_one_survivor_in_the_same_second_are_two_events():
    entities = [
        {"name": "Customer", "id": "77", "operation": "Merge", "deletedId": gone,
         "lastUpdated": "2026-11-23T10:00:00Z"}
        for gone in ("12", "13")
    ]  # fmt: skip
    told = hints(
        {"eventNotifications": [{"realmId": "1", "dataChangeEvent": {"entities": entities}}]}
    )
    assert len({hint.event_id for hint in told}) == 2
