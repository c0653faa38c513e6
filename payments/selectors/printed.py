"""Invoices, credit notes and receipts as they are printed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ascora.common.wording import MINUS, money, percent
from ascora.tenancy.models import Organization
from ascora.tenancy.selectors import today_for
from jobs.models import Customer
from payments.models import CreditNote, Invoice, InvoiceLine, InvoiceStatus, Payment
from payments.selectors.credits import credit_lines_of, credit_used_for
from payments.selectors.invoices import lines_shown_of
from payments.selectors.papers import (
    NOTHING_TO_PAY,
    TAX_COUNTRIES,
    Letterhead,
    Paper,
    Row,
    billed_to,
    printed_lines,
    tax_name_for,
    totals_of,
    words_of,
    written,
)
from payments.selectors.payments import (
    allocations_of_invoice,
    allocations_of_payment,
    credit_left_of,
)
from payments.selectors.settings import tax_percent_for
from payments.totals import invoice_totals


def invoice_paper(invoice: Invoice, lines: Sequence[InvoiceLine] | None = None) -> Paper:
    """A tax invoice as the law wants it, with what was paid and how to pay."""
    lines = lines_shown_of(invoice) if lines is None else lines
    head = Letterhead.of(invoice.organization)
    due = ["Balance due", money(invoice.balance), f"by {written(invoice.due_on)}"]
    owes = invoice.is_open or invoice.is_draft
    data = head.data() | {
        **_body(invoice, lines),
        "title": _title(invoice),
        "number": invoice.number or "Draft",
        "subtitle": "",
        "watermark": "DRAFT" if invoice.is_draft else "VOID" if invoice.is_void else "",
        "parties": [billed_to(invoice.customer), *_site_of(invoice)],
        "facts": _facts_of(invoice),
        "summary": invoice.summary,
        "totals": _with_paid(invoice, totals_of(invoice, _tax_words(invoice))),
        "pay": head.pay(invoice.number, due if invoice.is_open else []) if owes else NOTHING_TO_PAY,
    }
    words = words_of(
        invoice.customer,
        number=invoice.number,
        date=written(invoice.issued_on),
        due_date=written(invoice.due_on),
        total=money(invoice.total),
        balance=money(invoice.balance),
        job=invoice.job.number if invoice.job else "",
    )
    name = f"{invoice.number or 'Draft invoice'}.pdf"
    return Paper(
        "invoice", invoice, "invoice", name, data, words, invoice.customer, head.logo_bytes
    )


def _title(invoice: Invoice) -> str:
    is_taxed = invoice.tax or invoice.is_void
    return (
        "Tax invoice" if is_taxed and invoice.organization.country in TAX_COUNTRIES else "Invoice"
    )


def _tax_words(document: Invoice | CreditNote) -> str:
    return f"{tax_name_for(document.organization)} {percent(document.tax_percent)}"


def _body(document: Invoice | CreditNote, lines: Any) -> dict[str, Any]:  # noqa: ANN401
    """The table of lines. Which line is taxed is said only where not all are alike."""
    name = tax_name_for(document.organization)
    is_mixed = len({line.is_taxed for line in lines}) > 1
    head = f"Incl. {name}" if document.tax_mode == "inclusive" and document.tax else "Amount"
    rate = percent(document.tax_percent).replace("\N{NO-BREAK SPACE}", "")
    return {
        "lines": printed_lines(lines, rate=rate, free="Free"),
        "shows_tax": is_mixed,
        "tax_name": name,
        "amount_head": head,
        "note": f"Total price includes {name}." if head != "Amount" else "",
    }


def _site_of(invoice: Invoice) -> list[dict[str, Any]]:
    job = invoice.job
    if job is None:
        return []
    name = invoice.site_customer.name if invoice.site_customer else ""
    place = job.site_address
    if not place and not name:
        return []
    lines = place.split(", ", 1)
    if name:
        return [{"label": "Work done for", "name": name, "lines": lines if place else []}]
    return [{"label": "Work done at", "name": lines[0], "lines": lines[1:]}]


def _facts_of(invoice: Invoice) -> list[list[str]]:
    job = invoice.job
    facts = {
        "Date": written(invoice.issued_on),
        "Due": written(invoice.due_on),
        "Job": job.number if job else "",
        "Your order": invoice.purchase_order,
        "Order number": job.client_order_number if job else "",
    }
    return [[label, value] for label, value in facts.items() if value]


def _with_paid(invoice: Invoice, totals: list[Row]) -> list[Row]:
    """What payments and credit notes have settled, and what is left."""
    if invoice.is_draft or invoice.is_void or invoice.pk is None:
        return totals
    settled = [
        (f"Paid {written(each.payment.received_on)}", each.payment.method, each.amount)
        for each in allocations_of_invoice(invoice).filter(released_at=None)
    ] + [
        ("Credit note", each.credit_note.number, each.amount)
        for each in credit_used_for(invoice).filter(released_at=None)
    ]
    rows = [
        {
            "kind": "",
            "label": f"{words}, {how}" if how else words,
            "amount": f"{MINUS}{money(amount)}",
        }
        for words, how, amount in settled
    ]
    balance = {"kind": "sum", "label": "Balance due", "amount": money(invoice.balance)}
    return [*totals, *rows, balance]


def credit_note_paper(credit_note: CreditNote) -> Paper:
    """A credit note, which the law calls an adjustment note where it takes tax back."""
    head = Letterhead.of(credit_note.organization)
    invoice = credit_note.invoice
    facts = {"Date": written(credit_note.issued_on), "Invoice": invoice.number if invoice else ""}
    is_adjustment = credit_note.tax and credit_note.organization.country == "AU"
    data = head.data() | {
        **_body(credit_note, credit_lines_of(credit_note)),
        "title": "Credit note",
        "number": credit_note.number or "Draft",
        "subtitle": "Adjustment note" if is_adjustment else "",
        "watermark": "DRAFT" if credit_note.is_draft else "VOID" if credit_note.is_void else "",
        "parties": [billed_to(credit_note.customer, "Credit to")],
        "facts": [[label, value] for label, value in facts.items() if value],
        "summary": credit_note.reason,
        "totals": totals_of(credit_note, _tax_words(credit_note)),
        "pay": NOTHING_TO_PAY,
    }
    words = words_of(
        credit_note.customer,
        number=credit_note.number,
        date=written(credit_note.issued_on),
        due_date="",
        total=money(credit_note.total),
        balance=money(credit_note.remaining),
        job="",
    )
    name = f"{credit_note.number or 'Draft credit note'}.pdf"
    customer = credit_note.customer
    return Paper(
        "credit_note", credit_note, "invoice", name, data, words, customer, head.logo_bytes
    )


def receipt_paper(payment: Payment) -> Paper:
    """What was received, and what it settled."""
    head = Letterhead.of(payment.organization)
    allocations = list(allocations_of_payment(payment).filter(released_at=None))
    facts = {
        "Date": written(payment.received_on),
        "Paid by": str(payment.method or ""),
        "Reference": payment.reference,
    }
    data = head.data() | {
        "title": "Receipt",
        "number": payment.reference or written(payment.received_on),
        "subtitle": "",
        "watermark": "REVERSED" if payment.is_reversed else "",
        "parties": [billed_to(payment.customer, "Received from")],
        "facts": [[label, value] for label, value in facts.items() if value],
        "amount": money(payment.amount),
        "rows": [
            [
                each.invoice.number,
                written(each.invoice.issued_on),
                money(each.invoice.total),
                money(each.amount),
            ]
            for each in allocations
        ],
        "totals": _receipt_totals(payment),
        "note": _surcharge_note(payment),
    }
    words = words_of(
        payment.customer,
        number=payment.reference,
        date=written(payment.received_on),
        due_date="",
        total=money(payment.amount),
        balance=money(sum(each.invoice.balance for each in allocations)),
        job="",
    )
    name = f"Receipt {payment.received_on:%Y-%m-%d}.pdf"
    return Paper(
        "receipt", payment, "receipt", name, data, words, payment.customer, head.logo_bytes
    )


def _receipt_totals(payment: Payment) -> list[Row]:
    rows = [{"kind": "sum", "label": "Received", "amount": money(payment.amount)}]
    if left := credit_left_of(payment):
        rows.append({"kind": "", "label": "Kept as your credit", "amount": money(left)})
    return rows


def _surcharge_note(payment: Payment) -> str:
    if not payment.surcharge:
        return ""
    return f"The payment includes a card surcharge of {money(payment.surcharge)}."


def sample_paper(organization: Organization) -> Paper:
    """An invoice of nobody, to see what the settings look like."""
    customer = Customer(organization=organization, name="A. Customer", site_street="1 Sample Road")
    today = today_for(organization)
    invoice = Invoice(
        organization=organization,
        customer=customer,
        number="SAMPLE",
        status=InvoiceStatus.ISSUED,
        issued_on=today,
        due_on=today,
        summary="What the work was, as you write it.",
        tax_percent=tax_percent_for(organization, today),
    )
    lines = [
        InvoiceLine(
            description=words, quantity=Decimal(hours), unit_price=Decimal(95), amount=95 * hours
        )
        for words, hours in (("Labour", 2), ("Supplies used", 1))
    ]
    totals = invoice_totals(lines, percent=invoice.tax_percent, mode=invoice.tax_mode)
    invoice.subtotal, invoice.tax, invoice.total = totals.subtotal, totals.tax, totals.total
    invoice.balance = invoice.total
    return invoice_paper(invoice, lines)
