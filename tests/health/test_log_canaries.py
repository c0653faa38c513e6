"""Canaries go through push, pull, refresh and every failure: none of them is written down."""

import io
import json
import logging

import pytest
from django.urls import reverse

from ascora.health.lines import ALWAYS, FIELDS, OF_EXCEPTIONS
from integrations.connections.tokens import fresh
from integrations.errors import BooksError
from integrations.models import Connection, SyncAttempt
from integrations.pull import pull
from integrations.quickbooks import transport
from payments.models import LineKind
from tests.engine.connected import Connected, company, running, spark

__all__ = ["company", "running", "spark"]
NAME, MAIL, PRICE = "CANARY Cassowary Pty Ltd", "canary@cassowary.test", "4711.13"


@pytest.fixture
def written():
    """Everything the process writes down, at the most talkative level, as a site writes it."""
    root = logging.getLogger()
    ours = next(h for h in root.handlers if type(h.formatter).__name__ == "JsonLine")
    stream, level = io.StringIO(), root.level
    listener = logging.StreamHandler(stream)
    listener.setFormatter(ours.formatter)
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(listener)
    root.setLevel(level)


def lines_of(written):
    """Each line, parsed; every key is a known one."""
    lines = [json.loads(text) for text in written.getvalue().splitlines()]
    assert {key for line in lines for key in line} <= {*ALWAYS, *FIELDS, *OF_EXCEPTIONS}
    return lines


def an_invoice(business: Connected):
    customer = business.customer(f"{NAME} {business.numbers}", email=MAIL)
    return business.invoice(customer, lines=((LineKind.LABOUR, PRICE, True),))


def secrets_of(business: Connected) -> set[str]:
    """What may never be written down."""
    with business.acting():
        row = Connection.objects.owned_by(business.organization).get()
        tried = list(SyncAttempt.objects.owned_by(business.organization).values_list("title"))
    tokens = {row.access_token, row.refresh_token, *business.company.tokens.values()}
    said = {str(token) for token in tokens if len(str(token)) > 8}
    return (
        said
        | {row.realm, "CANARY", "canary@", PRICE, "4,711", "5182.24", "Cassowary"}
        | {title for (title,) in tried}
    )


def nothing_leaked(business: Connected, written) -> None:
    """None of it stands in what was written."""
    text = written.getvalue()
    assert text
    for secret in secrets_of(business):
        assert secret not in text, secret


def test_a_push_is_told_by_organization_document_attempt_and_intuits_id(spark, written):
    invoice = an_invoice(spark)
    spark.drain()
    (told,) = [
        line for line in lines_of(written)
        if line.get("document") == f"payments.invoice {invoice.pk}"
        and line["event"] == "came of it"
    ]  # fmt: skip
    assert told["organization"] == str(spark.organization.pk)
    assert told["outcome"] == "done"
    with spark.acting():
        attempt = SyncAttempt.objects.owned_by(spark.organization).get(pk=told["attempt"])
    assert told["intuit_tid"] == attempt.trace_id
    nothing_leaked(spark, written)


@pytest.mark.parametrize("knob", [{"drop_reply": 1}, {"fail_before": 1}])
def test_a_failing_push_leaks_nothing(spark, written, knob):
    invoice = an_invoice(spark)
    spark.company.running.control("/knobs", knob)
    spark.drain()
    spark.company.running.control("/knobs", {"drop_reply": 0, "fail_before": 0})
    spark.time_passes()
    spark.drain(3)
    assert spark.attempts(invoice)
    nothing_leaked(spark, written)


def test_a_refused_document_and_a_bug_leak_nothing(spark, written, monkeypatch):
    an_invoice(spark)
    monkeypatch.setattr(transport, "_read", _bug)
    spark.drain()
    said = [line for line in lines_of(written) if line.get("raised")]
    assert {line["raised"] for line in said} == {"RuntimeError"}
    assert any("test_log_canaries.py" in place for place in said[0]["at"])
    nothing_leaked(spark, written)


def _bug(*_, **__):
    raise RuntimeError(f"{NAME} owes {PRICE}")


def test_reading_the_books_leaks_nothing(spark, written, monkeypatch):
    invoice = an_invoice(spark)
    spark.drain()
    spark.company.running.control(
        f"/companies/{spark.company.realm}/bookkeeper/receive_payment",
        {"invoice_ids": [spark.link(invoice).remote_id], "account_number": "1100"},
    )
    pull(spark.organization)
    assert "read there" in {line["event"] for line in lines_of(written)}
    monkeypatch.setattr("integrations.pull.sweeping.apply", _bug)
    spark.amend(invoice, price=PRICE)
    spark.drain()
    pull(spark.organization)
    assert "a record could not be applied" in {line["event"] for line in lines_of(written)}
    nothing_leaked(spark, written)


def test_a_refresh_that_works_and_one_that_fails_leak_nothing(spark, written):
    connection = granted(spark)
    renewed = fresh(connection, is_token_refused=True)
    assert renewed.access_token != connection.access_token
    change(spark, refresh_token="CANARY-refresh-1")
    with pytest.raises(BooksError):
        fresh(renewed, is_token_refused=True)
    events = [line["event"] for line in lines_of(written)]
    assert "tokens were refreshed" in events
    assert "connection lost" in events
    for row in (connection, renewed):
        assert row.access_token not in written.getvalue()
        assert row.refresh_token not in written.getvalue()
    nothing_leaked(spark, written)


def granted(business: Connected) -> Connection:
    """The connection with a pair that was granted to our registration over there."""
    control = business.company.running.control
    control("/apps", {"client_id": "id", "client_secret": "secret", "redirect_uris": []})
    pair = control("/tokens", {"realm": business.company.realm, "client_id": "id"})
    change(business, access_token=pair["access_token"], refresh_token=pair["refresh_token"])
    with business.acting():
        rows = Connection.objects.owned_by(business.organization)
        return rows.select_related("organization").get()


def change(business: Connected, **values) -> None:
    """Set columns of the connection, sealed as they are kept."""
    with business.acting():
        row = Connection.objects.owned_by(business.organization).get()
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))


def test_a_page_that_breaks_leaks_nothing(spark, written, client_of, olive, monkeypatch):
    monkeypatch.setattr("payments.views.invoices.render", _bug)
    browser = client_of(olive)
    browser.raise_request_exception = False
    answer = browser.get(reverse("payments:invoice_list"), {"q": NAME})
    assert answer.status_code == 500
    (told,) = [line for line in lines_of(written) if line.get("status") == 500]
    assert told["view"] == "payments:invoice_list"
    assert told["organization"] == str(spark.organization.pk)
    nothing_leaked(spark, written)
