"""Deposits (field guide 9.6): waiting payments taken to the bank, and lines into accounts."""

from typing import TYPE_CHECKING, Any

from simulators.quickbooks import faults
from simulators.quickbooks.entities.fields import (
    GROUP,
    Document,
    Field,
    computed,
    ignored,
    reference,
)
from simulators.quickbooks.entities.lines import Lined
from simulators.quickbooks.entries import DEPOSIT_LINE, check_name, touched
from simulators.quickbooks.payables import refresh_vendor
from simulators.quickbooks.posting import Row, replace_rows
from simulators.quickbooks.serialise import cents, money

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

WAITING = ("Payment", "SalesReceipt")
PLACES = ("Bank", "Other Current Asset", "Credit Card")


class Deposit(Lined):
    """Money taken to the bank."""

    name = "Deposit"
    counts_total = True
    needed_on_update = ("DepositToAccountRef", "Line")
    fields = (
        reference("DepositToAccountRef", "Account", required=True),
        Field("CashBack", "raw", filterable=False),
        computed("TotalAmt"),
        GROUP,
        Field("TxnDate", "date"),
        Field("CurrencyRef", "raw", filterable=False),
        Field("PrivateNote", maximum=4000, filterable=False),
        Field("Line", "lines", required=True, filterable=False),
        computed("TxnTaxDetail", "raw", filterable=False),
        *ignored("DepartmentRef", "ExchangeRate", "GlobalTaxCalculation", "RecurDataRef"),
        *ignored("HomeTotalAmt", "TxnSource", "DocNumber", "LinkedTxn"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Lines, cash back and total."""
        books.refuse_closed(draft, previous)
        draft.setdefault("TxnDate", books.today())
        draft["CurrencyRef"] = books.currency()
        draft["TxnTaxDetail"] = {}
        if books.get("Account", draft["DepositToAccountRef"]["value"])["AccountType"] not in PLACES:
            raise faults.business("Select a bank account for this deposit.")
        taken = {line["Id"] for line in (previous or {}).get("Line", []) if "Id" in line}
        lines = [self._line(books, line, draft) for line in draft["Line"]]
        self.number_lines({"Line": [line for line in lines if "DetailType" in line]}, taken)
        draft["Line"] = lines
        total = sum(cents(line["Amount"]) for line in lines) - self._cash_back(books, draft)
        if total < 0:
            raise faults.business("The amount of a deposit must not be negative.")
        draft["TotalAmt"] = money(total)

    def _line(self, books: "Books", line: Document, draft: Document) -> Document:
        if not line.get("LinkedTxn"):
            return self._into_account(books, line)
        if line.get("DetailType"):
            raise faults.Fault(faults.missing("Line.DepositLineDetail.AccountRef"))
        return self._waiting(books, line["LinkedTxn"][0], draft)

    def _into_account(self, books: "Books", line: Document) -> Document:
        detail = dict(line.get(DEPOSIT_LINE) or {})
        if line.get("DetailType") != DEPOSIT_LINE or not detail.get("AccountRef"):
            raise faults.Fault(faults.missing("Line.DepositLineDetail.AccountRef"))
        if line.get("Amount") is None:
            raise faults.Fault(faults.missing("Line.Amount"))
        account = books.get("Account", str(detail["AccountRef"].get("value", "")))
        detail["AccountRef"] = {"value": account["Id"], "name": account["FullyQualifiedName"]}
        fresh = {"DetailType": DEPOSIT_LINE, DEPOSIT_LINE: detail}
        kind, name = check_name(books, fresh)
        if name:
            detail["Entity"] = {**name, "type": kind.upper()}
        order = ("Entity", "ClassRef", "AccountRef", "PaymentMethodRef", "CheckNum")
        kept = {key: line[key] for key in ("Id", "Description") if line.get(key)}
        return {
            **kept,
            "Amount": money(cents(line["Amount"])),
            "DetailType": DEPOSIT_LINE,
            DEPOSIT_LINE: {key: detail[key] for key in order if detail.get(key)},
            "CustomExtensions": [],
        }

    def _waiting(self, books: "Books", link: Document, draft: Document) -> Document:
        """One whole payment or sales receipt out of Undeposited Funds."""
        kind, identifier = str(link.get("TxnType", "")), str(link.get("TxnId", ""))
        found = books.find(kind, identifier) if kind in WAITING else None
        if found is None:
            raise faults.unlinkable(f"The transaction {identifier} was not found.")
        if found.get("DepositToAccountRef", {}).get("value") != books.undeposited():
            raise faults.unlinkable("The payment does not lie in Undeposited Funds.")
        if books.deposit_of(identifier, kind) not in ("", draft.get("Id")):
            raise faults.deposited()
        shown: Document = {}
        if found.get("PaymentMethodRef"):
            shown["PaymentMethodRef"] = {"value": found["PaymentMethodRef"]["value"]}
        if found.get("PaymentRefNum"):
            shown["CheckNum"] = found["PaymentRefNum"]
        target = {"TxnId": identifier, "TxnType": kind, "TxnLineId": "0"}
        line: Document = {"Amount": found["TotalAmt"], "LinkedTxn": [target]}
        return {**line, DEPOSIT_LINE: shown} if shown else line

    def _cash_back(self, books: "Books", draft: Document) -> int:
        back: dict[str, Any] = draft.get("CashBack") or {}
        if not back:
            draft.pop("CashBack", None)
            return 0
        account = books.get("Account", str((back.get("AccountRef") or {}).get("value", "")))
        amount = cents(back.get("Amount") or 0)
        shown = {"value": account["Id"], "name": account["FullyQualifiedName"]}
        draft["CashBack"] = {"AccountRef": shown, "Amount": money(amount)}
        if back.get("Memo"):
            draft["CashBack"]["Memo"] = back["Memo"]
        return amount

    def settle(self, books: "Books", document: Document, previous: Document | None) -> None:
        """From Undeposited Funds and the accounts of the lines to the bank; freeze what it took."""
        rows = [Row(document["DepositToAccountRef"]["value"], cents(document["TotalAmt"]))]
        if document.get("CashBack"):
            back = document["CashBack"]
            rows.append(Row(back["AccountRef"]["value"], cents(back["Amount"]), memo="Cash back"))
        waiting = [line for line in document["Line"] if "DetailType" not in line]
        rows.append(Row(books.undeposited(), -sum(cents(line["Amount"]) for line in waiting)))
        for line in document["Line"]:
            if "DetailType" in line:
                account = line[DEPOSIT_LINE]["AccountRef"]["value"]
                text = line.get("Description", "")
                rows.append(Row(account, -cents(line["Amount"]), memo=text))
        replace_rows(books, "Deposit", document, rows)
        books.relink("Deposit", document["Id"], waiting)
        self._refresh(books, document, previous or {})

    def after_delete(self, books: "Books", document: Document) -> None:
        """The balances without it."""
        self._refresh(books, document)

    def _refresh(self, books: "Books", *documents: Document) -> None:
        names = touched(books, *documents)
        for customer in sorted(names["Customer"]):
            books.refresh_customer(customer)
        for vendor in sorted(names["Vendor"]):
            refresh_vendor(books, vendor)
