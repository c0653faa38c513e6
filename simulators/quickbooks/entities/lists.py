"""Accounts, items and the small lists (field guide 9.2, 9.9, 9.11)."""

from typing import TYPE_CHECKING

from simulators.quickbooks.entities.fields import (
    GROUP,
    Document,
    Entity,
    Field,
    computed,
    ignored,
    reference,
)
from simulators.quickbooks.entities.names import DELETED
from simulators.quickbooks.faults import Error, Fault, duplicate_name, malformed, missing, rule
from simulators.quickbooks.serialise import money, plain

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

ACCOUNT_TYPES = {
    "Bank": ("Asset", "CashOnHand"),
    "Accounts Receivable": ("Asset", "AccountsReceivable"),
    "Other Current Asset": ("Asset", "OtherCurrentAssets"),
    "Fixed Asset": ("Asset", "OtherFixedAssets"),
    "Other Asset": ("Asset", "OtherLongTermAssets"),
    "Accounts Payable": ("Liability", "AccountsPayable"),
    "Credit Card": ("Liability", "CreditCard"),
    "Other Current Liability": ("Liability", "OtherCurrentLiabilities"),
    "Long Term Liability": ("Liability", "OtherLongTermLiabilities"),
    "Equity": ("Equity", "OpeningBalanceEquity"),
    "Income": ("Revenue", "OtherPrimaryIncome"),
    "Other Income": ("Revenue", "OtherMiscellaneousIncome"),
    "Cost of Goods Sold": ("Expense", "SuppliesMaterialsCogs"),
    "Expense": ("Expense", "OtherMiscellaneousServiceCost"),
    "Other Expense": ("Expense", "OtherMiscellaneousExpense"),
}
BALANCE_SHEET = frozenset(("Asset", "Liability", "Equity"))


class Listed(Entity):
    """An entry of a list with a name of its own."""

    name_field = "Name"

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """The name is unique in its list; a deactivated one takes the suffix."""
        name = str(draft.get("Name", "")).strip()
        if not name:
            raise Fault(missing("Name"))
        inactive = draft.get("Active") is False
        if inactive and self.suffix_when_inactive and not name.endswith(DELETED):
            name += DELETED
        draft["Name"] = name
        draft.setdefault("Active", True)
        row = books.by_name(self.name, self.unique_name(books, draft))
        if row and row["id"] != draft.get("Id"):
            tail = (
                f"Another {self.list_label or self.name.lower()} is already using this name. "
                "Please use a different name."
            )
            raise duplicate_name(tail)

    def unique_name(self, books: "Books", draft: Document) -> str:
        """What must be unique, and what references to it show."""
        parent = draft.get("ParentRef")
        if parent:
            above = books.get(self.name, parent["value"])
            return f"{above.get('FullyQualifiedName', above['Name'])}:{draft['Name']}"
        return str(draft["Name"])


class Account(Listed):
    """One account of the chart."""

    name = "Account"
    family = "accounts"
    words = "Accounts"
    fields = (
        Field("Name", maximum=100, required=True, sticky=True),
        Field("SubAccount", "boolean", sticky=True),
        reference("ParentRef", "Account", named=False),
        Field("Description", maximum=100),
        computed("FullyQualifiedName", "text"),
        Field("Active", "boolean", sticky=True),
        Field("Classification", sticky=True, read_only=True),
        Field("AccountType", maximum=100, sticky=True),
        Field("AccountSubType", maximum=100, sticky=True),
        Field("AcctNum", maximum=20, filterable=False, sticky=True),
        computed("CurrentBalance"),
        computed("CurrentBalanceWithSubAccounts", filterable=False),
        Field("CurrencyRef", "raw", filterable=False, sticky=True),
        Field("TaxCodeRef", "raw", filterable=False),
        GROUP,
        *ignored("BankNum", "OpeningBalance", "OpeningBalanceDate", "TxnLocationType"),
        *ignored("AccountAlias", "OnlineBankingEnabled", "FIName", "JournalCodeRef"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """The type decides the class; one of type and subtype is needed (6010)."""
        super().prepare(books, draft, previous)
        name = draft["Name"]
        if ":" in name or '"' in name:
            raise Fault(
                Error("Invalid String", "Name must not contain : or a quote", "2040", "Name")
            )
        kind = draft.get("AccountType") or self._type_of(draft.get("AccountSubType"))
        if not kind:
            message = "Either AccountType or AccountSubType must be specified"
            raise rule("6010", message, message)
        if kind not in ACCOUNT_TYPES:
            raise Fault(malformed("2170", "Enumeration", "AccountType", kind))
        draft["AccountType"] = kind
        draft["Classification"], subtype = ACCOUNT_TYPES[kind]
        draft.setdefault("AccountSubType", subtype)
        draft["SubAccount"] = bool(draft.get("ParentRef"))
        draft["FullyQualifiedName"] = self.unique_name(books, draft)
        draft["CurrentBalance"] = draft["CurrentBalanceWithSubAccounts"] = 0
        draft.setdefault("CurrencyRef", books.currency())
        self._unique_number(books, draft)

    def _type_of(self, subtype: object) -> str:
        for kind, (_classification, default) in ACCOUNT_TYPES.items():
            if subtype == default:
                return kind
        return ""

    def _unique_number(self, books: "Books", draft: Document) -> None:
        number = draft.get("AcctNum")
        if not number:
            return
        row = books.by_number("Account", number)
        if row and row["id"] != draft.get("Id"):
            raise duplicate_name("Another account is already using this account number.")

    def overlay(self, books: "Books", documents: list[Document]) -> None:
        """Balances come from the journal; income and expense accounts show none."""
        balances = books.balances()
        children: dict[str, list[str]] = {}
        for row in books.live_rows("Account"):
            parent = row.get("ParentRef", {}).get("value", "")
            children.setdefault(parent, []).append(row["Id"])
        for document in documents:
            if not books.facts.get("account_numbers", True):
                document.pop("AcctNum", None)
            if document["Classification"] in BALANCE_SHEET:
                own = document["Id"]
                below = sum(balances.get(child, 0) for child in children.get(own, ()))
                document["CurrentBalance"] = money(balances.get(own, 0))
                document["CurrentBalanceWithSubAccounts"] = money(balances.get(own, 0) + below)


class Item(Listed):
    """Something that is sold; income follows it (field guide 11)."""

    name = "Item"
    family = "items"
    words = "Items"
    fields = (
        Field("Name", maximum=100, required=True, sticky=True),
        Field("Sku", maximum=100),
        Field("Description", maximum=4000, filterable=False),
        Field("Active", "boolean", sticky=True),
        Field("SubItem", "boolean", filterable=False),
        reference("ParentRef", "Item"),
        computed("Level", "number"),
        computed("FullyQualifiedName", "text"),
        Field("Taxable", "boolean", filterable=False, sticky=True),
        Field("SalesTaxIncluded", "boolean", filterable=False),
        Field("UnitPrice", "number", sticky=True),
        Field("Type", sticky=True),
        reference("IncomeAccountRef", "Account"),
        Field("PurchaseDesc", maximum=1000, filterable=False),
        Field("PurchaseTaxIncluded", "boolean", filterable=False),
        Field("PurchaseCost", "number", sticky=True),
        reference("ExpenseAccountRef", "Account"),
        reference("AssetAccountRef", "Account"),
        Field("TrackQtyOnHand", "boolean", filterable=False, sticky=True),
        Field("QtyOnHand", "number"),
        Field("SalesTaxCodeRef", "raw", filterable=False),
        Field("PurchaseTaxCodeRef", "raw", filterable=False),
        Field("InvStartDate", "date", filterable=False),
        Field("ReorderPoint", "number", filterable=False),
        computed("DeferredRevenue", "boolean", filterable=False),
        GROUP,
        *ignored("ClassRef", "PrefVendorRef", "ItemCategoryType", "TaxClassificationRef", "Source"),
        *ignored("AbatementRate", "ReverseChargeRate", "ServiceType", "UQCId", "UQCDisplayText"),
        *ignored(
            "ManPartNum", "PrintGroupedItems", "RatePercent", "SpecialItem", "ItemGroupDetail"
        ),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Defaults of a new item and the accounts its type needs."""
        super().prepare(books, draft, previous)
        if ":" in draft["Name"]:
            raise Fault(Error("Invalid String", "Name must not contain a colon", "2040", "Name"))
        draft.setdefault("Type", "Service" if draft.get("IncomeAccountRef") else "NonInventory")
        if draft["Type"] not in ("Service", "NonInventory", "Inventory", "Category", "Group"):
            raise Fault(malformed("2170", "Enumeration", "Type", draft["Type"]))
        for field, value in (("Taxable", False), ("TrackQtyOnHand", False)):
            draft.setdefault(field, value)
        for field in ("UnitPrice", "PurchaseCost"):
            draft[field] = plain(draft.get(field, 0))
        draft["DeferredRevenue"] = False
        draft["FullyQualifiedName"] = self.unique_name(books, draft)
        self._accounts(books, draft, previous)

    def _accounts(self, books: "Books", draft: Document, previous: Document | None) -> None:
        needed: tuple[str, ...] = ()
        if draft["Type"] == "Service" and previous is None:
            needed = ("IncomeAccountRef",)
        if draft["Type"] == "Inventory":
            needed = ("IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef", "InvStartDate")
        errors = [missing(name) for name in needed if not draft.get(name)]
        if errors:
            raise Fault(*errors)
        income = draft.get("IncomeAccountRef")
        if income:
            kind = books.get("Account", income["value"])["AccountType"]
            if kind not in ("Income", "Other Income"):
                detail = "The income account of an item must be an income account."
                raise rule("6430", "Invalid account type used", detail)


class Term(Listed):
    """When an invoice falls due."""

    name = "Term"
    family = "terms"
    words = "Terms"
    suffix_when_inactive = False
    fields = (
        Field("Name", maximum=31, required=True, sticky=True),
        Field("Active", "boolean", sticky=True),
        Field("Type", filterable=False, sticky=True),
        Field("DiscountPercent", "number", filterable=False),
        Field("DueDays", "number", filterable=False),
        Field("DiscountDays", "number", filterable=False),
        Field("DayOfMonthDue", "number", filterable=False),
        Field("DueNextMonthDays", "number", filterable=False),
        GROUP,
        *ignored("DiscountDayOfMonth"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """STANDARD counts days, DATE_DRIVEN names a day of the month."""
        super().prepare(books, draft, previous)
        draft["Type"] = "DATE_DRIVEN" if draft.get("DayOfMonthDue") else "STANDARD"
        if draft["Type"] == "STANDARD":
            draft.setdefault("DueDays", 0)


class PaymentMethod(Listed):
    """How somebody pays."""

    name = "PaymentMethod"
    family = "payment_methods"
    words = "Payment methods"
    suffix_when_inactive = False
    fields = (
        Field("Name", maximum=31, required=True, sticky=True),
        Field("Active", "boolean", sticky=True),
        Field("Type", "enum", choices=("CREDIT_CARD", "NON_CREDIT_CARD"), sticky=True),
        GROUP,
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Anything not said to be a card is none."""
        super().prepare(books, draft, previous)
        draft.setdefault("Type", "NON_CREDIT_CARD")


class TaxCode(Listed):
    """What a line names to be taxed; made by the seed, read by the API."""

    name = "TaxCode"
    family = "tax_codes"
    words = "Tax codes"
    can_create = False
    in_changes = False
    fields = (
        Field("Name", maximum=100),
        Field("Description", maximum=100),
        Field("Active", "boolean"),
        Field("Hidden", "boolean", filterable=False),
        Field("Taxable", "boolean", filterable=False),
        Field("TaxGroup", "boolean", filterable=False),
        Field("SalesTaxRateList", "raw", filterable=False),
        Field("PurchaseTaxRateList", "raw", filterable=False),
        Field("TaxCodeConfigType", filterable=False),
        GROUP,
    )


class TaxRate(Listed):
    """A percentage and the account it is owed to."""

    name = "TaxRate"
    family = "tax_rates"
    words = "Tax rates"
    can_create = False
    in_changes = False
    fields = (
        Field("Name", maximum=100),
        Field("Description", maximum=100),
        Field("Active", "boolean"),
        Field("RateValue", "number", filterable=False),
        Field("AgencyRef", "raw", filterable=False),
        Field("TaxReturnLineRef", "raw", filterable=False),
        Field("SpecialTaxType", filterable=False),
        Field("DisplayType", filterable=False),
        Field("EffectiveTaxRate", "raw", filterable=False),
        GROUP,
    )


class CompanyInfo(Entity):
    """The company itself; there is one, with Id 1."""

    name = "CompanyInfo"
    family = "company"
    fields = tuple(
        Field(name, "raw", filterable=False)
        for name in (
            "CompanyName",
            "LegalName",
            "CompanyAddr",
            "CustomerCommunicationAddr",
            "LegalAddr",
            "PrimaryPhone",
            "CompanyStartDate",
            "FiscalYearStartMonth",
            "Country",
            "Email",
            "WebAddr",
            "SupportedLanguages",
            "NameValue",
        )
    )
    can_create = False
    in_changes = False


class Preferences(Entity):
    """The switches of a company; there is one, with Id 1."""

    name = "Preferences"
    family = "company"
    fields = tuple(
        Field(name, "raw", filterable=False)
        for name in (
            "AccountingInfoPrefs",
            "ProductAndServicesPrefs",
            "SalesFormsPrefs",
            "EmailMessagesPrefs",
            "VendorAndPurchasesPrefs",
            "TimeTrackingPrefs",
            "TaxPrefs",
            "CurrencyPrefs",
            "ReportPrefs",
            "OtherPrefs",
        )
    )
    can_create = False
