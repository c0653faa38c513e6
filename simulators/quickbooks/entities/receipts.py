"""Sales receipts and refund receipts (field guide 9.6): sold, or given back, on the spot."""

from dataclasses import replace
from typing import TYPE_CHECKING

from simulators.quickbooks import faults
from simulators.quickbooks.entities.fields import (
    GROUP,
    Document,
    Field,
    computed,
    ignored,
    reference,
)
from simulators.quickbooks.entities.sales import Sale, SalesForm, empty
from simulators.quickbooks.posting import replace_rows

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

PLACES = ("Bank", "Other Current Asset", "Credit Card")
STATES = ("NotSet", "NeedToPrint", "PrintComplete"), ("NotSet", "NeedToSend", "EmailSent")
TAX_MODES = ("TaxExcluded", "TaxInclusive", "NotApplicable")


class SalesReceipt(SalesForm):
    """A sale paid when it was made."""

    name = "SalesReceipt"
    can_void = True
    direction = 1
    fields = (
        GROUP,
        Field("CustomField", "raw", filterable=False),
        Field("DocNumber", maximum=21),
        Field("TxnDate", "date"),
        Field("CurrencyRef", "raw", filterable=False),
        Field("PrivateNote", maximum=4000, filterable=False),
        computed("LinkedTxn", "raw", filterable=False),
        Field("Line", "lines", required=True, filterable=False),
        Field("TxnTaxDetail", "raw", filterable=False),
        reference("CustomerRef", "Customer"),
        Field("CustomerMemo", "memo", maximum=1000, filterable=False),
        Field("BillAddr", "address", filterable=False),
        Field("ShipAddr", "address", filterable=False),
        computed("FreeFormAddress", "boolean", filterable=False),
        computed("ShipFromAddr", "raw", filterable=False),
        Field("GlobalTaxCalculation", "enum", choices=TAX_MODES, filterable=False, sticky=True),
        computed("TotalAmt"),
        Field("ApplyTaxAfterDiscount", "boolean", filterable=False, sticky=True),
        Field("PrintStatus", "enum", choices=STATES[0], filterable=False, sticky=True),
        Field("EmailStatus", "enum", choices=STATES[1], filterable=False, sticky=True),
        Field("BillEmail", "email", filterable=False),
        computed("Balance"),
        reference("PaymentMethodRef", "PaymentMethod"),
        Field("PaymentRefNum", maximum=21),
        reference("DepositToAccountRef", "Account"),
        computed("DeliveryInfo", "raw", filterable=False),
        *ignored("HomeTotalAmt", "HomeBalance", "TxnSource", "RecurDataRef", "ExchangeRate"),
        *ignored("ClassRef", "DepartmentRef", "CreditCardPayment", "ShipDate", "TrackingNum"),
        *ignored("ShipMethodRef", "BillEmailBcc", "BillEmailCc", "PaymentType", "CheckPayment"),
        *ignored("TransactionLocationType", "DueDate", "SalesTermRef", "Tag"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """As an invoice, but nothing is owed and the money lies somewhere."""
        if previous and books.deposit_of(previous["Id"], self.name):
            raise faults.deposited()
        named = draft.get("CustomerRef")
        customer = books.get("Customer", named["value"]) if named else {}
        draft.setdefault("TxnDate", books.today())
        self._defaults(books, draft, customer, previous)
        Sale.prepare(self, books, draft, previous)
        self._number(books, draft, previous)
        draft["Balance"] = 0
        place = (draft.get("DepositToAccountRef") or {}).get("value") or books.undeposited()
        account = books.get("Account", place)
        if account["AccountType"] not in PLACES:
            raise faults.wrong_account_type()
        draft["DepositToAccountRef"] = {"value": place, "name": account["FullyQualifiedName"]}

    def settle(self, books: "Books", document: Document, previous: Document | None) -> None:
        """Post income and tax against where the money lies."""
        rows = self.rows(books, document, document["DepositToAccountRef"]["value"])
        turned = [replace(row, cents=self.direction * row.cents) for row in rows]
        replace_rows(books, self.name, document, turned)

    def void(self, books: "Books", document: Document) -> None:
        """Nothing sold, nothing received; number and lines stay."""
        if books.deposit_of(document["Id"], self.name):
            raise faults.deposited()
        empty(document)

    def before_delete(self, books: "Books", document: Document) -> None:
        """One that lies in a deposit stays."""
        if books.deposit_of(document["Id"], self.name):
            raise faults.deposited()


class RefundReceipt(SalesReceipt):
    """Money given back on the spot: a sales receipt the other way round."""

    name = "RefundReceipt"
    direction = -1
    fields = tuple(
        reference("DepositToAccountRef", "Account", required=True)
        if field.name == "DepositToAccountRef"
        else field
        for field in SalesReceipt.fields
    )
