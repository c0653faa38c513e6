"""A connected business with its documents, for the tests of the engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F

from ascora.chart.models import AccountKind, BooksPaymentMethod, LedgerAccount, TaxCode
from ascora.common.money import line_amount, net_of, percent_of, tax_within, total_of
from ascora.outbox.models import OutboxEntry
from ascora.outbox.selectors import entry_for
from ascora.outbox.services import record_change
from ascora.tenancy.models import Organization, OwnedModel
from ascora.tenancy.rls import acting_for
from integrations import push
from integrations.links import link_of
from integrations.models import (
    AccountingSettings,
    Connection,
    PushBatch,
    RemoteLink,
    SyncAttempt,
)
from jobs.models import Customer, Job, JobType
from payments.models import (
    Allocation,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    LineKind,
    Payment,
    PaymentMethod,
    TaxMode,
)
from tests.engine.fake_ledger import FakeLedger

ISSUED_ON = date(2026, 11, 10)
ACCOUNTS = (
    ("1100", "Business Cheque Account", AccountKind.BANK),
    ("1110", "Savings", AccountKind.BANK),
    ("1150", "Card Clearing", AccountKind.CURRENT_ASSET),
    ("1190", "Undeposited Funds", AccountKind.UNDEPOSITED),
    ("1200", "Accounts Receivable", AccountKind.RECEIVABLE),
    ("4100", "Labour Income", AccountKind.INCOME),
    ("4200", "Materials Income", AccountKind.INCOME),
    ("4300", "Card Surcharges", AccountKind.INCOME),
    ("4110", "Domestic Labour", AccountKind.INCOME),
)


@dataclass
class Business:
    """One organization, its connection, and the books behind it."""

    organization: Organization
    ledger: FakeLedger
    connection: Connection = field(init=False)
    accounts: dict[str, LedgerAccount] = field(default_factory=dict)
    numbers: int = 1000

    def connect(self, *, realm_print: str) -> None:
        """A set-up connection with the codes A to M that the push uses."""
        with self.acting():
            for code, name, kind in ACCOUNTS:
                self.accounts[code] = LedgerAccount.objects.create(
                    organization=self.organization, remote_id=f"acc-{code}", code=code, name=name,
                    full_name=name, kind=kind,
                )  # fmt: skip
            self.connection = Connection.objects.create(
                organization=self.organization, provider="quickbooks", company_name="Books Pty Ltd",
                is_set_up=True, realm="123", realm_print=realm_print,
            )  # fmt: skip
            AccountingSettings.objects.create(
                organization=self.organization,
                connection=self.connection,
                sales_tax_code=self._tax_code("gst", "GST", 10),
                sales_free_code=self._tax_code("free", "GST free", 0),
                payments_account=self.accounts["1100"],
                card_account=self.accounts["1150"],
                labour_account=self.accounts["4100"],
                materials_account=self.accounts["4200"],
                attaches_files=False,
                cut_off_on=date(2026, 7, 1),
            )
            BooksPaymentMethod.objects.create(
                organization=self.organization, remote_id="pm-1", name="Mastercard", is_card=True
            )

    def _tax_code(self, remote_id: str, name: str, percent: int) -> TaxCode:
        return TaxCode.objects.create(
            organization=self.organization, remote_id=remote_id, name=name,
            sales_percent=Decimal(percent),
        )  # fmt: skip

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Behind this business's wall."""
        with acting_for(self.organization):
            yield

    @property
    def settings(self) -> AccountingSettings:
        with self.acting():
            return AccountingSettings.objects.owned_by(self.organization).get()

    def set(self, **values: object) -> None:
        """Change the accounting settings."""
        with self.acting():
            AccountingSettings.objects.owned_by(self.organization).update(**values)

    # --- Documents --------------------------------------------------------------------------------

    def customer(self, name: str = "Jane Bloggs", **values: object) -> Customer:
        with self.acting():
            return Customer.objects.create(organization=self.organization, name=name, **values)

    def job(self, customer: Customer, **codes: str) -> Job:
        with self.acting():
            job_type = JobType.objects.create(
                organization=self.organization,
                name=f"Domestic {customer.pk}",
                **{key: self.accounts[code] for key, code in codes.items()},
            )
            return Job.objects.create(
                organization=self.organization, number=f"JOB-{customer.pk}", customer=customer,
                job_type=job_type, description="Rewire the kitchen",
            )  # fmt: skip

    def invoice(
        self,
        customer: Customer | None = None,
        *,
        lines: tuple[tuple, ...] = ((LineKind.LABOUR, "100.00", True),),
        mode: str = TaxMode.EXCLUSIVE,
        issued_on: date = ISSUED_ON,
        job: Job | None = None,
        number: str = "",
    ) -> Invoice:
        """An issued invoice, recorded for pushing. A line is (kind, price, taxed) or with a
        quantity.
        """
        customer = customer or self.customer(f"Customer {self.numbers}")
        self.numbers += 1
        with self.acting():
            invoice = Invoice.objects.create(
                organization=self.organization, number=number or f"INV-{self.numbers}",
                customer=customer, job=job, status=InvoiceStatus.ISSUED, tax_mode=mode,
                issued_on=issued_on, due_on=issued_on + timedelta(days=14), summary="Kitchen done",
            )  # fmt: skip
            for position, (kind, price, is_taxed, *quantity) in enumerate(lines):
                self.line(invoice, position, kind, price, is_taxed, *quantity)
            self.total(invoice)
            record_change(invoice, by=None)
        return invoice

    def line(
        self,
        invoice: Invoice,
        position: int,
        kind: str,
        price: str,
        is_taxed: bool,
        quantity: str = "1",
    ) -> InvoiceLine:
        amount = line_amount(Decimal(quantity), Decimal(price))
        return InvoiceLine.objects.create(
            organization=self.organization, invoice=invoice, position=position, kind=kind,
            description=f"{kind} {position}", quantity=Decimal(quantity), unit_price=Decimal(price),
            amount=amount, is_taxed=is_taxed,
        )  # fmt: skip

    def total(self, invoice: Invoice) -> None:
        lines = list(invoice.lines.filter(released_at=None))
        taxed = total_of(line.amount for line in lines if line.is_taxed)
        free = total_of(line.amount for line in lines if not line.is_taxed)
        if invoice.tax_mode == TaxMode.INCLUSIVE:
            tax = tax_within(taxed, invoice.tax_percent)
            subtotal = net_of(taxed, invoice.tax_percent) + free
        else:
            tax = percent_of(taxed, invoice.tax_percent)
            subtotal = taxed + free
        invoice.subtotal, invoice.tax, invoice.total = subtotal, tax, subtotal + tax
        invoice.balance = invoice.total - invoice.amount_paid
        invoice.save()

    def amend(self, invoice: Invoice, *, price: str) -> None:
        """Another price on the first line."""
        with self.acting():
            line = invoice.lines.filter(released_at=None).first()
            line.unit_price = line.amount = Decimal(price)
            line.save()
            self.total(invoice)
            record_change(invoice, by=None)

    def void(self, invoice: Invoice) -> None:
        with self.acting():
            invoice.status = InvoiceStatus.VOID
            invoice.save()
            record_change(invoice, by=None)

    def payment(
        self,
        parts: dict[Invoice, str],
        *,
        method: str = "Direct Deposit",
        on: date = date(2026, 11, 12),
    ) -> Payment:
        """A payment of these invoices, recorded for pushing."""
        with self.acting():
            payment = Payment.objects.create(
                organization=self.organization,
                customer=next(iter(parts)).customer,
                received_on=on,
                method=PaymentMethod.objects.owned_by(self.organization).get(name=method),
                amount=total_of(Decimal(amount) for amount in parts.values()),
            )
            for invoice, amount in parts.items():
                Allocation.objects.create(
                    organization=self.organization,
                    payment=payment,
                    invoice=invoice,
                    amount=Decimal(amount),
                )
                invoice.amount_paid += Decimal(amount)
                invoice.balance = invoice.total - invoice.amount_paid
                invoice.save()
            record_change(payment, by=None)
        return payment

    # --- The engine -------------------------------------------------------------------------------

    def drain(self, times: int = 1) -> None:
        """What the worker does when the bell rings."""
        for _ in range(times):
            push.drain(self.organization)

    def time_passes(self, by: timedelta = timedelta(minutes=10)) -> None:
        """Leases end, quarantines end, what was postponed becomes due."""
        with self.acting():
            entries = OutboxEntry.objects.owned_by(self.organization)
            entries.update(run_at=F("run_at") - by, lease_until=F("lease_until") - by)
            SyncAttempt.objects.owned_by(self.organization).update(sent_at=F("sent_at") - by)
            PushBatch.objects.owned_by(self.organization).update(
                sent_at=F("sent_at") - by,
                opened_at=F("opened_at") - by,
                lease_until=F("lease_until") - by,
            )
            Connection.objects.owned_by(self.organization).update(
                throttled_until=F("throttled_until") - by,
                next_pull_at=F("next_pull_at") - by,
                pull_lease_until=F("pull_lease_until") - by,
            )

    def entry(self, document: OwnedModel) -> OutboxEntry:
        with self.acting():
            entry = entry_for(document)
        assert entry is not None
        return entry

    def link(self, document: OwnedModel) -> RemoteLink:
        with self.acting():
            link = link_of(self.connection, document)
        assert link is not None
        return link

    def attempts(self, document: OwnedModel) -> list[tuple[str, str]]:
        """(operation, outcome) of every attempt, the oldest first."""
        with self.acting():
            rows = SyncAttempt.objects.owned_by(self.organization).filter(
                label=document._meta.label_lower, object_pk=document.pk
            )
            return [(row.operation, row.outcome) for row in rows.order_by("pk")]
