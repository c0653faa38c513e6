"""The lamp, the sync centre, a document's state, and what is pressed there."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from ascora.chart.models import LedgerAccount
from ascora.outbox.models import EntryState, Hold, OutboxEntry
from ascora.tenancy.models import User
from integrations import tasks
from integrations.contracts import Kind
from integrations.links import LABELS
from integrations.models import Connection
from integrations.pull import pull
from integrations.views import sync_centre
from payments.models import InvoiceStatus
from payments.services.settings import note_closed_books
from tests.builders import a_draft
from tests.engine.business import Business

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Bells that were rung; nothing is published."""
    bells: list[str] = []
    monkeypatch.setattr(tasks, "ring", lambda task, *_, **__: bells.append(task.name))
    return bells


@pytest.fixture(autouse=True)
def addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake books have no provider that knows addresses."""
    monkeypatch.setattr(
        "integrations.selectors.documents.address_of",
        lambda connection, link: "https://books.test/1" if link else "",
    )


def state_of(client: Client, document: object, label: str = "payments.invoice") -> str:
    address = reverse("integrations:document_state", args=[label, document.public_id])
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, document: object, action: str, label: str = "payments.invoice", **data):
    address = reverse("integrations:document_press", args=[label, document.public_id, action])
    return client.post(address, data, headers={"HX-Request": "true"})


def test_the_lamp_tells_in_words(spark: Business, olive: User, client_of: ClientOf) -> None:
    client = client_of(olive)
    lamp = reverse("integrations:lamp")
    assert "Books up to date" in client.get(lamp).content.decode()
    spark.set(labour_account=None)
    spark.invoice()
    assert "1 on the way" in client.get(lamp).content.decode()
    spark.drain()
    assert "1 to look at" in client.get(lamp).content.decode()
    with spark.acting():
        Connection.objects.owned_by(spark.organization).update(state="needs_reconnect")
    assert "Connect again" in client.get(lamp).content.decode()


def test_the_sync_centre_lists_what_needs_attention_and_tries_again(
    spark: Business, ada: User, client_of: ClientOf, rung: list[str]
) -> None:
    spark.set(labour_account=None)
    invoice = spark.invoice()
    spark.drain()
    client = client_of(ada)
    page = client.get(reverse("integrations:sync_centre")).content.decode()
    assert "Labour Income Account (K)" in page
    assert invoice.number in page
    spark.set(labour_account=spark.accounts["4100"])
    client.post(reverse("integrations:entry_retry", args=[spark.entry(invoice).public_id]))
    assert spark.entry(invoice).state == EntryState.WAITING
    spark.drain()
    assert spark.entry(invoice).state == EntryState.DONE
    done = client.get(reverse("integrations:sync_centre") + "?state=done").content.decode()
    assert invoice.number in done
    log = client.get(reverse("integrations:sync_log")).content.decode()
    assert "Created in the books." in log
    assert "tid-" in log


def test_a_lost_permission_is_told_wherever_a_document_waits_for_it(
    spark: Business, ada: User, client_of: ClientOf
) -> None:
    client, there = client_of(ada), reverse("integrations:accounts_integration")
    invoice, said = spark.invoice(), "QuickBooks no longer accepts our permission."
    with spark.acting():
        rows = Connection.objects.owned_by(spark.organization)
        rows.update(state="needs_reconnect", trouble=said)
    lamp = client.get(reverse("integrations:lamp")).content.decode()
    centre = client.get(reverse("integrations:sync_centre")).content.decode()
    state = state_of(client, invoice)
    for page in (
        lamp,
        centre,
        state,
        client.get(reverse("integrations:settings")).content.decode(),
    ):
        assert said in page
        assert f'href="{there}"' in page
    assert "Check QuickBooks now" not in centre + state
    assert "Try again" not in state


def test_an_account_gone_there_is_answered_where_it_was_chosen(
    spark: Business, olive: User, person: Callable[[str], User], client_of: ClientOf
) -> None:
    with spark.acting():
        gone = LedgerAccount.objects.owned_by(spark.organization).filter(code="4100")
        gone.update(is_active=False)
    invoice = spark.invoice()
    spark.drain()
    settings, said = reverse("integrations:settings"), "4100 Labour Income is no longer active"
    state = state_of(client_of(olive), invoice)
    assert said in state
    assert f'class="btn btn-primary" href="{settings}"' in state
    for page in ("integrations:sync_centre", "integrations:accounts_integration"):
        shown = client_of(olive).get(reverse(page)).content.decode()
        assert "the accounting settings need an answer" in shown
        assert f"K - Labour Income Account: {said}" in shown
    otto = client_of(person("otto"))
    told = state_of(otto, invoice)
    assert said in told
    assert settings not in told
    assert "An owner or the accountant can do that." in told


def test_the_invoice_says_where_it_stands(
    spark: Business, olive: User, client_of: ClientOf
) -> None:
    client = client_of(olive)
    invoice = spark.invoice()
    assert "On its way" in state_of(client, invoice)
    spark.drain()
    page = state_of(client, invoice)
    assert "In the books" in page
    assert "https://books.test/1" in page
    assert "Check QuickBooks now" in page


def test_send_ascoras_version_overwrites_what_was_edited_there(
    spark: Business, olive: User, client_of: ClientOf
) -> None:
    client = client_of(olive)
    invoice = spark.invoice()
    spark.drain()
    record = spark.ledger.invoice(invoice.number)
    spark.ledger.edit(record, total=Decimal("150.00"))
    pull(spark.organization)
    assert "Send Ascora" in state_of(client, invoice)
    press(client, invoice, "send-ours")
    spark.drain()
    assert spark.ledger.invoice(invoice.number).total == Decimal("110.00")
    assert spark.entry(invoice).state == EntryState.DONE


def test_what_was_deleted_there_is_created_again_under_a_new_key(
    spark: Business, olive: User, client_of: ClientOf
) -> None:
    client = client_of(olive)
    invoice = spark.invoice()
    spark.drain()
    first = spark.ledger.invoice(invoice.number)
    spark.ledger.delete_there(first)
    pull(spark.organization)
    assert spark.entry(invoice).hold == Hold.REMOTE_GONE
    press(client, invoice, "create-again")
    spark.drain()
    assert spark.ledger.invoice(invoice.number).ref.id != first.ref.id
    assert spark.ledger.sent_keys[-1].endswith("-2")
    assert spark.entry(invoice).state == EntryState.DONE


def test_a_payment_elsewhere_is_taken_with_one_press(
    spark: Business, olive: User, client_of: ClientOf
) -> None:
    client = client_of(olive)
    invoice = spark.invoice()
    spark.drain()
    remote_id = spark.link(invoice).remote_id
    record = spark.ledger.receive(
        {remote_id: "110.00"},
        customer_id=spark.link(invoice.customer).remote_id,
        account_id="acc-1110",
    )
    pull(spark.organization)
    assert "into 1110 Savings" in state_of(client, invoice)
    press(client, invoice, "take", remote_id=record.ref.id)
    with spark.acting():
        invoice.refresh_from_db()
    assert invoice.status == InvoiceStatus.PAID


def test_a_payment_of_an_old_invoice_waits_for_a_decision(
    spark: Business, olive: User, client_of: ClientOf
) -> None:
    from datetime import date

    client = client_of(olive)
    old = spark.invoice(issued_on=date(2026, 6, 1))
    payment = spark.payment({old: "110.00"})
    spark.drain(2)
    assert spark.ledger.of(Kind.INVOICE) == []
    assert spark.entry(old).state == EntryState.DONE
    entry = spark.entry(payment)
    assert (entry.state, entry.hold) == (EntryState.HELD, Hold.BEFORE_CUT_OFF)
    assert "Send that invoice too" in state_of(client, payment, "payments.payment")
    page = state_of(client, old)
    assert "Link to the invoice in the books" in page
    assert "Send it" in page
    press(client, old, "send-too")
    spark.drain(2)
    assert spark.ledger.invoice(old.number).balance == Decimal("0.00")
    assert spark.entry(payment).state == EntryState.DONE


def test_an_invoice_that_was_brought_along_is_sent_only_when_somebody_asks(
    spark: Business, olive: User, client_of: ClientOf
) -> None:
    client = client_of(olive)
    old = spark.invoice()
    with spark.acting():
        draft = a_draft(spark.organization, "50.00")
        OutboxEntry.objects.owned_by(spark.organization).delete()
    assert "Link to the invoice in the books" not in state_of(client, draft)
    page = state_of(client, old)
    assert "Before the cut-off" in page
    assert "Link to the invoice in the books" in page
    press(client, old, "send-too")
    spark.drain(2)
    assert spark.ledger.invoice(old.number).total == Decimal("110.00")
    assert "In the books" in state_of(client, old)


def test_an_old_invoice_is_linked_to_the_one_in_the_books(
    spark: Business, olive: User, client_of: ClientOf
) -> None:
    from dataclasses import replace
    from datetime import date

    client = client_of(olive)
    model = spark.invoice(spark.customer("Old Customer"), number="OLD-0")
    spark.drain()
    theirs = replace(
        spark.ledger.invoice("OLD-0"),
        ref=replace(spark.ledger.invoice("OLD-0").ref, id="555"),
        number="OLD-1",
        marker="",
    )
    spark.ledger.documents[Kind.INVOICE, "555"] = theirs
    old = spark.invoice(model.customer, number="OLD-1", issued_on=date(2026, 6, 1))
    payment = spark.payment({old: "110.00"})
    spark.drain(2)
    press(client, old, "link")
    assert spark.link(old).remote_id == "555"
    spark.drain(2)
    assert spark.ledger.invoice("OLD-1").balance == Decimal("0.00")
    assert spark.entry(payment).state == EntryState.DONE


def test_a_stranger_finds_nothing(
    spark: Business, drain: Business, stan: User, client_of: ClientOf
) -> None:
    invoice = spark.invoice()
    client = client_of(stan)
    args = ["payments.invoice", invoice.public_id]
    assert client.get(reverse("integrations:document_state", args=args)).status_code == 404
    assert press(client, invoice, "try-again").status_code == 404


def test_checking_now_rings_and_makes_the_reading_due(
    spark: Business,
    olive: User,
    client_of: ClientOf,
    rung: list[str],
    django_capture_on_commit_callbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = client_of(olive).post(
            reverse("integrations:check"), headers={"HX-Request": "true"}
        )
    assert response.status_code == 204
    assert "integrations.tasks.pull_changes" in rung


def test_the_sync_centre_counts_documents_and_tells_every_kind_apart(
    spark: Business, ada: User, client_of: ClientOf
) -> None:
    spark.set(labour_account=None)
    spark.invoice()
    spark.drain()
    client = client_of(ada)
    page = client.get(reverse("integrations:sync_centre")).content.decode()
    assert "documents" in page
    assert "outbox" not in page
    assert {label for label, _ in sync_centre.KINDS if label} == set(LABELS)
    assert "sync attempt" not in client.get(reverse("integrations:sync_log")).content.decode()


def test_voiding_warns_when_the_month_is_closed_in_the_books(
    spark: Business, otto: User, client_of: ClientOf
) -> None:
    client = client_of(otto)
    invoice = spark.invoice()
    address = reverse("payments:invoice_void", args=[invoice.public_id])
    assert "your books are closed" not in client.get(address).content.decode()
    with spark.acting():
        note_closed_books(organization=spark.organization, until=invoice.issued_on)
    assert "your books are closed until" in client.get(address).content.decode()


def test_who_issues_is_told_which_days_the_books_take(
    spark: Business, olive: User, client_of: ClientOf
) -> None:
    with spark.acting():
        draft = a_draft(spark.organization)
    client, page = client_of(olive), reverse("payments:invoice_issue", args=[draft.public_id])
    assert "Dated before 1 Jul 2026 it stays here" in client.get(page).content.decode()
    with spark.acting():
        Connection.objects.owned_by(spark.organization).update(state="disconnected")
    assert "it stays here" not in client.get(page).content.decode()


def test_a_code_of_a_job_type_that_is_gone_leads_to_the_job_types(
    spark: Business, olive: User, client_of: ClientOf
) -> None:
    customer = spark.customer()
    job = spark.job(customer, labour_account="4110")
    with spark.acting():
        codes = LedgerAccount.objects.owned_by(spark.organization).filter(code="4110")
        codes.update(is_active=False)
    invoice = spark.invoice(customer, job=job)
    spark.drain()
    state = state_of(client_of(olive), invoice)
    assert f"Labour code of job type {job.job_type}: 4110" in state
    assert f'href="{reverse("jobs:job_settings")}"' in state
    assert f'href="{reverse("integrations:settings")}"' not in state
    with spark.acting():
        codes.update(is_active=True)
    assert press(client_of(olive), invoice, "try-again").status_code == 200
    spark.drain()
    assert f'href="{reverse("jobs:job_settings")}"' not in state_of(client_of(olive), invoice)
