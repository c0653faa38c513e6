"""The lines of what is sold, or credited, as the books take them: each, or one per account and tax
code; and whether the tax codes fit.
"""

from collections.abc import Sequence
from decimal import Decimal

from ascora.chart.models import LedgerAccount
from ascora.common.money import line_amount, to_places, total_of
from ascora.tenancy.models import OwnedModel
from integrations.contracts import LineDraft
from integrations.errors import NeedsMapping
from integrations.links import link_of, links_of
from integrations.snapshots.charges import PlacedLine
from integrations.snapshots.outcomes import WHERE, Books
from jobs.models import Job
from payments.models import CreditNote, CreditNoteLine, Invoice

TEXT = 4000
_PRICE_PLACES = 4


def items_to_send(books: Books, placed: Sequence[PlacedLine]) -> list[OwnedModel]:
    """The accounts whose items are not in the books yet."""
    accounts = LedgerAccount.objects.owned_by(books.connection.organization).filter(
        remote_id__in={line.placement.code.id for line in placed}
    )
    return [account for account in accounts if link_of(books.connection, account) is None]


def check_tax_codes(books: Books, placed: Sequence[PlacedLine]) -> None:
    """One that was switched off there would be refused, or taken for another: say so first."""
    settings = books.settings
    used = {line.tax_code_id(books) for line in placed}
    for code in (settings.sales_tax_code, settings.sales_free_code, settings.rounding_tax_code):
        if code is not None and code.remote_id in used and not code.is_active:
            raise NeedsMapping(
                f"The tax code {code.name} is no longer active in the books: choose another in"
                f" {WHERE}."
            )


def check_rates(books: Books, document: Invoice | CreditNote, placed: Sequence[PlacedLine]) -> None:
    """A tax code of another rate would give another total there: say so before sending."""
    taxed = books.settings.sales_tax_code
    free = books.settings.sales_free_code
    is_taxed = any(line.line.is_taxed for line in placed)
    if taxed is not None and taxed.is_worked_out_there:
        taxed = None
    if is_taxed and taxed and taxed.sales_percent not in {None, document.tax_percent}:
        there, here = _percent(taxed.sales_percent), _percent(document.tax_percent)
        raise NeedsMapping(
            f"The Sales Tax Code (A) {taxed.name} is {there} % in the books, it was"
            f" made with {here} %: choose another code in {WHERE}."
        )
    if not all(line.line.is_taxed for line in placed) and free and free.sales_percent:
        raise NeedsMapping(
            f"The Sales Tax Free Code (B) {free.name} charges {_percent(free.sales_percent)} %:"
            f" choose one without tax in {WHERE}."
        )


def _percent(percent: Decimal | None) -> str:
    return f"{percent.normalize():f}" if percent is not None else "0"


def each_line(books: Books, placed: Sequence[PlacedLine]) -> tuple[LineDraft, ...]:
    items = _items(books)
    return tuple(_line(books, line, items) for line in placed)


def _said(placed: PlacedLine) -> str:
    """What it charges for; on an invoice for several jobs, for which of them."""
    said, job = placed.line.description, _one_of_several(placed)
    if job is None or said.startswith(f"{job.number}: "):
        return said
    return f"{job.number}: {said}"


def _job_in_words(placed: PlacedLine) -> str:
    job = _one_of_several(placed)
    return f"{job.number}: {job.work_done or job.description}"[:TEXT] if job else ""


def _one_of_several(placed: PlacedLine) -> Job | None:
    """The line's job, where the invoice is for several."""
    line = placed.line
    if isinstance(line, CreditNoteLine) or line.invoice.job_id is not None:
        return None
    return line.job


def gathered_lines(
    books: Books, placed: Sequence[PlacedLine], summary: str
) -> tuple[LineDraft, ...]:
    """One line per account and tax code, in order of appearance, all described by the summary; on
    an invoice for several jobs one for each job, so that the ledger can be read by job.
    """
    items = _items(books)
    groups: dict[tuple[str, str, str], list[PlacedLine]] = {}
    for line in placed:
        said = _job_in_words(line) or summary
        key = (line.placement.code.id, line.tax_code_id(books), said)
        groups.setdefault(key, []).append(line)
    return tuple(
        LineDraft(
            description=said,
            amount=total_of(line.net for line in group),
            item_id=items[account_id],
            tax_code_id=tax_code_id,
            income_account_id=account_id,
            gross=_gross(group),
        )
        for (account_id, tax_code_id, said), group in groups.items()
    )


def _line(books: Books, placed: PlacedLine, items: dict[str, str]) -> LineDraft:
    quantity, price = _quantity_and_price(placed)
    account_id = placed.placement.code.id
    return LineDraft(
        description=_said(placed)[:TEXT],
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


def _gross(group: list[PlacedLine]) -> Decimal | None:
    amounts = [line.gross for line in group if line.gross is not None]
    return total_of(amounts) if amounts else None


def _items(books: Books) -> dict[str, str]:
    """The remote id of our item, by the remote id of its income account."""
    organization = books.connection.organization
    accounts = dict(LedgerAccount.objects.owned_by(organization).values_list("pk", "remote_id"))
    links = links_of(books.connection).filter(label="chart.ledgeraccount", gone_at=None)
    return {accounts[link.object_pk]: link.remote_id for link in links}
