"""Payments of bills (field guide 9.7): money to a vendor, laid on bills, with credits used up."""

from typing import TYPE_CHECKING

from simulators.quickbooks import faults
from simulators.quickbooks.entities.fields import (
    GROUP,
    Document,
    Entity,
    Field,
    ignored,
    reference,
)
from simulators.quickbooks.payables import laid_on, paying_account, refresh_vendor
from simulators.quickbooks.posting import Row, replace_rows
from simulators.quickbooks.serialise import cents, money

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

LINKABLE = ("Bill", "VendorCredit")
PLACES = {
    "Check": ("CheckPayment", "BankAccountRef"),
    "CreditCard": ("CreditCardPayment", "CCAccountRef"),
}


class BillPayment(Entity):
    """Money paid to a vendor; of nothing at all, it only lays a credit on a bill."""

    name = "BillPayment"
    family = "transactions"
    is_transaction = True
    can_void = True
    counts_total = True
    needed_on_update = ("VendorRef",)
    keeps_on_full_update = ("DocNumber",)
    fields = (
        reference("VendorRef", "Vendor", required=True),
        Field("PayType", "enum", choices=tuple(PLACES), required=True, filterable=False),
        Field("CheckPayment", "raw", filterable=False),
        Field("CreditCardPayment", "raw", filterable=False),
        Field("TotalAmt", "money", required=True),
        GROUP,
        Field("DocNumber", maximum=21),
        Field("TxnDate", "date"),
        Field("CurrencyRef", "raw", filterable=False),
        Field("PrivateNote", maximum=4000, filterable=False),
        Field("Line", "lines", filterable=False),
        reference("APAccountRef", "Account"),
        *ignored("ExchangeRate", "DepartmentRef", "ProcessBillPayment", "BillPaymentEx", "TxnNum"),
        *ignored("TransactionLocationType", "HomeTotalAmt", "Tag", "TxnSource", "LinkedTxn"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """The account must suit the way of paying; every link must fit what is open."""
        books.refuse_closed(draft, previous)
        draft.setdefault("TxnDate", books.today())
        draft["CurrencyRef"] = books.currency()
        self._place(books, draft)
        total = cents(draft["TotalAmt"])
        if total < 0:
            raise faults.business("The amount of a payment must not be negative.")
        draft["TotalAmt"] = money(total)
        lines = draft.get("Line") or []
        if not lines and previous is None:
            raise faults.Fault(faults.missing("Line"))
        draft["Line"] = [self._line(books, line, draft) for line in lines]
        if not 0 <= laid_on(draft) <= total:
            raise faults.business("You cannot apply more than the amount of the payment.")

    def _place(self, books: "Books", draft: Document) -> None:
        kind = draft["PayType"]
        place, key = PLACES[kind]
        for other in {"CheckPayment", "CreditCardPayment"} - {place}:
            draft.pop(other, None)
        detail = dict(draft.get(place) or {})
        identifier = str((detail.get(key) or {}).get("value", ""))
        if not identifier:
            raise faults.Fault(faults.missing(f"{place}.{key}"))
        account = paying_account(books, identifier, kind)
        draft[place] = {key: {"value": identifier, "name": account["FullyQualifiedName"]}}
        if kind == "Check":
            draft[place]["PrintStatus"] = detail.get("PrintStatus", "NotSet")

    def _line(self, books: "Books", line: Document, draft: Document) -> Document:
        links = line.get("LinkedTxn") or []
        if not links or line.get("Amount") is None:
            raise faults.Fault(faults.missing("Line.LinkedTxn" if not links else "Line.Amount"))
        kind, identifier = str(links[0].get("TxnType", "")), str(links[0].get("TxnId", ""))
        amount = cents(line["Amount"])
        if kind not in LINKABLE:
            raise faults.unlinkable(f"A {kind} cannot be linked to a bill payment.")
        target = books.find(kind, identifier)
        if target is None:
            raise faults.unlinkable(f"The transaction {identifier} was not found.")
        if target["VendorRef"]["value"] != draft["VendorRef"]["value"]:
            raise faults.unlinkable("The transaction belongs to another vendor.")
        own = books.own_link(self.name, draft.get("Id", ""), kind, identifier)
        if amount <= 0 or amount > cents(target["Balance"]) + own:
            raise faults.business("The amount applied is more than the open balance.")
        return {
            "Amount": money(amount),
            "LinkedTxn": [{"TxnId": identifier, "TxnType": kind}],
        }

    def settle(self, books: "Books", document: Document, previous: Document | None) -> None:
        """Debit payables, credit what paid; move the bills and the vendor."""
        total = cents(document["TotalAmt"])
        owed = (document.get("APAccountRef") or {}).get("value") or books.account_of_type("payable")
        memo = f"Bill payment {document.get('DocNumber', '')}".strip()
        rows = [Row(owed, total, memo=memo), Row(paid_from(document), -total, memo=memo)]
        replace_rows(books, self.name, document, rows)
        books.relink(self.name, document["Id"], document["Line"])
        for each in {document["VendorRef"]["value"], (previous or document)["VendorRef"]["value"]}:
            refresh_vendor(books, each)

    def void(self, books: "Books", document: Document) -> None:
        """Nothing paid, nothing applied."""
        note = document.get("PrivateNote", "")
        document["PrivateNote"] = f"Voided - {note}" if note else "Voided"
        document.update(TotalAmt=0, Line=[])

    def after_delete(self, books: "Books", document: Document) -> None:
        """The vendor is owed again what it paid."""
        refresh_vendor(books, document["VendorRef"]["value"])


def paid_from(document: Document) -> str:
    """The account the money left."""
    place, key = PLACES[document["PayType"]]
    return str(document[place][key]["value"])
