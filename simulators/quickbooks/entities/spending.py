"""Lines of expense, their tax and postings: what bills, vendor credits and purchases share."""

from typing import TYPE_CHECKING

from simulators.quickbooks import faults
from simulators.quickbooks.entities.fields import Document, Field, ignored
from simulators.quickbooks.entities.lines import Lined
from simulators.quickbooks.posting import Row
from simulators.quickbooks.serialise import cents, money
from simulators.quickbooks.taxes import EXPENSE_LINES, apply_purchase_tax, detail_of, expense_lines

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

ACCOUNT_LINE, ITEM_LINE = EXPENSE_LINES
ORDER = {
    ACCOUNT_LINE: ("TaxInclusiveAmt", "CustomerRef", "ClassRef", "AccountRef", "BillableStatus"),
    ITEM_LINE: ("TaxInclusiveAmt", "BillableStatus", "CustomerRef", "ItemRef", "ClassRef"),
}
TAX_MODES = ("TaxExcluded", "TaxInclusive", "NotApplicable")
BILLABLE = ("NotBillable", "Billable", "HasBeenBilled")
NEEDED_BY = {
    "Accounts Receivable": ("Customer", "customer"),
    "Accounts Payable": ("Vendor", "vendor"),
}
TAIL = (
    Field("TxnTaxDetail", "raw", filterable=False),
    Field("GlobalTaxCalculation", "enum", choices=TAX_MODES, filterable=False, sticky=True),
    *ignored("ExchangeRate", "HomeBalance", "HomeTotalAmt", "DepartmentRef", "RecurDataRef"),
    *ignored("TransactionLocationType", "IncludeInAnnualTPAR", "TxnSource", "Tag", "ClassRef"),
)


class Spending(Lined):
    """What every document with expense lines has in common."""

    direction = 1
    links_on_lines = False

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Lines, tax and total."""
        books.refuse_closed(draft, previous)
        draft.setdefault("TxnDate", books.today())
        draft["CurrencyRef"] = books.currency()
        self._lines(books, draft, previous)
        groups = apply_purchase_tax(books, draft)
        net = sum(cents(line["Amount"]) for line in expense_lines(draft))
        total = net + sum(group.tax for group in groups)
        if total < 0:
            raise faults.business("The amount of the transaction must not be negative.")
        draft["TotalAmt"] = money(total)

    def _lines(self, books: "Books", draft: Document, previous: Document | None) -> None:
        lines = draft.get("Line") or []
        if not lines:
            raise faults.Fault(faults.missing("Line"))
        for line in lines:
            if line.get("DetailType") not in EXPENSE_LINES:
                kind = line.get("DetailType")
                wrong = faults.malformed("2170", "Enumeration", "DetailType", kind)
                raise faults.Fault(wrong if kind else faults.missing("Line.DetailType"))
        taken = {line["Id"] for line in (previous or {}).get("Line", [])}
        draft["Line"] = [self._line(books, line, draft) for line in lines]
        self.number_lines(draft, taken)

    def _line(self, books: "Books", line: Document, draft: Document) -> Document:
        kind = line["DetailType"]
        detail = dict(line.get(kind) or {})
        if kind == ACCOUNT_LINE:
            self._account(books, detail, draft)
        else:
            item = books.get("Item", detail.get("ItemRef", {}).get("value", ""))
            if item["Type"] == "Category":
                raise faults.category_on_line(item["Name"])
            detail["ItemRef"] = {"value": item["Id"], "name": item["FullyQualifiedName"]}
            item_account(item)
        self._billing(books, detail)
        if detail.get("TaxCodeRef"):
            detail["TaxCodeRef"] = {"value": str(detail["TaxCodeRef"].get("value", ""))}
        amount = self.amount_of(line, detail)
        order = (*ORDER[kind], "UnitPrice", "Qty", "TaxCodeRef")
        kept = {key: line[key] for key in ("Id", "Description") if line.get(key)}
        links: Document = {"LinkedTxn": []} if self.links_on_lines else {}
        return {
            **kept,
            "Amount": money(amount),
            **links,
            "DetailType": kind,
            kind: {key: detail[key] for key in order if detail.get(key) is not None},
            "CustomExtensions": [],
        }

    def _account(self, books: "Books", detail: Document, draft: Document) -> None:
        identifier = str((detail.get("AccountRef") or {}).get("value", ""))
        if not identifier:
            raise faults.Fault(faults.missing(f"Line.{ACCOUNT_LINE}.AccountRef"))
        account = books.get("Account", identifier)
        detail["AccountRef"] = {"value": identifier, "name": account["FullyQualifiedName"]}
        needed = NEEDED_BY.get(account["AccountType"])
        if needed and self.party_kind(draft) != needed[0]:
            raise faults.business(
                f"When you use {account['AccountType']}, you must choose a {needed[1]} in the "
                "Name field."
            )

    def _billing(self, books: "Books", detail: Document) -> None:
        customer = detail.get("CustomerRef")
        if customer:
            found = books.get("Customer", str(customer.get("value", "")))
            detail["CustomerRef"] = {"value": found["Id"], "name": found["DisplayName"]}
        status = detail.setdefault("BillableStatus", BILLABLE[0])
        if status not in BILLABLE:
            raise faults.Fault(faults.malformed("2170", "Enumeration", "BillableStatus", status))
        if status == "Billable" and not customer:
            raise faults.business("If you select Billable, you must choose a customer.")

    def party_kind(self, _draft: Document) -> str:
        """Whether the document is with a Vendor or a Customer."""
        return "Vendor"

    def rows(self, books: "Books", document: Document, against: str) -> list[Row]:
        """Debit each line's account and the tax, credit what pays or is owed."""
        sign = self.direction_of(document)
        memo = f"{self.name} {document.get('DocNumber', '')}".strip()
        rows = [Row(against, -sign * cents(document["TotalAmt"]), memo=memo)]
        for line in expense_lines(document):
            detail = detail_of(line)
            code = detail.get("TaxCodeRef", {}).get("value")
            amount = sign * cents(line["Amount"])
            rows.append(Row(_posts_to(books, line), amount, code, line.get("Description", "")))
        for line in document.get("TxnTaxDetail", {}).get("TaxLine", []):
            rate = line["TaxLineDetail"]["TaxRateRef"]["value"]
            amount = sign * cents(line["Amount"])
            rows.append(Row(books.tax_account(rate), amount, books.code_of_rate(rate), "Tax"))
        return rows

    def direction_of(self, _document: Document) -> int:
        """1 where money is spent, -1 where it comes back."""
        return self.direction

    def void(self, books: "Books", document: Document) -> None:
        """Nothing bought, nothing owed; number and lines stay."""
        note = document.get("PrivateNote", "")
        document["PrivateNote"] = f"Voided - {note}" if note else "Voided"
        for line in document["Line"]:
            line["Amount"] = 0
            detail = detail_of(line)
            for key in ("Qty", "TaxInclusiveAmt"):
                if key in detail:
                    detail[key] = 0
        document["TotalAmt"] = 0
        if "TxnTaxDetail" in document:
            document["TxnTaxDetail"] = {"TotalTax": 0}


def bought_on(item: Document) -> str:
    """The account that buying an item posts to; nothing where it is not bought."""
    name = "AssetAccountRef" if item.get("Type") == "Inventory" else "ExpenseAccountRef"
    return str((item.get(name) or {}).get("value", ""))


def item_account(item: Document) -> str:
    """The account that buying an item posts to, which it must have."""
    account = bought_on(item)
    if not account:
        raise faults.business(f"The item {item['Name']} has no expense account and is not bought.")
    return account


def _posts_to(books: "Books", line: Document) -> str:
    detail = detail_of(line)
    if line["DetailType"] == ACCOUNT_LINE:
        return str(detail["AccountRef"]["value"])
    return item_account(books.find("Item", detail["ItemRef"]["value"]) or {})
