"""The chart of accounts, read from the books into what every drop-down offers."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils import timezone

from ascora.chart.models import BooksPaymentMethod, CustomField, LedgerAccount, TaxCode
from ascora.outbox.models import Hold
from ascora.outbox.services import release_held
from ascora.tenancy.rls import acting_for
from integrations.connections.ledgers import open_ledger
from integrations.contracts import (
    AccountRecord,
    ChartRecord,
    CompanyRecord,
    Ledger,
    PaymentMethodRecord,
    TaxCodeRecord,
)
from integrations.errors import TokenExpired
from integrations.models import Connection
from payments.services import note_closed_books

ChartRow = LedgerAccount | TaxCode | BooksPaymentMethod | CustomField
CHART: tuple[type[ChartRow], ...] = (LedgerAccount, TaxCode, BooksPaymentMethod, CustomField)
_LONGEST_ID = 40
# A company may be asked ten times a second only; what was read this long ago is live enough.
JUST_READ = timedelta(seconds=10)
Rows = Iterable[tuple[str, Mapping[str, object]]]


def refresh_chart(connection: Connection) -> None:
    """Read company and chart again and keep both; what vanished becomes inactive.

    A token refused before its time is renewed once. Raises BooksError; then nothing changed.
    """
    try:
        company, chart = _read(open_ledger(connection))
    except TokenExpired:
        company, chart = _read(open_ledger(connection, is_token_refused=True))
    with acting_for(connection.organization):
        keep_company(connection, company)
        keep_chart(connection, chart)


def take_chart(connection: Connection, ledger: Ledger) -> None:
    """The same with books that are open already. Raises BooksError; then nothing changed."""
    company, chart = _read(ledger)
    with acting_for(connection.organization):
        keep_company(connection, company)
        keep_chart(connection, chart)


def refresh_chart_unless_just_read(connection: Connection) -> None:
    """Read company and chart again, unless that was done some seconds ago. Raises BooksError."""
    read_at = connection.chart_read_at
    if read_at is None or timezone.now() - read_at > JUST_READ:
        refresh_chart(connection)


def _read(ledger: Ledger) -> tuple[CompanyRecord, ChartRecord]:
    return ledger.company(), ledger.chart()


def keep_company(connection: Connection, company: CompanyRecord) -> None:
    """What the company says of itself."""
    connection.company_name = company.name[:200]
    connection.country = company.country[:3]
    connection.home_currency = company.home_currency[:3]
    connection.uses_own_numbers = company.uses_own_numbers
    connection.books_closed_until = company.books_closed_until
    connection.save(
        update_fields=[
            "company_name", "country", "home_currency", "uses_own_numbers", "books_closed_until",
        ]
    )  # fmt: skip
    note_closed_books(organization=connection.organization, until=company.books_closed_until)


def keep_chart(connection: Connection, chart: ChartRecord) -> None:
    """Accounts, tax codes, payment methods and custom fields as they stand now. Idempotent.

    Where one was made usable again over there, what waits for such an answer is tried again.
    """
    changed = [
        _keep(connection, LedgerAccount, ((a.id, _account(a)) for a in chart.accounts)),
        _keep(connection, TaxCode, ((t.id, _tax_code(t)) for t in chart.tax_codes)),
        _keep(connection, BooksPaymentMethod, ((m.id, _method(m)) for m in chart.payment_methods)),
        _keep(
            connection,
            CustomField,
            ((f.id, {"name": f.name[:100], "is_active": True}) for f in chart.custom_fields),
        ),
    ]
    connection.chart_read_at = timezone.now()
    connection.save(update_fields=["chart_read_at"])
    if any(changed):
        release_held(organization=connection.organization, why=Hold.NEEDS_MAPPING)


def _account(record: AccountRecord) -> Mapping[str, object]:
    return {
        "code": record.code[:20],
        "name": record.name[:200],
        "full_name": record.full_name[:500],
        "kind": record.kind,
        "currency": record.currency[:3],
        "is_active": record.is_active,
    }


def _tax_code(record: TaxCodeRecord) -> Mapping[str, object]:
    return {
        "name": record.name[:100],
        "description": record.description[:200],
        "sales_percent": record.sales_percent,
        "purchase_percent": record.purchase_percent,
        "is_worked_out_there": record.is_worked_out_there,
        "is_active": record.is_active,
    }


def _method(record: PaymentMethodRecord) -> Mapping[str, object]:
    return {"name": record.name[:100], "is_card": record.is_card, "is_active": record.is_active}


def _keep(connection: Connection, model: type[ChartRow], rows: Rows) -> bool:
    """Whether a row that was known has changed and may be used."""
    is_changed = False
    known = {row.remote_id: row for row in model.objects.owned_by(connection.organization)}
    seen = dict(rows)
    for remote_id, values in seen.items():
        row = known.get(remote_id) or model(
            organization=connection.organization, remote_id=remote_id
        )
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            is_changed = is_changed or (row.pk is not None and bool(values["is_active"]))
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    vanished = [row.pk for remote_id, row in known.items() if remote_id not in seen]
    model.objects.owned_by(connection.organization).filter(pk__in=vanished).update(is_active=False)
    return is_changed


def put_away(connection: Connection) -> None:
    """Another company follows, whose ids may be the same: no code of ours may point into it.

    The rows stay, inactive and out of the way, for the settings and job types that name them.
    """
    mark = f"{connection.pk}/"
    for model in CHART:
        rows = model.objects.owned_by(connection.organization).exclude(remote_id__contains="/")
        for row in rows:
            row.remote_id, row.is_active = f"{mark}{row.remote_id}"[:_LONGEST_ID], False
            row.save(update_fields=["remote_id", "is_active"])


def take_out(connection: Connection) -> None:
    """The company is back: its rows are those of before; the next reading says which are active."""
    mark = f"{connection.pk}/"
    for model in CHART:
        rows = model.objects.owned_by(connection.organization).filter(remote_id__startswith=mark)
        for row in rows:
            row.remote_id = row.remote_id.removeprefix(mark)
            row.save(update_fields=["remote_id"])
