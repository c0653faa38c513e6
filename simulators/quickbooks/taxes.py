"""Sales tax as QuickBooks works it out: per code on the summed net, half up (field guide 10)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulators.quickbooks import faults
from simulators.quickbooks.serialise import cents, money, plain, round_cents

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

Document = dict[str, Any]
SALES_LINE = "SalesItemLineDetail"
EXPENSE_LINES = ("AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail")
# Where automated sales tax collects any, by the codes of the American chart.
CODES_OF_STATES = {"CA": "2", "AZ": "3"}
RatesOf = Callable[[str], list[tuple[str, Decimal]]]


@dataclass
class CodeTax:
    """What one tax code comes to on one document."""

    code: str
    rates: list[tuple[str, Decimal]]
    net: int = 0
    gross: int = 0
    tax: int = 0
    lines: list[Document] = field(default_factory=list)

    @property
    def percent(self) -> Decimal:
        """All rates of the code together."""
        return sum((rate for _identifier, rate in self.rates), Decimal(0))


def sales_lines(draft: Document) -> list[Document]:
    """The lines that sell something."""
    return [line for line in draft["Line"] if line.get("DetailType") == SALES_LINE]


def discount_lines(draft: Document) -> list[Document]:
    """The lines that take something off."""
    return [line for line in draft["Line"] if line.get("DetailType") == "DiscountLineDetail"]


def expense_lines(draft: Document) -> list[Document]:
    """The lines that buy something."""
    return [line for line in draft["Line"] if line.get("DetailType") in EXPENSE_LINES]


def detail_of(line: Document) -> Document:
    """The detail of a line, whatever its type."""
    detail: Document = line[line["DetailType"]]
    return detail


def apply_tax(books: "Books", draft: Document) -> list[CodeTax]:
    """Work out the tax of a sales document and write TxnTaxDetail; give tax per code."""
    if books.is_us:
        return _american(books, draft)
    return _by_code(books, draft, sales_lines(draft), books.sales_rates)


def refuse_tax_without(books: "Books", draft: Document, previous: Document | None) -> None:
    """6170: a document to which no tax applies brings no tax of its own."""
    applies = books.is_us or draft.get("GlobalTaxCalculation") != "NotApplicable"
    sent = draft.get("TxnTaxDetail")
    if not applies and sent and sent != (previous or {}).get("TxnTaxDetail"):
        message = "TxnTaxDetail is not allowed where GlobalTaxCalculation is NotApplicable."
        raise faults.rule("6170", "Invalid tax detail", message)


def apply_purchase_tax(books: "Books", draft: Document) -> list[CodeTax]:
    """The same for what is bought; American purchases carry no tax of their own."""
    lines = expense_lines(draft)
    if not books.is_us:
        return _by_code(books, draft, lines, books.purchase_rates)
    draft.pop("TxnTaxDetail", None)
    draft.pop("GlobalTaxCalculation", None)
    for line in lines:
        mark = detail_of(line).setdefault("TaxCodeRef", {"value": "NON"})
        if mark.get("value") not in ("TAX", "NON"):
            raise faults.tax_code_us()
    return []


def _by_code(
    books: "Books", draft: Document, lines: list[Document], rates_of: RatesOf
) -> list[CodeTax]:
    mode = draft.setdefault("GlobalTaxCalculation", "TaxExcluded")
    if mode == "NotApplicable":
        draft.pop("TxnTaxDetail", None)
        return []
    groups = _groups(books, draft, lines, rates_of)
    for group in groups:
        if mode == "TaxInclusive":
            _split_inclusive(group)
        else:
            group.tax = _tax_of(books, group)
    _write_detail(draft, groups)
    return groups


def _groups(
    books: "Books", draft: Document, lines: list[Document], rates_of: RatesOf
) -> list[CodeTax]:
    groups: dict[str, CodeTax] = {}
    inclusive = draft["GlobalTaxCalculation"] == "TaxInclusive"
    for line in lines:
        code = detail_of(line).get("TaxCodeRef", {}).get("value", "")
        if not code:
            raise faults.business(books.missing_tax_text())
        if code not in groups:
            groups[code] = CodeTax(code, rates_of(code))
        group = groups[code]
        group.lines.append(line)
        if inclusive:
            group.gross += _gross(line)
        else:
            detail_of(line).pop("TaxInclusiveAmt", None)
            group.net += cents(line["Amount"])
    return list(groups.values())


def _gross(line: Document) -> int:
    """The gross of a line: TaxInclusiveAmt, or Amount where it came alone."""
    detail = detail_of(line)
    gross = cents(detail.get("TaxInclusiveAmt", line["Amount"]))
    detail["TaxInclusiveAmt"] = money(gross)
    return gross


def _split_inclusive(group: CodeTax) -> None:
    """Take the tax out of the summed gross; the last line carries the rounding."""
    whole = 100 + group.percent
    group.tax = round_cents(Decimal(group.gross) * group.percent / whole)
    group.net = group.gross - group.tax
    left = group.net
    for line in group.lines:
        gross = cents(detail_of(line)["TaxInclusiveAmt"])
        net = round_cents(Decimal(gross) * 100 / whole)
        if line is group.lines[-1]:
            net = left
        left -= net
        _set_net(line, net)


def _set_net(line: Document, net: int) -> None:
    detail = detail_of(line)
    line["Amount"] = money(net)
    if detail.get("Qty") and "UnitPrice" in detail:
        detail["UnitPrice"] = plain(Decimal(net) / 100 / Decimal(str(detail["Qty"])))


def _american(books: "Books", draft: Document) -> list[CodeTax]:
    """TAX and NON on the lines, one rate group for the document."""
    draft.pop("GlobalTaxCalculation", None)
    sent = draft.get("TxnTaxDetail", {})
    code = sent.get("TxnTaxCodeRef", {}).get("value", "")
    if books.works_out_tax:
        code = _code_of_place(books, draft)
    group = CodeTax(code, books.sales_rates(code) if code else [])
    for line in sales_lines(draft):
        mark = line[SALES_LINE].setdefault(
            "TaxCodeRef", {"value": books.line_tax_us(line[SALES_LINE])}
        )
        if mark.get("value") not in ("TAX", "NON"):
            raise faults.tax_code_us()
        if mark["value"] == "TAX":
            group.net += cents(line["Amount"])
    if not code:
        draft["TxnTaxDetail"] = {"TotalTax": 0}
        return []
    group.tax = _tax_of(books, group)
    _write_detail(draft, [group])
    draft["TxnTaxDetail"] = {"TxnTaxCodeRef": {"value": code}, **draft["TxnTaxDetail"]}
    return [group]


def _code_of_place(books: "Books", draft: Document) -> str:
    """Automated sales tax (field guide 10): where it is delivered decides, whatever was sent. At
    home where no place is named; nothing in a state where the company collects none.
    """
    customer = books.find("Customer", draft["CustomerRef"]["value"]) or {}
    places = (draft.get("ShipAddr"), customer.get("ShipAddr"), customer.get("BillAddr"))
    states = ((place or {}).get("CountrySubDivisionCode", "") for place in places)
    state = next((state for state in states if state), "")
    return CODES_OF_STATES.get(state.upper(), "") if state else books.default_tax_code()


def tax_after_discount(books: "Books", draft: Document, groups: list[CodeTax]) -> None:
    """ApplyTaxAfterDiscount: each code is taxed on its share of what the discount leaves."""
    off = sum(cents(line["Amount"]) for line in discount_lines(draft))
    whole = sum(cents(line["Amount"]) for line in sales_lines(draft))
    if not (draft.get("ApplyTaxAfterDiscount") and off and whole and groups):
        return
    for group in groups:
        group.net -= round_cents(Decimal(group.net) * off / whole)
        group.tax = _tax_of(books, group)
    kept = {key: draft["TxnTaxDetail"][key] for key in ("TxnTaxCodeRef",) if books.is_us}
    _write_detail(draft, groups)
    draft["TxnTaxDetail"] = {**kept, **draft["TxnTaxDetail"]}


def _tax_of(books: "Books", group: CodeTax) -> int:
    """American rates are rounded one by one, elsewhere those of a code together."""
    if books.is_us:
        return sum(round_cents(group.net * rate / 100) for _identifier, rate in group.rates)
    return round_cents(Decimal(group.net) * group.percent / 100)


def _write_detail(draft: Document, groups: list[CodeTax]) -> None:
    lines = []
    for group in groups:
        shares = _shares(group)
        for (identifier, rate), share in zip(group.rates, shares, strict=True):
            detail = {
                "TaxRateRef": {"value": identifier},
                "PercentBased": True,
                "TaxPercent": plain(rate),
                "NetAmountTaxable": money(group.net),
            }
            lines.append(
                {"Amount": money(share), "DetailType": "TaxLineDetail", "TaxLineDetail": detail}
            )
    total = sum(group.tax for group in groups)
    draft["TxnTaxDetail"] = {"TotalTax": money(total)}
    if lines:
        draft["TxnTaxDetail"]["TaxLine"] = lines


def _shares(group: CodeTax) -> list[int]:
    """The tax of a code spread over its rates; the last one carries the rounding."""
    shares = [round_cents(group.net * rate / 100) for _identifier, rate in group.rates]
    if shares:
        shares[-1] += group.tax - sum(shares)
    return shares
