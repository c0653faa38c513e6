"""Bills, vendor credits and purchases (field guide 9.7): what is bought, and on what terms."""

from datetime import date, timedelta
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
from simulators.quickbooks.entities.spending import TAIL, Spending
from simulators.quickbooks.payables import party, paying_account, refresh_vendor
from simulators.quickbooks.posting import replace_rows
from simulators.quickbooks.serialise import cents, money
from simulators.quickbooks.taxes import detail_of, expense_lines

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books


class Owed(Spending):
    """A bill or a vendor credit: it has a vendor and a balance."""

    needed_on_update = ("VendorRef",)
    voids_by_hand = True

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """The payables account and the balance, beside lines and tax."""
        super().prepare(books, draft, previous)
        account = (draft.get("APAccountRef") or {}).get("value") or books.account_of_type("payable")
        payable = books.get("Account", account)
        if payable["AccountType"] != "Accounts Payable":
            raise faults.wrong_account_type()
        draft["APAccountRef"] = {"value": account, "name": payable["FullyQualifiedName"]}
        self._balance(books, draft)

    def _balance(self, books: "Books", draft: Document) -> None:
        identifier = draft.get("Id", "")
        left = cents(draft["TotalAmt"]) - books.applied_to(self.name, identifier)
        if left < 0:
            raise faults.business("The amount is less than what has already been applied to it.")
        draft["Balance"] = money(left)
        links = books.payments_of(self.name, identifier)
        draft["LinkedTxn"] = links or None

    def settle(self, books: "Books", document: Document, previous: Document | None) -> None:
        """Post against accounts payable; move the vendor's balance."""
        against = document["APAccountRef"]["value"]
        replace_rows(books, self.name, document, self.rows(books, document, against))
        vendors = {each["VendorRef"]["value"] for each in (document, previous or document)}
        for vendor in sorted(vendors):
            refresh_vendor(books, vendor)

    def relinked(self, books: "Books", document: Document) -> None:
        """A bill payment shows on it and lowers its balance."""
        super().relinked(books, document)
        applied = books.applied_to(self.name, document["Id"])
        document["Balance"] = money(cents(document["TotalAmt"]) - applied)

    def settle_links(self, books: "Books", document: Document) -> None:
        """A bill payment moves the vendor's balance."""
        refresh_vendor(books, document["VendorRef"]["value"])

    def void(self, books: "Books", document: Document) -> None:
        """Nothing is open on it any more."""
        if document.get("LinkedTxn"):
            raise faults.settled()
        super().void(books, document)
        document["Balance"] = 0

    def before_delete(self, books: "Books", document: Document) -> None:
        """What a bill payment is laid on is not deleted through the API."""
        if document.get("LinkedTxn"):
            raise faults.linked()

    def after_delete(self, books: "Books", document: Document) -> None:
        """The vendor is owed that much less."""
        refresh_vendor(books, document["VendorRef"]["value"])


class Bill(Owed):
    """What a vendor is owed."""

    name = "Bill"
    names_editor = True
    counts_total = True
    links_on_lines = True
    keeps_on_full_update = ("DocNumber",)
    fields = (
        reference("SalesTermRef", "Term"),
        Field("DueDate", "date"),
        Field("VendorAddr", "address", filterable=False),
        computed("Balance"),
        GROUP,
        Field("DocNumber", maximum=21),
        Field("TxnDate", "date"),
        Field("CurrencyRef", "raw", filterable=False),
        Field("PrivateNote", maximum=4000, filterable=False),
        computed("LinkedTxn", "raw", filterable=False),
        Field("Line", "lines", required=True, filterable=False),
        reference("VendorRef", "Vendor", required=True),
        reference("APAccountRef", "Account"),
        computed("TotalAmt"),
        *TAIL,
        *ignored("BillEx", "LessCIS", "RemitToAddr", "PayerRef", "ReplyEmail", "ShipAddr"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Terms and address come from the vendor; without terms a bill is due at once."""
        vendor = books.get("Vendor", draft["VendorRef"]["value"])
        draft.setdefault("TxnDate", books.today())
        for name, value in (("SalesTermRef", "TermRef"), ("VendorAddr", "BillAddr")):
            if vendor.get(value) and previous is None:
                draft.setdefault(name, vendor[value])
        super().prepare(books, draft, previous)
        if draft.get("DueDate"):
            return
        term = draft.get("SalesTermRef")
        days = int(books.get("Term", term["value"]).get("DueDays", 0)) if term else 0
        due = date.fromisoformat(draft["TxnDate"]) + timedelta(days=days)
        draft["DueDate"] = due.isoformat()


class VendorCredit(Owed):
    """What a vendor gives back; a bill payment uses it up."""

    name = "VendorCredit"
    direction = -1
    numbers_lines = False
    keeps_on_full_update = ("DocNumber",)
    fields = (
        Field("VendorAddr", "address", filterable=False),
        computed("Balance"),
        GROUP,
        Field("DocNumber", maximum=21),
        Field("TxnDate", "date"),
        Field("CurrencyRef", "raw", filterable=False),
        Field("PrivateNote", maximum=4000, filterable=False),
        computed("LinkedTxn", "raw", filterable=False),
        Field("Line", "lines", required=True, filterable=False),
        reference("VendorRef", "Vendor", required=True),
        reference("APAccountRef", "Account"),
        computed("TotalAmt"),
        *TAIL,
        *ignored("VendorCreditEx", "RemitToAddr", "PayerRef", "LinkedTxnEx"),
    )


class Purchase(Spending):
    """Money spent on the spot by cash, cheque or card, or a refund on a card."""

    name = "Purchase"
    numbers_lines = False
    voids_by_hand = True
    needed_on_update = ("PaymentType", "AccountRef")
    keeps_on_full_update = ("DocNumber",)
    fields = (
        reference("AccountRef", "Account", required=True),
        reference("PaymentMethodRef", "PaymentMethod", named=False),
        Field(
            "PaymentType",
            "enum",
            choices=("Cash", "Check", "CreditCard"),
            required=True,
        ),
        Field("PaymentRefNum", maximum=21, filterable=False),
        Field("EntityRef", "raw", filterable=False),
        Field("RemitToAddr", "address", filterable=False),
        Field("Credit", "boolean", filterable=False, sticky=True),
        computed("TotalAmt"),
        Field(
            "PrintStatus",
            "enum",
            choices=("NotSet", "NeedToPrint", "PrintComplete"),
            filterable=False,
            sticky=True,
        ),
        computed("PurchaseEx", "raw", filterable=False),
        GROUP,
        Field("DocNumber", maximum=21),
        Field("TxnDate", "date"),
        Field("CurrencyRef", "raw", filterable=False),
        Field("PrivateNote", maximum=4000, filterable=False),
        computed("LinkedTxn", "raw", filterable=False),
        Field("Line", "lines", required=True, filterable=False),
        *TAIL,
        *ignored("CheckPayment", "TxnNum", "Memo", "PurchaseOrderRef", "TxnStatus"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """The account must suit the payment type; only a card gives money back."""
        kind = draft["PaymentType"]
        paying_account(books, draft["AccountRef"]["value"], kind)
        self._party(books, draft, previous)
        if kind == "CreditCard":
            draft.setdefault("Credit", False)
        elif draft.pop("Credit", False):
            raise faults.business("A refund is possible on a credit card account only.")
        if kind == "Check":
            draft.setdefault("PrintStatus", "NotSet")
        else:
            draft.pop("PrintStatus", None)
        super().prepare(books, draft, previous)
        draft["PurchaseEx"] = _type_of(kind, credit=bool(draft.get("Credit")))
        links = books.payments_of("Purchase", draft.get("Id", ""))
        if links and self.open_amount(books, draft) < 0:
            raise faults.business("The amount is less than what has already been applied to it.")
        draft["LinkedTxn"] = links or None

    def _party(self, books: "Books", draft: Document, previous: Document | None) -> None:
        if not draft.get("EntityRef"):
            return
        draft["EntityRef"] = party(books, draft["EntityRef"])
        address = (books.find(draft["EntityRef"]["type"], draft["EntityRef"]["value"]) or {}).get(
            "BillAddr"
        )
        if draft["PaymentType"] == "Check" and address and previous is None:
            draft.setdefault("RemitToAddr", address)

    def party_kind(self, draft: Document) -> str:
        """The kind of name it is made out to, if any."""
        return str((draft.get("EntityRef") or {}).get("type", ""))

    def direction_of(self, document: Document) -> int:
        """A refund on a card is a purchase backwards."""
        return -1 if document.get("Credit") else 1

    def settle(self, books: "Books", document: Document, previous: Document | None) -> None:
        """Credit the account the money left; a refund of a customer moves their balance."""
        against = document["AccountRef"]["value"]
        replace_rows(books, "Purchase", document, self.rows(books, document, against))
        for each in (document, previous or {}):
            self.settle_links(books, each)

    def settle_links(self, books: "Books", document: Document) -> None:
        """The customer a refund was paid to owes that much more until a credit meets it."""
        if self.party_kind(document) == "Customer":
            books.refresh_customer(document["EntityRef"]["value"])

    def open_amount(self, books: "Books", document: Document) -> int:
        """What of its lines to accounts receivable no payment has laid on a credit yet."""
        receivable = books.receivable()
        paid_out = sum(
            cents(line["Amount"])
            for line in expense_lines(document)
            if detail_of(line).get("AccountRef", {}).get("value") == receivable
        )
        laid = books.applied_to("Purchase", document.get("Id", ""))
        return self.direction_of(document) * paid_out - laid

    def void(self, books: "Books", document: Document) -> None:
        """What a payment laid on a credit is not voided."""
        if document.get("LinkedTxn"):
            raise faults.settled()
        super().void(books, document)

    def before_delete(self, books: "Books", document: Document) -> None:
        """A refund that a payment laid on a credit stays."""
        if document.get("LinkedTxn"):
            raise faults.linked()

    def after_delete(self, books: "Books", document: Document) -> None:
        """The customer's balance without it."""
        self.settle_links(books, document)


def _type_of(kind: str, *, credit: bool) -> Document:
    """The blob that tells the kinds of expense apart, as recorded."""
    number = "3" if kind == "Check" else "11" if credit else "54"
    return {
        "any": [
            {
                "name": "{http://schema.intuit.com/finance/v3}NameValue",
                "declaredType": "com.intuit.schema.finance.v3.NameValue",
                "scope": "javax.xml.bind.JAXBElement$GlobalScope",
                "value": {"Name": "TxnType", "Value": number},
                "nil": False,
                "globalScope": True,
                "typeSubstituted": False,
            }
        ]
    }
