"""What the change log keeps of the connection, the account codes and the payment settings."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from ascora.chart.models import LedgerAccount
from ascora.tenancy.models import AuditEvent
from ascora.tenancy.rls import acting_for
from integrations import accounting
from jobs.services import archive_job_type, change_job_type, create_job_type
from payments.models import PaymentMethod
from payments.services import accept_cards, archive_method, set_surcharge, set_tax_rate
from payments.services.papers import change_document_settings, set_numbering
from payments.services.settings import round_cash


def lines(organization):
    """Subject, what, before, after and who of each line, the oldest first."""
    with acting_for(organization):
        events = AuditEvent.objects.owned_by(organization).select_related("by").order_by("pk")
        return [(e.subject, e.what, e.before, e.after, str(e.by or "")) for e in events]


def test_connecting_and_disconnecting_are_written_down(connected, bright_spark, olive, client_of):
    client_of(olive).post(reverse("integrations:disconnect"))
    company = str(connected)
    assert lines(bright_spark) == [
        (f"QuickBooks, {company}", "Connected", "", company, str(olive)),
        (f"QuickBooks, {company}", "Disconnected", company, "", str(olive)),
    ]


def test_coming_back_without_a_permission_writes_nothing(
    world, bright_spark, olive, client_of, come_back
):
    come_back(client_of(olive), state="not-handed-out")
    assert lines(bright_spark) == []


def test_each_account_code_that_changes_is_written_down_by_its_letter(
    connected, bright_spark, olive, ada
):
    with acting_for(bright_spark):
        accounts = {a.code: a for a in LedgerAccount.objects.owned_by(bright_spark)}
        guess = accounting.guess(connected)
        first = {name: getattr(guess, name) for name in ("labour_account", "cut_off_on")}
        accounting.save_settings(connection=connected, values=first, by=olive)
        before = len(lines(bright_spark))
        second = first | {"labour_account": accounts["4200"], "pushes_lines": False}
        accounting.save_settings(connection=connected, values=second, by=ada)
    assert lines(bright_spark)[before:] == [
        (
            "Accounting settings",
            "K - Labour Income Account",
            "4100 Labour Income",
            "4200 Materials Income",
            str(ada),
        ),
        ("Accounting settings", "Push line items", "yes", "no", str(ada)),
    ]


def visa(organization):
    return PaymentMethod.objects.owned_by(organization).get(name="Visa")


def a_surcharge(organization, by):
    method = visa(organization)
    rule = {"percentage": Decimal("1.5"), "fixed": Decimal("0.30"), "begins_on": date(2026, 12, 1)}
    set_surcharge(method=method, by=by, **rule)
    set_surcharge(method=method, by=by, **rule)


CHANGES = {
    "F": (
        lambda o, by: accept_cards(organization=o, accepts=False, by=by),
        ("Payments & Tax", "F - Accept credit card payments and push them", "yes", "no"),
    ),
    "rounding": (
        lambda o, by: round_cash(organization=o, step=Decimal("0.05"), by=by),
        ("Payments & Tax", "Cash Rounding", "0", "0.05"),
    ),
    "bank details": (
        lambda o, by: change_document_settings(organization=o, by=by, account_number="1234 5678"),
        ("Company details", "Account number", "", "1234 5678"),
    ),
    "tax": (
        lambda o, by: set_tax_rate(
            organization=o, name="GST", percent=Decimal("12.5"), begins_on=date(2000, 7, 1), by=by
        ),
        ("Tax from 1 Jul 2000", "Rate", "10", "12.5"),
    ),
    "numbers": (
        lambda o, by: set_numbering(
            organization=o, kind="invoice", prefix="INV-", next_number=5000, by=by
        ),
        ("Numbers of invoices", "Next number", "1001", "5000"),
    ),
    "surcharge": (
        a_surcharge,
        ("Payment method Visa", "Surcharge", "", "1.5 % + 0.30 from 1 Dec 2026"),
    ),
    "an archived method": (
        lambda o, by: archive_method(method=visa(o), by=by),
        ("Payment method Visa", "Archived", "", ""),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_setting_is_written_down_once_with_both_values(bright_spark, olive, change):
    act, line = CHANGES[change]
    with acting_for(bright_spark):
        accept_cards(organization=bright_spark, accepts=True, by=None)
        before = len(lines(bright_spark))
        act(bright_spark, olive)
        act(bright_spark, olive)
    assert lines(bright_spark)[before:] == [(*line, str(olive))]


@pytest.mark.parametrize(
    ("name", "args", "query", "line"),
    [
        ("file_export", ("customers", "csv"), {}, ("Customers", "Taken out as a CSV file")),
        ("file_export", ("suppliers", "xlsx"), {}, ("Suppliers", "Taken out as a workbook")),
        ("report_detail", ("invoices",), {"as": "csv"}, ("Invoices", "Taken out as a CSV file")),
    ],
)
def test_who_takes_a_file_out_is_written_down(
    bright_spark, olive, client_of, name, args, query, line
):
    page = reverse(f"integrations:{name}", args=args)
    assert client_of(olive).get(page, query).status_code == 200
    ((subject, what, before, rows, by),) = lines(bright_spark)
    assert ((subject, what), before, by) == (line, "", str(olive))
    assert rows.endswith((" row", " rows"))


def test_looking_at_a_report_writes_nothing_down(bright_spark, olive, client_of):
    client_of(olive).get(reverse("integrations:report_detail", args=("invoices",)))
    assert lines(bright_spark) == []


def test_the_account_codes_of_a_job_type_are_written_down(connected, bright_spark, olive):
    with acting_for(bright_spark):
        code = LedgerAccount.objects.owned_by(bright_spark).get(code="4100")
        job_type = create_job_type(organization=bright_spark, by=olive, name="Plumbing")
        before = len(lines(bright_spark))
        for _ in range(2):
            change_job_type(job_type=job_type, by=olive, labour_account=code, colour="#112233")
            archive_job_type(job_type=job_type, by=olive)
    subject, by = "Job type Plumbing", str(olive)
    assert lines(bright_spark)[before:] == [
        (subject, "Labour income account", "", "4100 Labour Income", by),
        (subject, "Archived", "", "", by),
    ]
