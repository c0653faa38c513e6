"""Invoices and payments of the finished jobs, in bulk, with the arithmetic of the screens."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from ascora.common.money import ZERO, to_cents, total_of
from ascora.search.services import index_for_search
from ascora.tenancy.models import NumberSequence, Organization
from ascora.tenancy.numbering import FIRST_NUMBERS
from integrations.management.demonstration.work import Past
from jobs.models import Job, JobStatus, JobSupply, LabourEntry
from payments.models import (
    Allocation,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    LineKind,
    Payment,
    PaymentMethod,
)
from payments.totals import PricedLine, invoice_totals

GST = Decimal(10)
DAYS_TO_PAY = 14
HALF = Decimal("0.5")


def fill_sales(organization: Organization, jobs: Sequence[Job], past: Past) -> list[Invoice]:
    """An invoice for every closed job that has something to charge; most are paid."""
    chance = Random(past.seed + 1)  # noqa: S311 - a repeatable past, not a secret
    invoices: list[Invoice] = []
    lines: list[InvoiceLine] = []
    for job, work in _work_of(organization, jobs):
        invoice = _invoice(job, first_free=len(invoices), past=past)
        its_lines = [_line(invoice, place, entry) for place, entry in enumerate(work, 1)]
        _total(invoice, its_lines)
        if invoice.total > ZERO:
            invoices.append(invoice)
            lines += its_lines
    paid = [_payment(invoice, past, chance) for invoice in invoices]
    Invoice.objects.bulk_create(invoices, batch_size=1000)
    index_for_search(*invoices)
    InvoiceLine.objects.bulk_create(lines, batch_size=1000)
    _keep([each for each in paid if each is not None], organization, chance)
    prefix, first = FIRST_NUMBERS["invoice"]
    NumberSequence.objects.create(
        organization=organization,
        kind="invoice",
        prefix=prefix,
        next_number=first + len(invoices),
    )
    return invoices


def _work_of(
    organization: Organization, jobs: Sequence[Job]
) -> Iterable[tuple[Job, list[LabourEntry | JobSupply]]]:
    work: dict[int, list[LabourEntry | JobSupply]] = {}
    chargeable = {"is_chargeable": True, "job__status": JobStatus.CLOSED}
    for entry in LabourEntry.objects.owned_by(organization).filter(**chargeable):
        work.setdefault(entry.job_id, []).append(entry)
    for use in JobSupply.objects.owned_by(organization).filter(**chargeable):
        work.setdefault(use.job_id, []).append(use)
    return [(job, work[job.pk]) for job in jobs if job.pk in work]


def _invoice(job: Job, *, first_free: int, past: Past) -> Invoice:
    prefix, first = FIRST_NUMBERS["invoice"]
    issued_on = min(job.created_at.date() + timedelta(days=5), past.today)
    return Invoice(
        organization=job.organization,
        number=f"{prefix}{first + first_free}",
        customer=job.customer,
        job=job,
        status=InvoiceStatus.ISSUED,
        tax_percent=GST,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=DAYS_TO_PAY),
        summary=f"{job.number}: {job.description}"[:4000],
        purchase_order=job.purchase_order,
        created_at=job.created_at + timedelta(days=5),
        issued_at=job.created_at + timedelta(days=5),
    )


def _line(invoice: Invoice, position: int, entry: LabourEntry | JobSupply) -> InvoiceLine:
    line = InvoiceLine(
        organization=invoice.organization,
        invoice=invoice,
        position=position,
        amount=entry.amount,
    )
    if isinstance(entry, LabourEntry):
        line.kind, line.labour_entry = LineKind.LABOUR, entry
        line.description = f"Labour, {entry.worker}, {entry.worked_on:%d/%m/%Y}"
        line.quantity, line.unit_price = entry.hours, entry.hourly_rate
    else:
        line.kind, line.job_supply, line.supply_id = LineKind.SUPPLY, entry, entry.supply_id
        line.description, line.is_taxed = entry.description, entry.is_taxed
        line.quantity, line.unit_price = entry.quantity, entry.unit_price
    return line


def _total(invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    totals = invoice_totals(
        [PricedLine(amount=line.amount, is_taxed=line.is_taxed) for line in lines],
        percent=invoice.tax_percent,
        mode=invoice.tax_mode,
    )
    invoice.subtotal, invoice.tax, invoice.total = totals.subtotal, totals.tax, totals.total
    invoice.balance = totals.total


def _payment(invoice: Invoice, past: Past, chance: Random) -> tuple[Invoice, date, Decimal] | None:
    """Paid some weeks later, mostly in full; what is young or forgotten stays open."""
    received_on = invoice.issued_on + timedelta(days=chance.randint(1, 30))
    if received_on > past.today or chance.random() < 0.02:
        return None
    amount = to_cents(invoice.total * HALF) if chance.random() < 0.03 else invoice.total
    if amount <= ZERO:
        return None
    invoice.amount_paid, invoice.balance = amount, invoice.total - amount
    invoice.status = InvoiceStatus.PART_PAID if invoice.balance else InvoiceStatus.PAID
    return invoice, received_on, amount


def _keep(
    paid: Sequence[tuple[Invoice, date, Decimal]], organization: Organization, chance: Random
) -> None:
    methods = PaymentMethod.objects.owned_by(organization).filter(card_scheme="")
    choices = list(methods.exclude(name="Cheque"))
    payments = [
        Payment(
            organization=organization,
            customer=invoice.customer,
            received_on=received_on,
            method=chance.choice(choices),
            amount=amount,
            created_at=timezone.now(),
        )
        for invoice, received_on, amount in paid
    ]
    Payment.objects.bulk_create(payments, batch_size=1000)
    Allocation.objects.bulk_create(
        [
            Allocation(
                organization=organization, payment=payment, invoice=invoice, amount=payment.amount
            )
            for payment, (invoice, _, _) in zip(payments, paid, strict=True)
        ],
        batch_size=1000,
    )


def money_owed(invoices: Sequence[Invoice]) -> Decimal:
    """What is still open, for the summary that the command prints."""
    return total_of(invoice.balance for invoice in invoices)
