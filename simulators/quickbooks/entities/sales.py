"""Invoices (field guide 9.3); the other sales documents will share their lines and postings."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from simulators.quickbooks import faults
from simulators.quickbooks.applications import refuse_stranger, trim_payments
from simulators.quickbooks.entities.fields import (
    GROUP,
    Document,
    Field,
    computed,
    ignored,
    reference,
)
from simulators.quickbooks.entities.lines import Lined
from simulators.quickbooks.posting import Row, replace_rows
from simulators.quickbooks.serialise import cents, decimal, money, plain, spaced
from simulators.quickbooks.taxes import (
    SALES_LINE,
    CodeTax,
    apply_tax,
    discount_lines,
    refuse_tax_without,
    sales_lines,
    tax_after_discount,
)

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

DETAIL_ORDER = (
    "TaxInclusiveAmt",
    "DiscountAmt",
    "DiscountRate",
    "ServiceDate",
    "ItemRef",
    "ClassRef",
    "UnitPrice",
    "MarkupInfo",
    "Qty",
    "ItemAccountRef",
    "TaxCodeRef",
)
DEFAULT_DAYS = 30


class Sale(Lined):
    """What every document with sales lines has in common."""

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Lines, tax, totals."""
        books.refuse_closed(draft, previous)
        draft["CurrencyRef"] = books.currency()
        if previous is not None and "Line" not in draft:
            draft["Line"] = []
        self._lines(books, draft, previous)
        refuse_tax_without(books, draft, previous)
        groups = apply_tax(books, draft)
        self._close_lines(books, draft)
        tax_after_discount(books, draft, groups)
        self._totals(draft, groups)

    def _lines(self, books: "Books", draft: Document, previous: Document | None) -> None:
        lines = [
            line
            for line in draft.get("Line", [])
            if line.get("DetailType") not in ("SubTotalLineDetail", None)
        ]
        if not [line for line in lines if line["DetailType"] == SALES_LINE]:
            raise faults.Fault(faults.missing("Line"))
        taken = {line["Id"] for line in (previous or {}).get("Line", []) if "Id" in line}
        draft["Line"] = [self._line(books, line, previous) for line in lines]
        self.number_lines(draft, taken)

    def _line(self, books: "Books", line: Document, previous: Document | None) -> Document:
        if line["DetailType"] != SALES_LINE:
            return dict(line)
        detail = dict(line.get(SALES_LINE) or {})
        item = books.sales_item(detail.get("ItemRef"))
        before = self.detail_before(line, previous)
        detail["ItemRef"] = {"value": item["Id"], "name": item["FullyQualifiedName"]}
        same_item = before.get("ItemRef", {}).get("value") == item["Id"]
        snapshot = before.get("ItemAccountRef") if same_item else None
        detail["ItemAccountRef"] = snapshot or item.get("IncomeAccountRef")
        if detail.get("TaxCodeRef"):
            detail["TaxCodeRef"] = {"value": str(detail["TaxCodeRef"].get("value", ""))}
        amount = self.amount_of(line, detail)
        fresh = {key: line[key] for key in ("Id", "Description") if line.get(key)}
        ordered = {key: detail[key] for key in DETAIL_ORDER if detail.get(key) is not None}
        return {
            **fresh,
            "Amount": money(amount),
            "DetailType": SALES_LINE,
            SALES_LINE: ordered,
            "CustomExtensions": [],
        }

    def _close_lines(self, books: "Books", draft: Document) -> None:
        """Append the subtotal, then any discount, as the server does."""
        net = sum(cents(line["Amount"]) for line in sales_lines(draft))
        kept = [line for line in draft["Line"] if line["DetailType"] != "DiscountLineDetail"]
        kept.append(
            {"Amount": money(net), "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
        )
        kept.extend(self._discount(books, line, net) for line in discount_lines(draft))
        draft["Line"] = kept

    def _discount(self, books: "Books", line: Document, net: int) -> Document:
        detail = dict(line.get("DiscountLineDetail") or {})
        percent = detail.get("DiscountPercent")
        if detail.get("PercentBased") and percent is not None:
            amount = cents(Decimal(net) / 100 * decimal(percent) / 100)
            detail["DiscountPercent"] = plain(percent)
        elif line.get("Amount") is not None:
            amount = cents(line["Amount"])
        else:
            message = "Discount line needs an amount or a percentage"
            raise faults.rule("6090", message, message)
        account = detail.get("DiscountAccountRef", {}).get("value") or books.discount_account()
        document = books.get("Account", account)
        detail["DiscountAccountRef"] = {"value": account, "name": document["FullyQualifiedName"]}
        return {
            "Amount": money(amount),
            "DetailType": "DiscountLineDetail",
            "DiscountLineDetail": detail,
        }

    def _totals(self, draft: Document, groups: list[CodeTax]) -> None:
        net = sum(cents(line["Amount"]) for line in sales_lines(draft))
        off = sum(cents(line["Amount"]) for line in discount_lines(draft))
        total = net - off + sum(group.tax for group in groups)
        if total < 0:
            raise faults.business("The amount of the transaction must not be negative.")
        draft["TotalAmt"] = money(total)

    def rows(self, books: "Books", document: Document, against: str) -> list[Row]:
        """Debit one account with the total; credit income by line and tax by code."""
        memo = f"{spaced(self.name)} {document.get('DocNumber', '')}".strip()
        rows = [Row(against, cents(document["TotalAmt"]), memo=memo)]
        for line in document["Line"]:
            amount = cents(line.get("Amount", 0))
            detail = line.get(line["DetailType"], {})
            if line["DetailType"] == SALES_LINE:
                account = detail["ItemAccountRef"]["value"]
                code = detail.get("TaxCodeRef", {}).get("value")
                rows.append(Row(account, -amount, code, line.get("Description", "")))
            elif line["DetailType"] == "DiscountLineDetail":
                rows.append(Row(detail["DiscountAccountRef"]["value"], amount, memo="Discount"))
        return rows + self._tax_rows(books, document)

    def _tax_rows(self, books: "Books", document: Document) -> list[Row]:
        rows = []
        for line in document.get("TxnTaxDetail", {}).get("TaxLine", []):
            rate = line["TaxLineDetail"]["TaxRateRef"]["value"]
            account = books.tax_account(rate)
            rows.append(Row(account, -cents(line["Amount"]), books.code_of_rate(rate), "Tax"))
        return rows


class SalesForm(Sale):
    """A sale on a numbered form with the addresses and custom fields of forms."""

    keeps_on_full_update = ("DocNumber",)

    def _defaults(
        self, books: "Books", draft: Document, customer: Document, previous: Document | None
    ) -> None:
        for name in ("AllowIPNPayment", "AllowOnlinePayment"):
            draft[name] = False
        usual: Document = {
            "AllowOnlineCreditCardPayment": False,
            "AllowOnlineACHPayment": False,
            "BillAddr": customer.get("BillAddr"),
            "ShipAddr": customer.get("ShipAddr"),
            "BillEmail": customer.get("PrimaryEmailAddr"),
            "SalesTermRef": customer.get("SalesTermRef"),
            "ApplyTaxAfterDiscount": False if books.is_us else None,
            "PrintStatus": "NeedToPrint",
            "EmailStatus": "NotSet",
        }
        for name, value in usual.items():
            if value is not None:
                draft.setdefault(name, value)
        draft.update(FreeFormAddress=True, ShipFromAddr=books.ship_from())
        draft["CustomField"] = books.custom_fields(
            draft.get("CustomField"), (previous or {}).get("CustomField")
        )
        if draft["EmailStatus"] == "NeedToSend" and not draft.get("BillEmail"):
            message = "An email address is required because the delivery is by email"
            raise faults.rule("6420", message, message)

    def _number(self, books: "Books", draft: Document, previous: Document | None) -> None:
        if previous is None and not books.own_numbers:
            draft["DocNumber"] = books.next_document_number()
        number = draft.get("DocNumber")
        if not number or (previous or {}).get("DocNumber") == number:
            return
        row = books.by_number(self.name, number)
        if row and row["id"] != draft.get("Id") and not books.allow_duplicate_numbers:
            raise faults.duplicate_number(number, self.name, row["id"])


def empty(document: Document) -> None:
    """Take every amount out of a voided form."""
    note = document.get("PrivateNote", "")
    document["PrivateNote"] = f"Voided - {note}" if note else "Voided"
    for line in document["Line"]:
        line["Amount"] = 0
        detail = line.get(SALES_LINE, {})
        for key in ("Qty", "TaxInclusiveAmt"):
            if key in detail:
                detail[key] = 0
    document["TotalAmt"] = 0
    if "TxnTaxDetail" in document:
        document["TxnTaxDetail"] = {"TotalTax": 0}


class Invoice(SalesForm):
    """What a customer owes."""

    name = "Invoice"
    names_editor = True
    can_void = True
    counts_total = True
    fields = (
        Field("AllowIPNPayment", "boolean", filterable=False, sticky=True),
        Field("AllowOnlinePayment", "boolean", filterable=False, sticky=True),
        Field("AllowOnlineCreditCardPayment", "boolean", filterable=False, sticky=True),
        Field("AllowOnlineACHPayment", "boolean", filterable=False, sticky=True),
        GROUP,
        Field("CustomField", "raw", filterable=False),
        Field("DocNumber", maximum=21),
        Field("TxnDate", "date"),
        Field("CurrencyRef", "raw", filterable=False),
        Field("ExchangeRate", "number", filterable=False),
        Field("PrivateNote", maximum=4000, filterable=False),
        Field("LinkedTxn", "raw", filterable=False),
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
        Field("DueDate", "date"),
        Field("ShipDate", "date", filterable=False),
        Field("TrackingNum", maximum=31, filterable=False),
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
        *ignored("HomeTotalAmt", "HomeBalance", "TxnSource", "RecurringInfo", "callToAction"),
        *ignored("AutoDocNumber", "ECloudStatusTimeStamp", "TaxFormNum", "FOB", "InvoiceEx"),
        *ignored("DepositToAccountRef", "InvoiceLink", "PONumber", "PaymentMethodRef", "Deposit"),
        *ignored(
            "EInvoiceStatus", "RecurDataRef", "SalesRepRef", "invoiceStatusLog", "TaxFormType"
        ),
        *ignored("BillEmailBcc", "BillEmailCc", "LessCIS", "TxnStatus", "ConvenienceFeeDetail"),
        *ignored("DiscountRate", "DiscountAmt", "PaymentDetailsMessage", "TransactionLocationType"),
        *ignored("RemitToRef", "ShipMethodRef", "PaymentRefNum", "Tag", "TxnApprovalInfo"),
        *ignored("invoiceStatus", "GovtTxnRefIdentifier", "AROrgRef", "HeaderLite"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Defaults from customer and company, then lines, tax, total and balance."""
        customer = books.get("Customer", draft["CustomerRef"]["value"])
        draft.setdefault("TxnDate", books.today())
        self._defaults(books, draft, customer, previous)
        super().prepare(books, draft, previous)
        self._number(books, draft, previous)
        self._due(books, draft)
        refuse_stranger(books, self.name, draft.get("Id", ""), customer["Id"])
        applied = books.applied_to("Invoice", draft.get("Id", ""))
        draft["LinkedTxn"] = books.payments_of("Invoice", draft.get("Id", ""))
        draft["Balance"] = money(cents(draft["TotalAmt"]) - min(applied, cents(draft["TotalAmt"])))

    def _due(self, books: "Books", draft: Document) -> None:
        if draft.get("DueDate"):
            return
        days = DEFAULT_DAYS
        term = draft.get("SalesTermRef")
        if term:
            days = int(books.get("Term", term["value"]).get("DueDays", DEFAULT_DAYS))
        start = date.fromisoformat(draft["TxnDate"])
        draft["DueDate"] = (start + timedelta(days=days)).isoformat()

    def settle(self, books: "Books", document: Document, previous: Document | None) -> None:
        """Post to receivables, income and tax; move the customer's balance."""
        if previous is not None:
            trim_payments(books, document)
        replace_rows(books, "Invoice", document, self.rows(books, document, books.receivable()))
        books.refresh_customer(document["CustomerRef"]["value"])
        if previous and previous["CustomerRef"]["value"] != document["CustomerRef"]["value"]:
            books.refresh_customer(previous["CustomerRef"]["value"])

    def relinked(self, books: "Books", document: Document) -> None:
        """Payments show on the invoice and lower its balance."""
        applied = books.applied_to(self.name, document["Id"])
        document["LinkedTxn"] = books.payments_of(self.name, document["Id"])
        document["Balance"] = money(cents(document["TotalAmt"]) - applied)

    def settle_links(self, books: "Books", document: Document) -> None:
        """A payment moves the customer's balance."""
        books.refresh_customer(document["CustomerRef"]["value"])

    def void(self, books: "Books", document: Document) -> None:
        """Zero every amount, keep number, lines and items (field guide 3, Deletes)."""
        if document.get("LinkedTxn"):
            raise faults.settled()
        empty(document)
        document.update(Balance=0, LinkedTxn=[])

    def before_delete(self, books: "Books", document: Document) -> None:
        """An invoice with payments on it is not deleted through the API."""
        if document.get("LinkedTxn"):
            raise faults.linked()
