"""Payments received and what they are laid on (field guide 9.4)."""

from typing import TYPE_CHECKING

from simulators.quickbooks import faults
from simulators.quickbooks.applications import charged, credited
from simulators.quickbooks.entities.fields import (
    GROUP,
    Document,
    Entity,
    Field,
    computed,
    ignored,
    reference,
)
from simulators.quickbooks.entries import touched
from simulators.quickbooks.posting import Row, replace_rows
from simulators.quickbooks.serialise import amount_text, cents, money

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

REFUNDS = ("Expense", "Check", "CreditCardCredit")
LINKABLE = ("Invoice", "CreditMemo", "JournalEntry", *REFUNDS)


class Payment(Entity):
    """Money received, laid on any number of invoices, or on what was paid back of it."""

    name = "Payment"
    family = "transactions"
    is_transaction = True
    can_void = True
    fields = (
        reference("CustomerRef", "Customer", required=True),
        reference("DepositToAccountRef", "Account", named=False),
        reference("PaymentMethodRef", "PaymentMethod", named=False),
        Field("PaymentRefNum", maximum=21),
        Field("TotalAmt", "money", required=True),
        computed("UnappliedAmt", filterable=False),
        Field("ProcessPayment", "boolean", filterable=False, sticky=True),
        GROUP,
        Field("TxnDate", "date"),
        Field("CurrencyRef", "raw", filterable=False),
        Field("ExchangeRate", "number", filterable=False),
        Field("PrivateNote", maximum=4000, filterable=False),
        computed("LinkedTxn", "raw", filterable=False),
        Field("Line", "lines", filterable=False),
        reference("ARAccountRef", "Account"),
        *ignored("CreditCardPayment", "TransactionLocationType", "TxnSource", "TaxExemptionRef"),
        *ignored("PaymentType", "CheckPayment", "TxnStatus", "RemitToRef", "AROrgRef", "DocNumber"),
        *ignored("HomeTotalAmt", "Tag", "ProcessPaymentDetail", "PaymentEx"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Every link must fit its invoice, and together they must fit the total."""
        books.refuse_closed(draft, previous)
        if previous and books.deposit_of(previous["Id"]):
            raise faults.deposited()
        draft.setdefault("TxnDate", books.today())
        draft["CurrencyRef"] = books.currency()
        draft.setdefault("ProcessPayment", False)
        total = cents(draft["TotalAmt"])
        if total < 0:
            raise faults.business("The amount of a payment must not be negative.")
        draft["TotalAmt"] = money(total)
        if total:
            draft.setdefault("DepositToAccountRef", {"value": books.undeposited()})
        draft["Line"] = [
            self._line(books, line, draft, previous) for line in draft.get("Line") or []
        ]
        used, paid = credited(draft["Line"]), charged(draft["Line"])
        if used > paid:
            raise faults.business("You cannot use more credit than there is to pay with it.")
        applied = paid - used
        if applied > total:
            raise faults.business("You cannot apply more than the amount of the payment.")
        draft["UnappliedAmt"] = money(total - applied)
        deposit = books.deposit_of(draft.get("Id", ""))
        if deposit:
            draft["LinkedTxn"] = [{"TxnId": deposit, "TxnType": "Deposit"}]
        else:
            draft.pop("LinkedTxn", None)

    def _line(
        self, books: "Books", line: Document, draft: Document, previous: Document | None
    ) -> Document:
        links = line.get("LinkedTxn") or []
        if not links or line.get("Amount") is None:
            raise faults.Fault(faults.missing("Line.LinkedTxn" if not links else "Line.Amount"))
        kind, identifier = str(links[0].get("TxnType", "")), str(links[0].get("TxnId", ""))
        amount = cents(line["Amount"])
        if kind not in LINKABLE:
            raise faults.unlinkable(f"A {kind} cannot be linked to a payment in the simulator yet.")
        stored = "Purchase" if kind in REFUNDS else kind
        target = books.find(stored, identifier)
        if target is None:
            raise faults.unlinkable(f"The transaction {identifier} was not found.")
        if not books.same_payer(_owner(books, target), draft["CustomerRef"]["value"]):
            raise faults.unlinkable("The transaction belongs to another customer.")
        own = books.own_link("Payment", (previous or {}).get("Id", ""), stored, identifier)
        open_amount = books.open_of(stored, target) + own
        if amount <= 0 or amount > open_amount:
            raise faults.business("The amount applied is more than the open balance.")
        return {
            "Amount": money(amount),
            "LinkedTxn": [{"TxnId": identifier, "TxnType": kind}],
            "LineEx": line_extras(identifier, open_amount, target.get("DocNumber")),
        }

    def settle(self, books: "Books", document: Document, previous: Document | None) -> None:
        """Debit where the money went, credit receivables; move the invoices."""
        total = cents(document["TotalAmt"])
        rows = []
        if total:
            account = document["DepositToAccountRef"]["value"]
            rows = [Row(account, total, memo="Payment"), Row(books.receivable(), -total)]
        replace_rows(books, "Payment", document, rows)
        books.relink("Payment", document["Id"], document["Line"])
        books.refresh_customer(document["CustomerRef"]["value"])
        if previous and previous["CustomerRef"]["value"] != document["CustomerRef"]["value"]:
            books.refresh_customer(previous["CustomerRef"]["value"])

    def void(self, books: "Books", document: Document) -> None:
        """Nothing received, nothing applied."""
        if books.deposit_of(document["Id"]):
            raise faults.deposited()
        note = document.get("PrivateNote", "")
        document["PrivateNote"] = f"Voided - {note}" if note else "Voided"
        document.update(TotalAmt=0, UnappliedAmt=0, Line=[])

    def before_delete(self, books: "Books", document: Document) -> None:
        """A deposited payment stays; any other lets go of its invoices."""
        if books.deposit_of(document["Id"]):
            raise faults.deposited()


def _owner(books: "Books", target: Document) -> str:
    """Whose a charge or credit is."""
    reference = target.get("CustomerRef") or target.get("EntityRef")
    if reference:
        return str(reference.get("value", ""))
    return min(touched(books, target)["Customer"], default="")


def line_extras(identifier: str, open_amount: int, number: str | None) -> Document:
    """The name and value blobs that reading a payment line gives."""
    pairs = {"txnId": identifier, "txnOpenBalance": amount_text(open_amount)}
    if number:
        pairs["txnReferenceNumber"] = number
    return {
        "any": [
            {
                "name": "{http://schema.intuit.com/finance/v3}NameValue",
                "declaredType": "com.intuit.schema.finance.v3.NameValue",
                "scope": "javax.xml.bind.JAXBElement$GlobalScope",
                "value": {"Name": name, "Value": value},
                "nil": False,
                "globalScope": True,
                "typeSubstituted": False,
            }
            for name, value in pairs.items()
        ]
    }
