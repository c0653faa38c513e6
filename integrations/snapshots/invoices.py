"""An invoice, line by line or one line per account and tax code; the same totals to the cent either
way.
"""

from decimal import Decimal

from ascora.chart.models import LedgerAccount
from ascora.common.money import line_amount, to_places, total_of
from ascora.outbox.models import Hold, OutboxEntry
from ascora.outbox.selectors import entry_for
from ascora.tenancy.models import OwnedModel
from integrations.contracts import InvoiceDraft, LineDraft
from integrations.errors import NeedsMapping
from integrations.links import link_of, links_of
from integrations.models import InvoiceReference
from integrations.posting import refuse_unusable
from integrations.snapshots.charges import PlacedLine, placed_lines
from integrations.snapshots.outcomes import (
    WHERE,
    Books,
    Requires,
    Send,
    Snapshot,
    Stays,
    Void,
    is_in_books,
    question_about_lead_source,
)
from payments.models import Invoice, Payment, TaxMode

_TEXT = 4000
_MEMO = 1000
_FIELD = 31
_PRICE_PLACES = 4


def invoice_snapshot(books: Books, invoice: Invoice, entry: OutboxEntry) -> Snapshot:
    """Its customer, the items of its accounts and its reversed payments go first; a void one is
    voided there.
    """
    link = link_of(books.connection, invoice)
    if invoice.is_draft:
        return Stays("A draft is not sent.")
    if invoice.is_void and not is_in_books(link):
        return Stays("Void; nothing stands in the books.")
    reversed_first = _reversals_to_send(books, invoice)
    if reversed_first:
        return Requires(reversed_first)
    if invoice.is_void:
        return Void()
    if link is None and invoice.issued_on < books.cut_off_on and entry.asked_for_at is None:
        day = f"{books.cut_off_on:%d %b %Y}"
        return Stays(
            f"Dated before {day}, the day from which documents are sent.", Hold.BEFORE_CUT_OFF
        )
    placed = placed_lines(books, invoice)
    refuse_unusable(line.placement for line in placed)
    _check_tax_codes(books, placed)
    _check_rates(books, invoice, placed)
    missing = _missing(books, invoice, placed)
    return Requires(missing) if missing else Send(_draft(books, invoice, placed))


def invoice_marker(invoice: Invoice) -> str:
    """What a person may read on the invoice in the books, and by which it is found again."""
    return f"Ascora {invoice.number}"


def _reversals_to_send(books: Books, invoice: Invoice) -> tuple[OwnedModel, ...]:
    """Reversed payments of this invoice that still stand in the books: they are voided before it
    changes.
    """
    payments = Payment.objects.owned_by(invoice.organization).filter(
        allocations__invoice=invoice, reversed_at__isnull=False
    )
    waiting: list[OwnedModel] = []
    for payment in payments.distinct():
        entry = entry_for(payment)
        is_unsettled = entry is not None and entry.settled_version < entry.version
        if is_unsettled and is_in_books(link_of(books.connection, payment)):
            waiting.append(payment)
    return tuple(waiting)


def _missing(books: Books, invoice: Invoice, placed: list[PlacedLine]) -> tuple[OwnedModel, ...]:
    missing: list[OwnedModel] = []
    if link_of(books.connection, invoice.customer) is None:
        missing.append(invoice.customer)
    accounts = LedgerAccount.objects.owned_by(invoice.organization).filter(
        remote_id__in={line.placement.code.id for line in placed}
    )
    missing.extend(account for account in accounts if link_of(books.connection, account) is None)
    return tuple(missing)


def _check_tax_codes(books: Books, placed: list[PlacedLine]) -> None:
    """One that was switched off there would be refused, or taken for another: say so first."""
    settings = books.settings
    used = {line.tax_code_id(books) for line in placed}
    for code in (settings.sales_tax_code, settings.sales_free_code, settings.rounding_tax_code):
        if code is not None and code.remote_id in used and not code.is_active:
            raise NeedsMapping(
                f"The tax code {code.name} is no longer active in the books: choose another in"
                f" {WHERE}."
            )


def _check_rates(books: Books, invoice: Invoice, placed: list[PlacedLine]) -> None:
    """A tax code of another rate would give another total there: say so before sending."""
    taxed = books.settings.sales_tax_code
    free = books.settings.sales_free_code
    is_taxed = any(line.line.is_taxed for line in placed)
    if is_taxed and taxed and taxed.sales_percent not in {None, invoice.tax_percent}:
        there, here = _percent(taxed.sales_percent), _percent(invoice.tax_percent)
        raise NeedsMapping(
            f"The Sales Tax Code (A) {taxed.name} is {there} % in the books, this invoice was"
            f" made with {here} %: choose another code in {WHERE}."
        )
    if not all(line.line.is_taxed for line in placed) and free and free.sales_percent:
        raise NeedsMapping(
            f"The Sales Tax Free Code (B) {free.name} charges {_percent(free.sales_percent)} %:"
            f" choose one without tax in {WHERE}."
        )


def _percent(percent: Decimal | None) -> str:
    return f"{percent.normalize():f}" if percent is not None else "0"


def _draft(books: Books, invoice: Invoice, placed: list[PlacedLine]) -> InvoiceDraft:
    customer = link_of(books.connection, invoice.customer)
    summary = _summary(invoice)
    pushes_lines = books.settings.pushes_lines
    return InvoiceDraft(
        number=invoice.number,
        customer_id=customer.remote_id if customer else "",
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        is_tax_inclusive=invoice.tax_mode == TaxMode.INCLUSIVE,
        lines=_each(books, placed) if pushes_lines else _gathered(books, placed, summary),
        subtotal=invoice.subtotal,
        tax=invoice.tax,
        total=invoice.total,
        summary=summary if pushes_lines else "",
        memo=_memo(books, invoice)[:_MEMO],
        marker=invoice_marker(invoice),
        email=invoice.customer.email,
        custom_fields=_custom_fields(books, invoice),
    )


def _summary(invoice: Invoice) -> str:
    """Job number and work done."""
    if invoice.job is None:
        return invoice.summary[:_TEXT] or f"Invoice {invoice.number}"
    work = invoice.summary or invoice.job.work_done or invoice.job.description
    number = f"{invoice.job.number}: "
    return (work if work.startswith(number) else f"{number}{work}")[:_TEXT]


def _each(books: Books, placed: list[PlacedLine]) -> tuple[LineDraft, ...]:
    items = _items(books)
    return tuple(_line(books, line, items) for line in placed)


def _line(books: Books, placed: PlacedLine, items: dict[str, str]) -> LineDraft:
    quantity, price = _quantity_and_price(placed)
    account_id = placed.placement.code.id
    return LineDraft(
        description=placed.line.description[:_TEXT],
        amount=placed.net,
        item_id=items[account_id],
        tax_code_id=placed.tax_code_id(books),
        income_account_id=account_id,
        quantity=quantity,
        unit_price=price,
        gross=placed.gross,
    )


def _quantity_and_price(placed: PlacedLine) -> tuple[Decimal | None, Decimal | None]:
    """Only where quantity times net price rounds to the net amount: the books refuse any other."""
    quantity = placed.line.quantity
    if not quantity:
        return None, None
    price = placed.line.unit_price
    if placed.gross is not None:
        price = to_places(placed.net / quantity, _PRICE_PLACES)
    if price < 0 or line_amount(quantity, price) != placed.net:
        return None, None
    return quantity, price


def _gathered(books: Books, placed: list[PlacedLine], summary: str) -> tuple[LineDraft, ...]:
    """One line per account and tax code, in order of appearance, all described by the summary."""
    items = _items(books)
    groups: dict[tuple[str, str], list[PlacedLine]] = {}
    for line in placed:
        key = (line.placement.code.id, line.tax_code_id(books))
        groups.setdefault(key, []).append(line)
    return tuple(
        LineDraft(
            description=summary,
            amount=total_of(line.net for line in group),
            item_id=items[account_id],
            tax_code_id=tax_code_id,
            income_account_id=account_id,
            gross=_gross(group),
        )
        for (account_id, tax_code_id), group in groups.items()
    )


def _gross(group: list[PlacedLine]) -> Decimal | None:
    amounts = [line.gross for line in group if line.gross is not None]
    return total_of(amounts) if amounts else None


def _items(books: Books) -> dict[str, str]:
    """The remote id of our item, by the remote id of its income account."""
    organization = books.connection.organization
    accounts = dict(LedgerAccount.objects.owned_by(organization).values_list("pk", "remote_id"))
    links = links_of(books.connection).filter(label="chart.ledgeraccount", gone_at=None)
    return {accounts[link.object_pk]: link.remote_id for link in links}


def _memo(books: Books, invoice: Invoice) -> str:
    """The invoice reference that the customer reads."""
    job = invoice.job
    match books.settings.invoice_reference:
        case InvoiceReference.JOB_NUMBER:
            return job.number if job else ""
        case InvoiceReference.PURCHASE_ORDER:
            return invoice.purchase_order or (job.purchase_order if job else "")
        case InvoiceReference.SITE_ADDRESS:
            return job.site_address if job else ""
        case InvoiceReference.CLIENT_ORDER:
            return job.client_order_number if job else ""
    return ""


def _custom_fields(books: Books, invoice: Invoice) -> dict[str, str]:
    """The lead source in the field chosen at E. Raises NeedsMapping when that is another now."""
    field, source = books.settings.lead_source_field, invoice.customer.lead_source
    if field is None or source is None:
        return {}
    asked = question_about_lead_source(books.settings)
    if asked:
        raise NeedsMapping(f"{asked} Answer it in {WHERE}.")
    return {field.remote_id: source.name[:_FIELD]}
