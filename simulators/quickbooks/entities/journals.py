"""Journal entries (field guide 9.8): debits and credits written by hand."""

from typing import TYPE_CHECKING

from simulators.quickbooks import faults
from simulators.quickbooks.applications import refuse_stranger
from simulators.quickbooks.entities.fields import (
    GROUP,
    Document,
    Field,
    computed,
    ignored,
)
from simulators.quickbooks.entities.lines import Lined
from simulators.quickbooks.entries import JOURNAL_LINE, check_name, controlling, signed, touched
from simulators.quickbooks.payables import refresh_vendor
from simulators.quickbooks.posting import Row, replace_rows
from simulators.quickbooks.serialise import cents, money

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

SIDES = ("Debit", "Credit")
ORDER = ("PostingType", "Entity", "AccountRef", "ClassRef", "DepartmentRef")


class JournalEntry(Lined):
    """An entry that balances by itself."""

    name = "JournalEntry"
    counts_total = True
    fields = (
        Field("Adjustment", "boolean", filterable=False, sticky=True),
        computed("TotalAmt"),
        GROUP,
        Field("DocNumber", maximum=21),
        Field("TxnDate", "date"),
        Field("CurrencyRef", "raw", filterable=False),
        Field("PrivateNote", maximum=4000, filterable=False),
        computed("LinkedTxn", "raw", filterable=False),
        Field("Line", "lines", required=True, filterable=False),
        computed("TxnTaxDetail", "raw", filterable=False),
        *ignored("ExchangeRate", "GlobalTaxCalculation", "HomeTotalAmt", "RecurDataRef"),
        *ignored("TaxRateRef", "TransactionLocationType", "TxnSource", "HomeCurrencyAdjustment"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Every line has a side and an account; both sides are equal (2300)."""
        books.refuse_closed(draft, previous)
        draft.setdefault("TxnDate", books.today())
        draft.setdefault("Adjustment", False)
        draft.update(CurrencyRef=books.currency(), TotalAmt=0, TxnTaxDetail={})
        draft["Line"] = [self._line(books, line, place) for place, line in enumerate(draft["Line"])]
        controlled = [line for line in draft["Line"] if controlling(books, line)]
        if len(controlled) > 1:
            detail = "You can have only one A/R or A/P line in each journal entry."
            raise faults.business(detail)
        if sum(map(signed, draft["Line"])) != 0:
            detail = "Please balance debits and credits."
            raise faults.rule("2300", "Debits and credits do not balance", detail)
        self._number(books, draft)
        self._keep_links(books, draft)
        draft["LinkedTxn"] = books.payments_of(self.name, draft.get("Id", "")) or None

    def _line(self, books: "Books", line: Document, place: int) -> Document:
        detail = dict(line.get(JOURNAL_LINE) or {})
        if detail.get("PostingType") not in SIDES:
            wrong = faults.malformed("2260", "PostingType", "PostingType", detail["PostingType"])
            raise faults.Fault(wrong)
        if cents(line.get("Amount") or 0) < 0:
            raise faults.rule("2290", "Negative amount", "An amount must not be negative.")
        if cents(detail.get("TaxAmount") or 0):
            raise faults.business("Tax on a journal entry is not kept by the simulator.")
        account = books.get("Account", str(detail["AccountRef"].get("value", "")))
        detail["AccountRef"] = {"value": account["Id"], "name": account["FullyQualifiedName"]}
        kind, name = check_name(books, {"DetailType": JOURNAL_LINE, JOURNAL_LINE: detail})
        detail["Entity"] = {"Type": kind, "EntityRef": name} if name else None
        text = {"Description": line["Description"]} if line.get("Description") else {}
        return {
            "Id": str(place),
            **text,
            "Amount": money(cents(line.get("Amount") or 0)),
            "DetailType": JOURNAL_LINE,
            JOURNAL_LINE: {key: detail[key] for key in ORDER if detail.get(key)},
            "CustomExtensions": [],
        }

    def _keep_links(self, books: "Books", draft: Document) -> None:
        """What a payment was laid on stays: the customer, and at least that amount."""
        identifier = draft.get("Id", "")
        if not books.links_to(self.name, identifier):
            return
        if self.open_amount(books, draft) < 0:
            raise faults.business("The amount is less than what has already been applied.")
        owner = min(touched(books, draft)["Customer"])
        refuse_stranger(books, self.name, identifier, owner)

    def _number(self, books: "Books", draft: Document) -> None:
        number = draft.get("DocNumber")
        if not number or books.allow_duplicate_numbers:
            return
        row = books.by_number(self.name, number)
        warns = books.facts.get("journal_numbers", False)
        if warns and row and row["id"] != draft.get("Id"):
            raise faults.duplicate_number(number, self.name, row["id"])

    def settle(self, books: "Books", document: Document, previous: Document | None) -> None:
        """Post each line as it stands."""
        rows = [
            Row(
                line[JOURNAL_LINE]["AccountRef"]["value"],
                signed(line),
                memo=line.get("Description", ""),
            )
            for line in document["Line"]
        ]
        replace_rows(books, self.name, document, rows)
        self._refresh(books, document, previous or {})

    def before_delete(self, books: "Books", document: Document) -> None:
        """An entry with payments on it is not deleted through the API."""
        if books.links_to(self.name, document["Id"]):
            raise faults.linked()

    def after_delete(self, books: "Books", document: Document) -> None:
        """The balances without it."""
        self._refresh(books, document)

    def _refresh(self, books: "Books", *documents: Document) -> None:
        names = touched(books, *documents)
        for customer in sorted(names["Customer"]):
            books.refresh_customer(customer)
        for vendor in sorted(names["Vendor"]):
            refresh_vendor(books, vendor)

    def settle_links(self, books: "Books", document: Document) -> None:
        """A payment on it moves the balance of the customer it names."""
        self._refresh(books, document)

    def open_amount(self, books: "Books", document: Document) -> int:
        """What of its debit to receivables no payment has been laid on yet."""
        owed = sum(
            signed(line) for line in document["Line"] if controlling(books, line) == "Customer"
        )
        return owed - books.applied_to(self.name, document.get("Id", ""))
