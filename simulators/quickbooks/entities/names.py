"""Customers and vendors, which share one list of unique names (field guide 9.1)."""

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
from simulators.quickbooks.faults import Error, Fault, duplicate_name, malformed, rule

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

NAME_LISTS = ("Customer", "Vendor", "Employee")
PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
DELETED = " (deleted)"
DEEPEST = 5
UNMASKED = 5

PERSON = (
    Field("Title", maximum=16),
    Field("GivenName", maximum=100),
    Field("MiddleName", maximum=100),
    Field("FamilyName", maximum=100),
    Field("Suffix", maximum=16),
)
CONTACT = (
    Field("PrimaryPhone", "phone", filterable=False),
    Field("AlternatePhone", "phone", filterable=False),
    Field("Mobile", "phone", filterable=False),
    Field("Fax", "phone", filterable=False),
)


def full_name(draft: Document) -> str:
    """The name parts in a row."""
    return " ".join(str(draft[part]) for part in PARTS if draft.get(part)).strip()


class Named(Entity):
    """What customers and vendors have in common."""

    family = "names"
    name_field = "DisplayName"
    words = "Names"

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Names are built, checked for characters and for uniqueness over all three lists."""
        name = str(draft.get("DisplayName") or full_name(draft)).strip()
        if not name:
            raise rule("6080", "A name must be provided", "No name was given for this name list")
        if ":" in name or "\t" in name or "\n" in name:
            detail = "DisplayName must not contain a colon, tab or new line"
            raise Fault(Error("Invalid String", detail, "2040", "DisplayName"))
        draft["DisplayName"] = self._inactive_name(name, draft)
        if previous is None or previous["DisplayName"].lower() != draft["DisplayName"].lower():
            self._unique(books, draft)
        if not draft.get("PrintOnCheckName"):
            draft["PrintOnCheckName"] = self.check_name(draft)
        draft.setdefault("Active", True)
        draft.setdefault("CurrencyRef", books.currency())

    def check_name(self, draft: Document) -> str:
        """What a cheque would say."""
        fallback = draft["DisplayName"].removesuffix(DELETED)
        return str(draft.get("CompanyName") or full_name(draft) or fallback)

    def _inactive_name(self, name: str, draft: Document) -> str:
        if draft.get("Active") is False and not name.endswith(DELETED):
            return name + DELETED
        return name

    def _unique(self, books: "Books", draft: Document) -> None:
        for other in NAME_LISTS:
            row = books.by_name(other, draft["DisplayName"])
            if row and not (other == self.name and row["id"] == draft.get("Id")):
                tail = (
                    "Another customer, vendor or employee is already using this name. "
                    "Please use a different name."
                )
                raise duplicate_name(tail)


class Customer(Named):
    """A customer or, with a parent, one of its jobs."""

    name = "Customer"
    list_label = "customer"
    hidden_after_write = ("V4IDPseudonym", "ClientEntityId")
    hidden_on_read = ("ClientEntityId",)
    fields = (
        Field("Taxable", "boolean", filterable=False, sticky=True),
        Field("BillAddr", "address", filterable=False),
        Field("ShipAddr", "address", filterable=False),
        Field("Notes", maximum=2000, filterable=False),
        Field("Job", "boolean", sticky=True),
        Field("BillWithParent", "boolean", sticky=True),
        reference("ParentRef", "Customer", named=False),
        computed("Level", "number"),
        reference("SalesTermRef", "Term"),
        reference("PaymentMethodRef", "PaymentMethod"),
        computed("Balance"),
        computed("BalanceWithJobs", filterable=False),
        Field("CurrencyRef", "raw", filterable=False, sticky=True),
        Field(
            "PreferredDeliveryMethod",
            "enum",
            choices=("Print", "Email", "None"),
            filterable=False,
            sticky=True,
        ),
        Field("ResaleNum", maximum=16, filterable=False),
        computed("IsProject", "boolean", filterable=False),
        computed("ClientEntityId", "text", filterable=False),
        GROUP,
        *PERSON,
        computed("FullyQualifiedName", "text"),
        Field("CompanyName", maximum=100),
        Field("DisplayName", maximum=500, sticky=True),
        Field("PrintOnCheckName", maximum=110, sticky=True),
        Field("Active", "boolean", sticky=True),
        computed("V4IDPseudonym", "text", filterable=False),
        *CONTACT,
        Field("PrimaryEmailAddr", "email"),
        Field("WebAddr", "web", filterable=False),
        Field("DefaultTaxCodeRef", "raw", filterable=False, sticky=True),
        *ignored("OpenBalanceDate", "PrimaryTaxIdentifier", "TaxExemptionReasonId", "CustomField"),
        *ignored("CustomerTypeRef", "ARAccountRef", "BusinessNumber", "GSTIN", "Organization"),
        *ignored("AcctNum", "Source", "TaxRegime", "GSTRegistrationType", "OtherAddr", "Gender"),
        *ignored("OtherContactInfo", "JobInfo", "TotalRevenue", "TotalExpense", "CreditLimit"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Defaults of a new customer and the place in the tree of jobs."""
        super().prepare(books, draft, previous)
        for field, value in (("Taxable", True), ("Job", False), ("BillWithParent", False)):
            draft.setdefault(field, value)
        draft.setdefault("PreferredDeliveryMethod", "Print")
        draft.update(IsProject=False, ClientEntityId="0")
        before = previous or {}
        draft["V4IDPseudonym"] = before.get("V4IDPseudonym") or books.pseudonym(draft)
        draft["Balance"] = before.get("Balance", 0)
        draft["BalanceWithJobs"] = before.get("BalanceWithJobs", 0)
        if draft["Taxable"]:
            draft.setdefault("DefaultTaxCodeRef", {"value": books.default_tax_code()})
        self._place(books, draft)

    def _place(self, books: "Books", draft: Document) -> None:
        parent_ref = draft.get("ParentRef")
        if not parent_ref:
            draft["FullyQualifiedName"] = draft["DisplayName"]
            draft.pop("Level", None)
            return
        parent = books.get("Customer", parent_ref["value"])
        draft["Job"] = True
        draft["Level"] = int(parent.get("Level", 0)) + 1
        if draft["Level"] >= DEEPEST:
            raise rule("6180", "Level exceeded", "Only 5 levels of sub-customers are allowed")
        draft["FullyQualifiedName"] = f"{parent['FullyQualifiedName']}:{draft['DisplayName']}"


class Vendor(Named):
    """A supplier."""

    name = "Vendor"
    list_label = "vendor"
    fields = (
        Field("BillAddr", "address", filterable=False),
        reference("TermRef", "Term", named=False),
        computed("Balance"),
        Field("AcctNum", maximum=100, filterable=False),
        Field("BillRate", "number", filterable=False, sticky=True),
        Field("Vendor1099", "boolean", filterable=False, sticky=True),
        Field("TaxIdentifier", maximum=20, filterable=False, sticky=True),
        Field("BusinessNumber", maximum=10, filterable=False, sticky=True),
        Field("CurrencyRef", "raw", filterable=False, sticky=True),
        Field("CostRate", "number", filterable=False, sticky=True),
        reference("APAccountRef", "Account"),
        GROUP,
        *PERSON,
        Field("CompanyName", maximum=100),
        Field("DisplayName", maximum=500, sticky=True),
        Field("PrintOnCheckName", maximum=110, sticky=True),
        Field("Active", "boolean", sticky=True),
        computed("V4IDPseudonym", "text", filterable=False),
        *CONTACT,
        Field("PrimaryEmailAddr", "email", filterable=False),
        Field("WebAddr", "web", filterable=False),
        *ignored("Notes", "ShipAddr", "OtherContactInfo", "Organization", "GSTIN", "Source"),
        *ignored("T4AEligible", "T5018Eligible", "HasTPAR", "TaxReportingBasis"),
        *ignored("VendorPaymentBankDetail", "OpenBalanceDate", "VendorEx", "CreditLimit"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Defaults of a new vendor."""
        super().prepare(books, draft, previous)
        for field, value in (("BillRate", 0), ("CostRate", 0), ("Vendor1099", False)):
            draft.setdefault(field, value)
        draft["Balance"] = (previous or {}).get("Balance", 0)
        draft["V4IDPseudonym"] = (previous or {}).get("V4IDPseudonym") or books.pseudonym(draft)

    def overlay(self, books: "Books", documents: list[Document]) -> None:
        """Answers show the last five characters of a tax number only."""
        for document in documents:
            number = document.get("TaxIdentifier")
            if number:
                document["TaxIdentifier"] = "X" * (len(number) - UNMASKED) + number[-UNMASKED:]


class Employee(Named):
    """Somebody on the payroll; here only to hold a name."""

    name = "Employee"
    list_label = "employee"
    fields = (
        Field("BillableTime", "boolean", filterable=False, sticky=True),
        Field("PrimaryAddr", "address", filterable=False),
        GROUP,
        *PERSON,
        Field("DisplayName", maximum=500, sticky=True),
        Field("PrintOnCheckName", maximum=110, sticky=True),
        Field("Active", "boolean", sticky=True),
        computed("V4IDPseudonym", "text", filterable=False),
        *CONTACT,
        Field("PrimaryEmailAddr", "email", filterable=False),
        Field("BirthDate", "date", filterable=False),
        Field("HiredDate", "date", filterable=False),
        *ignored("SSN", "ReleasedDate", "EmployeeNumber", "Gender"),
        *ignored("BillRate", "CostRate", "Organization", "Notes", "CurrencyRef", "WebAddr"),
    )

    def prepare(self, books: "Books", draft: Document, previous: Document | None) -> None:
        """Defaults of a new employee."""
        super().prepare(books, draft, previous)
        draft.pop("CurrencyRef", None)
        draft.setdefault("BillableTime", False)


def check_email(value: Document, name: str) -> Error | None:
    """2210 for an address that cannot be one."""
    address = str(value.get("Address", ""))
    parts = [part.strip() for part in address.split(",")]
    if address and not all("@" in part and " " not in part for part in parts):
        return malformed("2210", "email format", name, address)
    return None
