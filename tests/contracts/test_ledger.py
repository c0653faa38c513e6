"""What every ledger must do, shown on QuickBooks' against the simulator over real HTTP."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from integrations.contracts import (
    CustomerDraft,
    DeadlinePassed,
    DeletedRecord,
    InvoiceDraft,
    ItemDraft,
    Kind,
    LineDraft,
    PaymentDraft,
    RemoteRef,
    SettledInvoice,
    Tokens,
)
from integrations.errors import (
    DuplicateName,
    NeedsReconnect,
    OutcomeUnknown,
    Rejected,
    StaleRevision,
    TokenExpired,
    Unreachable,
)
from integrations.quickbooks.provider import QuickBooksProvider
from tests.simulator.client import Company, Running

D = Decimal
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    started = Running(tmp_path_factory.mktemp("ledger") / "books.sqlite3")
    yield started
    started.stop()


@pytest.fixture
def provider(running):
    url = f"http://localhost:{running.port}"
    return QuickBooksProvider(
        {
            "environment": "simulator",
            "client_id": "id",
            "client_secret": "secret",
            "discovery_url": f"{url}/.well-known/openid_configuration/",
            "api_url": url,
            "webhook_verifiers": ["v"],
        }
    )


@pytest.fixture
def company(running):
    return Company(running, name="Ledger Test", country="AU")


@pytest.fixture
def ledger(provider, company):
    tokens = Tokens(company.tokens["access_token"], datetime.now(tz=UTC), "r")
    return provider.open(company.realm, tokens)


def soon():
    return time.monotonic() + 5


def create(ledger, draft, kind, key):
    return ledger.create(kind, ledger.payload(draft), key=key, send_before=soon())


@pytest.fixture
def books(ledger, company):
    """A customer, an item on 4100, and the tax codes."""
    customer = create(ledger, CustomerDraft(name="Amy's Bird: Sanctuary"), Kind.CUSTOMER, "c-1")
    item = create(ledger, ItemDraft("Ascora 4100", company.account("4100")), Kind.ITEM, "i-1")
    codes = ledger.chart().tax_codes
    taxed = next(code for code in codes if code.sales_percent == 10)
    free = next(code for code in codes if code.sales_percent == 0)
    return customer.ref.id, item.ref.id, taxed.id, free.id


def a_line(company, item, code, amount, **more):
    return LineDraft("Work", D(amount), item, code, company.account("4100"), **more)


def an_invoice(company, books, number="INV-1", amounts=("100.00",), gross=None):
    customer, item, taxed, _ = books
    lines = tuple(a_line(company, item, taxed, amount) for amount in amounts)
    subtotal = sum((line.amount for line in lines), D(0))
    return InvoiceDraft(
        number=number, customer_id=customer, issued_on=TODAY, due_on=TODAY + timedelta(days=14),
        is_tax_inclusive=False, lines=lines, subtotal=subtotal, tax=subtotal / 10,
        total=subtotal * D("1.1"), summary="JOB-1001: lights", marker=f"Ascora {number}",
    )  # fmt: skip


def test_the_chart_offers_accounts_codes_methods_and_fields(ledger, company):
    chart = ledger.chart()
    labour = next(account for account in chart.accounts if account.code == "4100")
    assert (labour.kind, labour.is_active) == ("income", True)
    assert [a.code for a in chart.accounts if a.kind == "undeposited"] == ["1190"]
    assert {D(10), D(0)} <= {code.sales_percent for code in chart.tax_codes}
    assert {method.is_card for method in chart.payment_methods} == {True, False}
    assert [field.name for field in chart.custom_fields] == ["Lead Source"]


def test_the_company_says_whether_it_takes_our_numbers(ledger, company):
    told = ledger.company()
    assert (told.name, told.country, told.home_currency) == ("Ledger Test", "AU", "AUD")
    assert told.uses_own_numbers is True


def test_creating_twice_with_one_key_makes_one_invoice(ledger, company, books):
    draft = an_invoice(company, books)
    first = create(ledger, draft, Kind.INVOICE, "op-1")
    second = create(ledger, draft, Kind.INVOICE, "op-1")
    assert first.ref == second.ref
    assert len(company.rows("Invoice")) == 1
    assert (first.record.total, first.record.tax) == (D("110.00"), D("10.00"))
    assert first.trace_id


def test_income_is_posted_to_the_account_of_the_item(ledger, company, books):
    create(ledger, an_invoice(company, books), Kind.INVOICE, "op-2")
    assert company.balance("4100") == "-100.00"


def test_a_tax_inclusive_invoice_of_sixty_comes_back_as_sixty(ledger, company, books):
    customer, item, taxed, _ = books
    draft = InvoiceDraft(
        number="INV-60", customer_id=customer, issued_on=TODAY, due_on=TODAY,
        is_tax_inclusive=True, subtotal=D("54.55"), tax=D("5.45"), total=D("60.00"),
        lines=(a_line(company, item, taxed, "54.55", gross=D("60.00")),), marker="Ascora INV-60",
    )  # fmt: skip
    written = create(ledger, draft, Kind.INVOICE, "op-60")
    assert (written.record.total, written.record.tax) == (D("60.00"), D("5.45"))


def test_a_stale_revision_is_named_and_changes_nothing(ledger, company, books):
    draft = an_invoice(company, books)
    ref = create(ledger, draft, Kind.INVOICE, "op-3").ref
    company.bookkeeper("edit_invoice", id=ref.id, PrivateNote="mine")
    bigger = an_invoice(company, books, amounts=("100.00", "50.00"))
    with pytest.raises(StaleRevision):
        ledger.update(Kind.INVOICE, ledger.payload(bigger, existing=ref), send_before=soon())
    assert company.read("Invoice", ref.id)["TotalAmt"] == D("110.00")


def test_an_update_replaces_the_lines(ledger, company, books):
    ref = create(ledger, an_invoice(company, books), Kind.INVOICE, "op-4").ref
    bigger = an_invoice(company, books, amounts=("100.00", "50.00"))
    written = ledger.update(Kind.INVOICE, ledger.payload(bigger, existing=ref), send_before=soon())
    assert written.record.total == D("165.00")
    assert written.ref.revision != ref.revision
    assert company.balance("4100") == "-150.00"


def test_a_lost_answer_is_an_unknown_outcome_that_can_be_found_again(
    running, ledger, company, books
):
    draft = an_invoice(company, books, number="INV-LOST")
    running.control("/knobs", {"drop_reply": 1})
    before = datetime.now(tz=UTC)
    with pytest.raises(OutcomeUnknown):
        create(ledger, draft, Kind.INVOICE, "op-5")
    [found] = ledger.find(draft, since=before)
    assert (found.number, found.total) == ("INV-LOST", D("110.00"))


@pytest.mark.parametrize(
    ("action", "wish"),
    [("void", {"kind": "Invoice"}), ("edit_invoice", {"PrivateNote": "rang them, will pay"})],
)
def test_a_lost_invoice_whose_note_was_written_over_is_still_found(
    ledger, company, books, action, wish
):
    draft = an_invoice(company, books, number="INV-OVER")
    ref = create(ledger, draft, Kind.INVOICE, "op-20").ref
    company.bookkeeper(action, id=ref.id, **wish)
    [found] = ledger.find(draft, since=datetime.now(tz=UTC))
    assert found.ref.id == ref.id


def test_the_number_alone_does_not_make_an_invoice_ours(ledger, company, books):
    draft = an_invoice(company, books, number="INV-THEIRS")
    theirs = replace(an_invoice(company, books, "INV-THEIRS", ("99.00",)), marker="by hand")
    create(ledger, theirs, Kind.INVOICE, "op-21")
    assert ledger.find(draft, since=datetime.now(tz=UTC)) == ()


def test_a_payment_is_not_taken_for_one_whose_number_only_begins_alike(ledger, company, books):
    twelfth = PaymentDraft(
        customer_id=books[0], received_on=TODAY, total=D("10.00"), settles=(),
        deposit_account_id=company.account("1100"), marker="Ascora PAY-12",
    )  # fmt: skip
    create(ledger, twelfth, Kind.PAYMENT, "p-12")
    first = replace(twelfth, marker="Ascora PAY-1")
    assert ledger.find(first, since=datetime.now(tz=UTC)) == ()
    assert len(ledger.find(twelfth, since=datetime.now(tz=UTC))) == 1


def test_an_edge_failure_on_a_write_is_an_unknown_outcome(running, ledger, company, books):
    running.control("/knobs", {"fail_before": 1})
    draft = an_invoice(company, books, number="INV-EDGE")
    with pytest.raises(OutcomeUnknown):
        create(ledger, draft, Kind.INVOICE, "op-6")
    assert ledger.find(draft, since=datetime.now(tz=UTC)) == ()


def test_a_passed_deadline_sends_nothing(ledger, company, books):
    draft = an_invoice(company, books, number="INV-LATE")
    with pytest.raises(DeadlinePassed):
        ledger.create(
            Kind.INVOICE, ledger.payload(draft), key="op-7", send_before=time.monotonic() - 1
        )
    assert company.rows("Invoice", "where DocNumber = 'INV-LATE'") == []


def test_a_void_is_reported_and_keeps_the_number(ledger, company, books):
    since = datetime.now(tz=UTC) - timedelta(minutes=1)
    ref = create(ledger, an_invoice(company, books), Kind.INVOICE, "op-8").ref
    written = ledger.void(ref, send_before=soon())
    assert (written.record.is_void, written.record.number) == (True, "INV-1")
    changes = ledger.changes([Kind.INVOICE], since=since)
    assert [record.is_void for record in changes.records] == [True]
    assert changes.is_complete


def test_a_payment_of_two_invoices_is_found_by_customer_day_and_marker(ledger, company, books):
    first = create(ledger, an_invoice(company, books), Kind.INVOICE, "op-9").ref.id
    second = create(ledger, an_invoice(company, books, "INV-2"), Kind.INVOICE, "op-10").ref.id
    draft = PaymentDraft(
        customer_id=books[0], received_on=TODAY, total=D("165.00"),
        deposit_account_id=company.account("1100"), marker="Ascora payment 1",
        settles=(SettledInvoice(first, D("110.00")), SettledInvoice(second, D("55.00"))),
    )  # fmt: skip
    written = create(ledger, draft, Kind.PAYMENT, "p-1")
    assert written.record.settles == draft.settles
    assert company.balance("1100") == "165.00"
    [found] = ledger.find(draft, since=datetime.now(tz=UTC))
    assert found.ref.id == written.ref.id
    assert ledger.read(RemoteRef(Kind.INVOICE, second)).balance == D("55.00")


def test_a_voided_payment_leaves_the_invoice_open(ledger, company, books):
    invoice = create(ledger, an_invoice(company, books), Kind.INVOICE, "op-11").ref.id
    draft = PaymentDraft(
        books[0], TODAY, D("110.00"), company.account("1100"),
        (SettledInvoice(invoice, D("110.00")),), marker="Ascora payment 2",
    )  # fmt: skip
    payment = create(ledger, draft, Kind.PAYMENT, "p-2").ref
    assert ledger.void(payment, send_before=soon()).record.is_void
    assert ledger.read(RemoteRef(Kind.INVOICE, invoice)).balance == D("110.00")


def test_a_deleted_payment_comes_as_deleted(ledger, company, books):
    since = datetime.now(tz=UTC) - timedelta(minutes=1)
    invoice = create(ledger, an_invoice(company, books), Kind.INVOICE, "op-12").ref.id
    made = company.bookkeeper(
        "receive_payment", invoice_ids=[invoice], account_number="1100", amount="110.00"
    )
    company.bookkeeper("delete", kind="Payment", id=made["Id"])
    changes = ledger.changes([Kind.PAYMENT], since=since)
    assert [type(record) for record in changes.records] == [DeletedRecord]
    gone = ledger.read(RemoteRef(Kind.PAYMENT, made["Id"]))
    assert isinstance(gone, DeletedRecord)


def test_a_name_that_a_vendor_has_is_refused_by_name(ledger, company):
    company.post("Vendor", {"DisplayName": "Sparky Supplies"})
    with pytest.raises(DuplicateName):
        create(ledger, CustomerDraft(name="sparky supplies"), Kind.CUSTOMER, "c-9")


def test_an_account_that_is_gone_is_refused_with_a_sentence(ledger, company):
    with pytest.raises(Rejected) as refused:
        create(ledger, ItemDraft("Ascora X", company.account("1100")), Kind.ITEM, "i-9")
    assert "QuickBooks" in refused.value.message


def test_a_cleared_phone_number_is_cleared_there(ledger, company):
    draft = CustomerDraft(name="Phone Test", phone="02 9999 1111", email="a@b.test")
    ref = create(ledger, draft, Kind.CUSTOMER, "c-10").ref
    cleared = CustomerDraft(name="Phone Test")
    written = ledger.update(
        Kind.CUSTOMER, ledger.payload(cleared, existing=ref), send_before=soon()
    )
    assert (written.record.phone, written.record.email) == ("", "")


def test_pages_of_customers_hold_what_was_asked_for(ledger, company):
    for number in range(5):
        create(ledger, CustomerDraft(name=f"Customer {number}"), Kind.CUSTOMER, f"p-{number}")
    assert ledger.count_customers() == 5
    pages = [ledger.customers(start=start, size=2) for start in (1, 3, 5, 7)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert len({record.ref.id for page in pages for record in page}) == 5


def test_a_dead_token_and_a_revoked_permission_have_different_names(
    running, provider, company, ledger
):
    stranger = provider.open(company.realm, Tokens("nonsense", datetime.now(tz=UTC), "r"))
    with pytest.raises(TokenExpired):
        stranger.company()
    other = Company(running, name="Another", country="AU")
    wrong = provider.open(
        other.realm, Tokens(company.tokens["access_token"], datetime.now(tz=UTC), "r")
    )
    with pytest.raises(NeedsReconnect):
        wrong.company()


def test_a_server_that_is_not_there_was_not_reached(provider):
    nowhere = QuickBooksProvider(
        {
            "environment": "simulator", "client_id": "i", "client_secret": "s",
            "discovery_url": "http://localhost:9/", "api_url": "http://localhost:9",
            "webhook_verifiers": [],
        }
    ).open("123456", Tokens("a", datetime.now(tz=UTC), "r"))  # fmt: skip
    with pytest.raises(Unreachable):
        nowhere.company()
