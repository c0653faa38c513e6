"""Credit memos (field guide 9.5): an invoice the other way round, used through payments."""

from dataclasses import replace
from typing import TYPE_CHECKING

from simulators.quickbooks import faults
from simulators.quickbooks.applications import refuse_stranger
from simulators.quickbooks.entities.fields import (
    GROUP,
    Document,
    Field,
    computed,
    ignored,
    reference,
)
from simulators.quickbooks.entities.sales import Invoice, Sale
from simulators.quickbooks.posting import Row, replace_rows
from simulators.quickbooks.serialise import cents, money

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books


AUTOMATIC = "Created by QB Online to link credits to charges."


class CreditMemo(Invoice):
    """What a customer gets back. Reading shows what is left of it, never what it is linked to."""

    name = "CreditMemo"
    counts_total = False
    can_void = False
    voids_by_hand = True
    names_editor = False
    fields = (
        computed("RemainingCredit"),
        GROUP,
        Field("CustomField", "raw", filterable=False),
        Field("DocNumber", maximum=21),
        Field("TxnDate", "date"),
        Field("CurrencyRef", "raw", filterable=False),
        Field("ExchangeRate", "number", filterable=False),
        Field("PrivateNote", maximum=4000, filterable=False),
        Field("Line", "lines", required=True, filterable=False),
        Field("TxnTaxDetail", "raw", filterable=False),
        reference("CustomerRef", "Customer", required=True),
        Field("CustomerMemo", "memo", maximum=1000, filterable=False),
        Field("BillAddr", "address", filterable=False),
        Field("ShipAddr", "address", filterable=False),
        computed("FreeFormAddress", "boolean", filterable=False),
        computed("ShipFromAddr", "raw", filterable=False),
        Field("ClassRef", "raw", filterable=False),
        Field("DepartmentRef", "raw", filterable=False),
        reference("SalesTermRef", "Term"),
        Field(
            "GlobalTaxCalculation",
            "enum",
            choices=("TaxExcluded", "TaxInclusive", "NotApplicable"),
            filterable=False,
            sticky=True,
        ),
        computed("TotalAmt"),
        Field("ApplyTaxAfterDiscount", "boolean", filterable=False, sticky=True),
        Field(
            "PrintStatus",
            "enum",
            choices=("NotSet", "NeedToPrint", "PrintComplete"),
            filterable=False,
            sticky=True,
        ),
        Field(
            "EmailStatus",
            "enum",
            choices=("NotSet", "NeedToSend", "EmailSent"),
            filterable=False,
            sticky=True,
        ),
        Field("BillEmail", "email", filterable=False),
        computed("Balance"),
        computed("DeliveryInfo", "raw", filterable=False),
        *ignored("HomeTotalAmt", "HomeBalance", "TxnSource", "RecurDataRef", "InvoiceRef"),
        *ignored("DepositToAccountRef", "PaymentMethodRef", "PaymentRefNum", "PaymentType"),
        *ignored("TransactionLocationType", "CheckPayment", "CreditCardPayment", "LinkedTxn"),
        *ignored("BillEmailBcc", "BillEmailCc", "TaxExemptionRef", "Tag", "ARAccountRef"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """As an invoice without a due date; never less than what of it is used."""
        customer = books.get("Customer", draft["CustomerRef"]["value"])
        draft.setdefault("TxnDate", books.today())
        self._defaults(books, draft, customer, previous)
        Sale.prepare(self, books, draft, previous)
        self._number(books, draft, previous)
        refuse_stranger(books, self.name, draft.get("Id", ""), customer["Id"])
        left = cents(draft["TotalAmt"]) - books.applied_to(self.name, draft.get("Id", ""))
        if left < 0:
            raise faults.business("The amount is less than what has already been applied.")
        draft["Balance"] = draft["RemainingCredit"] = money(left)

    def settle(self, books: "Books", document: Document, previous: Document | None) -> None:
        """Take income and tax back out of receivables; the company may use it at once."""
        rows = [_turned(row) for row in self.rows(books, document, books.receivable())]
        replace_rows(books, self.name, document, rows)
        for each in (document, previous or document):
            books.refresh_customer(each["CustomerRef"]["value"])

    def follow_ups(self, books: "Books", document: Document) -> list[tuple[str, Document]]:
        """AutoApplyCredit: a payment of nothing lays it on the open invoices, oldest first."""
        if not books.applies_credits:
            return []
        lines, left = [], cents(document["TotalAmt"])
        for invoice in _open_invoices(books, document["CustomerRef"]["value"]):
            part = min(left, cents(invoice["Balance"]))
            if part:
                lines.append(_linked(part, invoice["Id"], "Invoice"))
                left -= part
        used = cents(document["TotalAmt"]) - left
        if not used:
            return []
        lines.append(_linked(used, document["Id"], self.name))
        body: Document = {
            "CustomerRef": {"value": document["CustomerRef"]["value"]},
            "TxnDate": document["TxnDate"],
            "TotalAmt": 0,
            "PrivateNote": AUTOMATIC,
            "Line": lines,
        }
        return [("Payment", body)]

    def relinked(self, books: "Books", document: Document) -> None:
        """Payments that use it lower what is left."""
        left = cents(document["TotalAmt"]) - books.applied_to(self.name, document["Id"])
        document["Balance"] = document["RemainingCredit"] = money(left)

    def void(self, books: "Books", document: Document) -> None:
        """Worth nothing, number and lines kept; what used it lets go."""
        if books.applied_to(self.name, document["Id"]):
            raise faults.settled()
        super().void(books, document)
        document.pop("LinkedTxn", None)
        document["RemainingCredit"] = 0

    def before_delete(self, books: "Books", document: Document) -> None:
        """A credit memo in use is not deleted through the API."""
        if books.applied_to(self.name, document["Id"]):
            raise faults.linked()


def _turned(row: Row) -> Row:
    return replace(row, cents=-row.cents)


def _open_invoices(books: "Books", customer: str) -> list[Document]:
    invoices = [
        each
        for each in books.live_rows("Invoice")
        if each["CustomerRef"]["value"] == customer and cents(each["Balance"]) > 0
    ]
    return sorted(invoices, key=lambda each: (each["TxnDate"], int(each["Id"])))


def _linked(amount: int, identifier: str, kind: str) -> Document:
    return {"Amount": money(amount), "LinkedTxn": [{"TxnId": identifier, "TxnType": kind}]}
