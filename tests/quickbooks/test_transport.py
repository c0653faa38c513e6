"""The wire: what is sent, and under which name each way to fail leaves."""

import gzip
import json
import ssl
import time
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError, SSLError

from integrations.contracts import CustomerDraft, DeadlinePassed, Kind, RemoteRef, Tokens
from integrations.errors import (
    DuplicateName,
    NeedsReconnect,
    OutcomeUnknown,
    RateLimited,
    RemoteBusy,
    TokenExpired,
    Unreachable,
)
from integrations.quickbooks.ledger import MOST_PAGES, PAGE, QuickBooksLedger, quoted
from integrations.quickbooks.transport import Transport

BASE = "https://books.test"
COMPANY = f"{BASE}/v3/company/123456"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = "access-token-that-nobody-may-read"


@pytest.fixture
def wire():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def transport():
    return Transport(api_url=BASE, realm="123456", access_token=SECRET)


@pytest.fixture
def ledger():
    return QuickBooksLedger(api_url=BASE, pages_url=BASE, realm="123456", access_token=SECRET)


def write(transport):
    return transport.post(f"{COMPANY}/invoice", b"{}", request_id="op-1")


def read(transport):
    return transport.get(f"{COMPANY}/invoice/1")


def both(wire, transport, **answer):
    """The names under which a write and a read fail with this answer."""
    wire.post(f"{COMPANY}/invoice", **answer)
    wire.get(f"{COMPANY}/invoice/1", **answer)
    kinds = []
    for call in (write, read):
        with pytest.raises(Exception) as failed:  # noqa: PT011 - its type is what is asserted
            call(transport)
        assert SECRET not in str(failed.value)
        kinds.append(type(failed.value))
    return kinds


def test_a_write_carries_key_version_and_token_and_asks_for_json(wire, transport):
    wire.post(f"{COMPANY}/invoice", json={"Invoice": {"Id": "1"}}, headers={"intuit_tid": "tid-1"})
    assert write(transport) == {"Invoice": {"Id": "1"}}
    request = wire.calls[0].request
    assert parse_qs(urlsplit(request.url).query) == {"minorversion": ["75"], "requestid": ["op-1"]}
    assert request.headers["Authorization"] == f"Bearer {SECRET}"
    assert request.headers["Accept"] == "application/json"
    assert request.headers["Content-Type"] == "application/json"
    assert request.body == b"{}"
    assert transport.trace_id == "tid-1"


def test_time_outs_are_always_given_and_nobody_follows_a_redirect(wire, transport):
    wire.get(f"{COMPANY}/invoice/1", json={})
    read(transport)
    given = wire.calls[0].request.req_kwargs
    assert given["timeout"] == (5, 60)
    wire.replace(responses.GET, f"{COMPANY}/invoice/1", status=302, headers={"Location": BASE})
    with pytest.raises(RemoteBusy):
        read(transport)
    assert len(wire.calls) == 2


def test_a_netrc_of_the_machine_does_not_replace_the_token(wire, transport, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine books.test login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    wire.get(f"{COMPANY}/invoice/1", json={})
    read(transport)
    assert wire.calls[0].request.headers["Authorization"] == f"Bearer {SECRET}"


def test_a_query_goes_as_text_in_utf_8_and_is_no_write(wire, transport):
    wire.post(f"{COMPANY}/query", status=503, body="<html>")
    with pytest.raises(RemoteBusy):
        transport.query(f"select * from Customer where DisplayName = {quoted('Zoë Ős')}")
    request = wire.calls[0].request
    assert request.headers["Content-Type"] == "application/text"
    assert "Zoë Ős".encode() in request.body
    assert "requestid" not in request.url


def test_decimals_come_exact(wire, transport):
    body = '{"Invoice": {"TotalAmt": 100.00, "UnitPrice": 0.9090889, "Balance": 0}}'
    wire.get(f"{COMPANY}/invoice/1", body=body)
    invoice = read(transport)["Invoice"]
    assert (str(invoice["TotalAmt"]), invoice["UnitPrice"]) == ("100.00", Decimal("0.9090889"))


def test_a_compressed_answer_is_read(wire, transport):
    body = gzip.compress(b'{"Invoice": {"DocNumber": "\xc3\xa9"}}')
    wire.get(f"{COMPANY}/invoice/1", body=body, headers={"Content-Encoding": "gzip"})
    assert read(transport)["Invoice"]["DocNumber"] == "é"


def refused(reason):
    return requests.ConnectionError(MaxRetryError(None, "/", reason))


NOT_REACHED = [
    requests.ConnectTimeout("slow"),
    refused(NewConnectionError(None, "refused")),
    requests.exceptions.SSLError(
        MaxRetryError(None, "/", SSLError(ssl.SSLCertVerificationError()))
    ),
]
BROKEN_OFF = [
    requests.ReadTimeout("slow"),
    requests.ConnectionError(ProtocolError("aborted", ConnectionResetError())),
    requests.exceptions.ChunkedEncodingError("ended early"),
    requests.exceptions.ContentDecodingError("not gzip"),
    requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError(ssl.SSLEOFError()))),
    requests.ConnectionError(),
]


@pytest.mark.parametrize("error", NOT_REACHED, ids=repr)
def test_what_never_arrived_is_unreachable(wire, transport, error):
    assert both(wire, transport, body=error) == [Unreachable, Unreachable]


@pytest.mark.parametrize("error", BROKEN_OFF, ids=repr)
def test_what_may_have_arrived_is_an_unknown_outcome(wire, transport, error):
    assert both(wire, transport, body=error) == [OutcomeUnknown, RemoteBusy]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_page_of_a_failing_server_is_an_unknown_outcome(wire, transport, status):
    assert both(wire, transport, status=status, body="<html>x") == [OutcomeUnknown, RemoteBusy]


@pytest.mark.parametrize("body", ['{"Invoice": {"Id"', "[]", '[{"Id": "1"}]', "5", "", "<html>"])
def test_a_success_that_cannot_be_read_is_an_unknown_outcome(wire, transport, body):
    assert both(wire, transport, body=body) == [OutcomeUnknown, RemoteBusy]


def test_a_fault_inside_a_success_is_a_fault(wire, transport):
    body = {"Fault": {"Error": [{"code": "6240", "Detail": "x"}], "type": "ValidationFault"}}
    assert both(wire, transport, json=body) == [DuplicateName, DuplicateName]


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [("3200", 401, TokenExpired), ("3100", 403, NeedsReconnect), ("003001", 429, RateLimited)],
)
def test_the_gateway_answers_with_small_letters(wire, transport, code, status, kind):
    body = {"fault": {"error": [{"code": code, "message": "m", "detail": "d"}], "type": "SERVICE"}}
    assert both(wire, transport, json=body, status=status) == [kind, kind]


def test_retry_after_is_heard(wire, transport):
    wire.get(f"{COMPANY}/invoice/1", status=429, body="", headers={"Retry-After": "7"})
    with pytest.raises(RateLimited) as asked:
        read(transport)
    assert asked.value.retry_after == 7


def test_the_trace_of_an_earlier_exchange_is_not_told_of_a_lost_one(wire, transport):
    wire.get(f"{COMPANY}/invoice/1", json={}, headers={"intuit_tid": "tid-1"})
    read(transport)
    wire.replace(responses.GET, f"{COMPANY}/invoice/1", body=requests.ReadTimeout())
    with pytest.raises(RemoteBusy):
        read(transport)
    assert transport.trace_id == ""


def test_after_the_deadline_nothing_is_written(wire, ledger):
    payload = ledger.payload(CustomerDraft("Jane"))
    with pytest.raises(DeadlinePassed):
        ledger.create(Kind.CUSTOMER, payload, key="k", send_before=time.monotonic() - 0.001)
    assert len(wire.calls) == 0


def test_the_deadline_binds_one_write_only(wire, ledger):
    wire.post(f"{COMPANY}/query", json={"QueryResponse": {}})
    payload = ledger.payload(CustomerDraft("Jane"))
    with pytest.raises(DeadlinePassed):
        ledger.create(Kind.CUSTOMER, payload, key="k", send_before=0)
    assert ledger.find(CustomerDraft("Jane"), since=LONG_AGO) == ()


def test_a_write_answered_without_the_document_is_an_unknown_outcome(wire, ledger):
    wire.post(f"{COMPANY}/customer", json={"time": "x"})
    with pytest.raises(OutcomeUnknown):
        ledger.update(Kind.CUSTOMER, b"{}", send_before=time.monotonic() + 5)


# An answer without what was asked for never means that nothing is there.


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda ledger: ledger.find(CustomerDraft("J"), since=LONG_AGO), "query"),
        (lambda ledger: ledger.count_customers(), "query"),
        (lambda ledger: ledger.customers(start=1, size=5), "query"),
        (lambda ledger: ledger.read_many(Kind.INVOICE, ["1"]), "query"),
        (lambda ledger: ledger.payments_between(LONG_AGO, LONG_AGO, start=1), "query"),
        (lambda ledger: ledger.changes([Kind.PAYMENT], since=LONG_AGO), "cdc"),
        (lambda ledger: ledger.read(RemoteRef(Kind.INVOICE, "1")), "invoice/1"),
        (lambda ledger: ledger.company(), "companyinfo/123456"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("body", [{}, {"QueryResponse": None}, {"CDCResponse": [{"Fault": {}}]}])
def test_an_empty_answer_is_not_an_empty_list(wire, ledger, call, path, body):
    wire.add(responses.POST if path == "query" else responses.GET, f"{COMPANY}/{path}", json=body)
    with pytest.raises(RemoteBusy):
        call(ledger)


def rows_of(name, count):
    return json.dumps({"QueryResponse": {name: [{"Id": str(n)} for n in range(count)]}})


def a_company(wire, **answers):
    wire.get(f"{COMPANY}/preferences", json={"Preferences": {"x": 1}})
    wire.get(f"{COMPANY}/companyinfo/123456", json={"CompanyInfo": {"Country": "AU"}})

    def answer(request):
        name = request.body.decode().split(" from ")[1].split()[0]
        return 200, {}, answers.get(name, '{"QueryResponse": {}}')

    wire.add_callback(responses.POST, f"{COMPANY}/query", callback=answer)


def test_a_chart_without_accounts_is_not_believed(wire, ledger):
    a_company(wire)
    with pytest.raises(RemoteBusy):
        ledger.chart()


def test_a_chart_is_read_with_everything_that_it_names(wire, ledger):
    a_company(wire, Account=rows_of("Account", 3))
    assert len(ledger.chart().accounts) == 3


def test_pages_without_end_are_broken_off(wire, ledger):
    a_company(wire, Account=rows_of("Account", PAGE))
    with pytest.raises(RemoteBusy):
        ledger.chart()
    assert len([call for call in wire.calls if "/query" in call.request.url]) == MOST_PAGES


def test_tokens_and_company_never_show_in_a_representation():
    tokens = Tokens(SECRET, datetime.now(tz=UTC), "refresh-secret")
    assert SECRET not in repr(tokens)
    assert "refresh-secret" not in repr(tokens)


@pytest.mark.parametrize(
    ("value", "written"),
    [("Amy's", r"'Amy\'s'"), ("a\\b", r"'a\\b'"), ("' or 1=1 --", r"'\' or 1=1 --'")],
)
def test_a_value_cannot_leave_its_quotes(value, written):
    assert quoted(value) == written
